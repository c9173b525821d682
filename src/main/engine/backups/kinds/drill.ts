/** The kind `drill`: reads a backup back, restores it into a server of this machine that is thrown away, and compares. */
import { statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { z } from 'zod'
import type { Backup } from '#shared/model/backup.ts'
import type { OperationPreview } from '#shared/model/operation.ts'
import type { Reason } from '#shared/model/reason.ts'
import {
  type AnyKind,
  type Kind,
  OperationFailed,
  type Step,
  type StepContext,
  type Subject,
} from '../../operations/kind.ts'
import { errorWords } from '../../reach/failed.ts'
import { BackupError } from '../backup-error.ts'
import type { CataloguedBackup } from '../catalogue.ts'
import type { Manifest } from '../manifest.ts'
import { isDatedAhead, isGood } from '../standing.ts'
import { viewOf } from '../view.ts'
import { type BackupKindsOptions, placeOf } from './kit.ts'
import { heedFault, verifyStep } from './verify-step.ts'
import { drillFailure, inWords, reasonWhy } from './words.ts'

const DrillOptions = z.strictObject({
  /** Left out: the newest good one that may be restored. */
  backup: z.string().max(200).optional(),
  /** It is read back, and not restored. */
  verifyOnly: z.boolean().optional(),
  /** It may be restored also where another console signed it: what stands in it is run as the superuser of the server that is thrown away. */
  another: z.boolean().optional(),
})
type DrillOptions = z.infer<typeof DrillOptions>

/** What it is restored with. */
const PROGRAMS = ['initdb', 'postgres', 'pg_restore', 'psql'] as const
/** A database takes several times of what its dump does. */
const GROWS = 4

export function createDrillKind(kit: BackupKindsOptions): AnyKind {
  const { backedUp } = kit
  /** Deployments of which one is restored at the moment. */
  const busy = new Set<string>()

  const kind: Kind<DrillOptions> = {
    ...{ kind: 'drill', options: DrillOptions, onFailure: 'stay' },
    effect: () => 'reads',
    // It works on this machine alone: no other console is in its way.
    lock: () => null,
    async settle({ options, profile }) {
      if (options.backup !== undefined) return options
      const all = await backedUp.catalogue.list(profile.name)
      // To read another console's does no harm.
      const mayBeAnothers = options.another === true || options.verifyOnly === true
      const newest = all.find(
        (one) => isTried(viewOf(one), kit.clock.now()) && (one.signedBy === 'this-console' || mayBeAnothers),
      )
      return newest === undefined ? options : { ...options, backup: newest.manifest.id }
    },
    preview: (subject) => previewDrill(kit, busy, subject),
    steps: ({ verifyOnly }) => {
      const verify = verifyStep<DrillOptions>(kit, ({ options }) => options.backup ?? null, {
        ...(verifyOnly !== true && { failed: (...of) => markFailed(kit, ...of) }),
      })
      return verifyOnly === true ? [verify] : [verify, drillStep(kit, busy)]
    },
  }
  return kind as AnyKind
}

/** What a clock that was ahead dated would be tried each time, in the place of what is made since. */
function isTried(backup: Backup, now: number): boolean {
  return isGood(backup) && !isDatedAhead(backup, now)
}

type Preview = Omit<OperationPreview, 'effect' | 'steps' | 'lastTookMs'>

async function previewDrill(
  { backedUp, tools }: BackupKindsOptions,
  busy: ReadonlySet<string>,
  { options, profile }: Subject<DrillOptions>,
): Promise<Preview> {
  const { name } = profile
  const nothing = { irreversible: [], services: [], databases: [], warnings: [], changes: [] }
  const connections = { needed: 0, free: null }
  const refused = (reason: Reason): Preview => ({ ...nothing, connections, refusals: [reason] })
  const backup = options.backup === undefined ? null : await backedUp.catalogue.get(options.backup)
  if (backup === null || backup.manifest.deployment !== name) {
    return refused(
      options.backup === undefined
        ? { code: 'no-good-backup', params: { name } }
        : { code: 'backup-gone', params: { id: options.backup } },
    )
  }
  const view = viewOf(backup)
  const databases = view.databases.map(({ name: database, plainBytes }) => ({
    ...{ name: database, bytes: plainBytes },
  }))
  const params = { id: view.id, place: backup.place, console: view.console }
  const read: Reason = { code: 'reads-back', params }
  if (options.verifyOnly === true) {
    return { ...nothing, connections, databases, changes: [read], refusals: [] }
  }
  const major = Math.floor(backup.manifest.server.version / 10_000)
  const refusals: Reason[] = []
  for (const program of PROGRAMS) {
    const why = await reasonWhy(() => tools.fitting(program, major))
    if (why !== null) refusals.push(why)
  }
  if (busy.has(name)) refusals.push({ code: 'drill-runs', params: { name } })
  const isForeign = backup.signedBy === 'another'
  if (isForeign && options.another !== true) refusals.push({ code: 'drill-another', params })
  const warnings: Reason[] =
    isForeign && options.another === true ? [{ code: 'drill-runs-another', params }] : []
  if (backup.manifest.foreign !== undefined) warnings.push({ code: 'drill-never-counts', params: {} })
  else if (backup.manifest.partial) warnings.push({ code: 'drill-of-a-part', params: {} })
  const room = await scratchRoom(databases.reduce((sum, { bytes }) => sum + bytes, 0))
  if (room !== null) warnings.push(room)
  const changes = [read, { code: 'restores-into-scratch', params: { ...params, directory: tmpdir() } }]
  return { ...nothing, connections, databases, changes, warnings, refusals }
}

async function scratchRoom(plainBytes: number): Promise<Reason | null> {
  const directory = tmpdir()
  const { bavail, bsize } = await statfs(directory)
  const mebibytes = (bytes: number) => Math.ceil(bytes / 1_048_576)
  if (bavail * bsize >= plainBytes * GROWS) return null
  const params = { directory, free: mebibytes(bavail * bsize), needed: mebibytes(plainBytes * GROWS) }
  return { code: 'scratch-maybe-small', params }
}

/** A drill that did not come to its end as it should is remembered as one, whosever fault it was. */
async function markFailed(
  { backedUp, clock }: BackupKindsOptions,
  { id, signal }: StepContext<DrillOptions>,
  { manifest }: CataloguedBackup,
  error: unknown,
): Promise<void> {
  if (signal.aborted || !isCounted(manifest)) return
  const problem =
    error instanceof BackupError
      ? error.failure
      : { code: 'drill-broken-off', params: { words: errorWords(error) } }
  const outcome = { at: clock.now(), backup: manifest.id, recoveryMs: null, problem }
  await backedUp.marks.drilled(id, manifest.deployment, outcome)
  await backedUp.refresh(manifest.deployment)
}

/** What becomes of somebody else's dump, or of a part of a database, says nothing of whether the deployment can be had again. */
function isCounted({ foreign, partial }: Manifest): boolean {
  return foreign === undefined && !partial
}

function drillStep(kit: BackupKindsOptions, busy: Set<string>): Step<DrillOptions> {
  const { backedUp, runJob, clock } = kit
  const { catalogue, keys, marks } = backedUp

  async function restore(backup: CataloguedBackup, limits: Parameters<typeof runJob>[1]) {
    const { manifest } = backup
    const identity = await keys.drillIdentity()
    return runJob({ kind: 'drill', manifest, store: placeOf(backup), identity }, limits)
  }

  return {
    ...{ id: 'drill', nature: 'restartable', changes: false },
    async run(context) {
      const { options, profile, signal } = context
      const { name } = profile
      const backup = options.backup === undefined ? null : await catalogue.get(options.backup)
      if (backup === null) throw new OperationFailed('backup-gone', { id: options.backup ?? '?' })
      const { id } = backup.manifest
      if (backup.signedBy === 'another' && options.another !== true) {
        const { console } = backup.manifest
        throw new OperationFailed('drill-another', { id, console, place: backup.place })
      }
      if (busy.has(name)) throw new OperationFailed('drill-runs', { name })
      busy.add(name)
      const { bytes: totalBytes } = viewOf(backup)
      try {
        await inWords(async () => {
          try {
            const onProgress = (bytes: number) => context.progress({ bytes, totalBytes })
            const drilled = await restore(backup, { signal, onProgress })
            const { recoveryMs, tables, rows, version, localesMissing } = drilled
            for (const locale of localesMissing) context.note('drill-without-locale', { locale })
            if (!isCounted(backup.manifest)) await catalogue.verified(id)
            else {
              await catalogue.proven(id, recoveryMs)
              await marks.drilled(context.id, name, {
                at: clock.now(),
                backup: id,
                recoveryMs,
                problem: null,
              })
            }
            context.result({ backup: id, recoveryMs, tables, rows, version })
          } catch (cause) {
            const error = drillFailure(cause)
            await markFailed(kit, context, backup, error)
            await heedFault(kit, backup, signal, error)
            throw error
          }
        })
      } finally {
        busy.delete(name)
        await backedUp.refresh(name)
      }
    },
    async inspect(context) {
      const outcome = await marks.drill(context.id)
      return outcome !== null && outcome.problem === null ? 'done' : 'not-done'
    },
  }
}
