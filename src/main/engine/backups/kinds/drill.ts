/**
 * The kind `drill`: reads a backup back, restores it, and compares. Into a server of this machine that is thrown away; or, where it says whose backup it is, into
 * databases that are thrown away on the server of the deployment that it is begun on.
 */
import { tmpdir } from 'node:os'
import { z } from 'zod'
import type { Backup } from '#shared/model/backup.ts'
import type { OperationPreview } from '#shared/model/operation.ts'
import { Name, SecretReference } from '#shared/model/profile/fields.ts'
import type { Reason } from '#shared/model/reason.ts'
import { type AnyKind, type Kind, OperationFailed, type Step, type Subject } from '../../operations/kind.ts'
import { NOTHING_FORESEEN } from '../../operations/way-back.ts'
import { BackupError } from '../backup-error.ts'
import type { CataloguedBackup } from '../catalogue.ts'
import { comparedFacts } from '../compared.ts'
import { identityFor } from '../identity.ts'
import { previewThere } from '../scratch/preview.ts'
import type { ScratchDependencies } from '../scratch/reading.ts'
import { scratchSteps, type ThereOptions } from '../scratch/steps.ts'
import { leavesThere, previewUndoThere } from '../scratch/undo-preview.ts'
import { inMebibytes, roomAt, watchRoom } from '../spared-room.ts'
import { aboutStaging, stagingOfRestore } from '../staging/plan.ts'
import type { Staging } from '../staging/stage.ts'
import { isDatedAhead, isGood } from '../standing.ts'
import { viewOf } from '../view.ts'
import { failedDrill, isCounted, markFailed, passedDrill, provenFacts } from './drill-outcome.ts'
import { type BackupKindsOptions, placeOf } from './kit.ts'
import { verifyStep } from './verify-step.ts'
import { inWords, reasonWhy } from './words.ts'

const DrillOptions = z.strictObject({
  /** Left out: the newest good one that may be restored. */
  backup: z.string().max(200).optional(),
  /** It is read back, and not restored. */
  verifyOnly: z.boolean().optional(),
  /** It may be restored also where another console signed it: what stands in it is run on this machine, if without rights. */
  another: z.boolean().optional(),
  /** The secret key to decrypt with, where it is not this console's own. No schedule names one. */
  key: SecretReference.optional(),
  /** The deployment whose backup it is: it is restored on the server of the one that the drill is begun on, and dropped there. Left out: on this machine. */
  from: Name.optional(),
})
type DrillOptions = z.infer<typeof DrillOptions>

/** What it is restored with. */
const PROGRAMS = ['initdb', 'postgres', 'pg_restore'] as const
/** A database takes several times of what its dump does. */
const GROWS = 4
const SHOWN_THINGS = 20

export function createDrillKind(kit: ScratchDependencies): AnyKind {
  const { backedUp } = kit
  /** Deployments of which one is restored at the moment. */
  const busy = new Set<string>()

  const kind: Kind<DrillOptions> = {
    // Only what is on somebody's server has to be taken back.
    ...{ kind: 'drill', options: DrillOptions, onFailure: 'undo' },
    effect: (options) => (isThere(options) ? 'writes' : 'reads'),
    // On this machine no other console is in its way; on a server there is one at a time.
    lock: (options) => (isThere(options) ? { scope: 'drill', required: true } : null),
    async settle({ options, profile }) {
      if (options.backup !== undefined) return options
      const all = await backedUp.catalogue.list(options.from ?? profile.name)
      // To read another console's does no harm.
      const mayBeAnothers = options.another === true || options.verifyOnly === true
      const newest = all.find(
        (one) => isTried(one, kit.clock.now()) && (one.signedBy === 'this-console' || mayBeAnothers),
      )
      return newest === undefined ? options : { ...options, backup: newest.id }
    },
    preview(subject) {
      const { options } = subject
      return isThere(options) ? previewThere(kit, { ...subject, options }) : previewDrill(kit, busy, subject)
    },
    async previewUndo(traced, back) {
      const { options } = traced
      if (isThere(options)) return previewUndoThere({ ...traced, options }, back)
      const code = options.verifyOnly === true ? 'undo-verify' : 'undo-drill-here'
      return { ...NOTHING_FORESEEN, changes: [{ code, params: { id: options.backup ?? '' } }] }
    },
    leaves: ({ options, ...traces }) => (isThere(options) ? leavesThere({ ...traces, options }) : []),
    steps(options) {
      const { verifyOnly } = options
      const on = ({ profile }: Pick<Subject<DrillOptions>, 'profile'>) =>
        isThere(options) ? profile.name : null
      const verify = verifyStep<DrillOptions>(kit, (context) => context.options.backup ?? null, {
        keyOf: (context) => context.options.key,
        ...(verifyOnly !== true && {
          failed: (context, backup, error) => markFailed(kit, context, backup, { error, on: on(context) }),
        }),
      })
      if (isThere(options))
        // Steps of a drill on a server are given its options.
        return [verify, ...(scratchSteps(kit) as readonly Step<never>[] as readonly Step<DrillOptions>[])]
      return verifyOnly === true ? [verify] : [verify, drillStep(kit, busy)]
    },
  }
  return kind as AnyKind
}

/** What a clock that was ahead dated would be tried each time, in the place of what is made since. */
function isTried(backup: Backup, now: number): boolean {
  return isGood(backup) && !isDatedAhead(backup, now)
}

function isThere(options: DrillOptions): options is DrillOptions & ThereOptions {
  return options.from !== undefined && options.verifyOnly !== true
}

type Preview = Omit<OperationPreview, 'effect' | 'steps' | 'lastTookMs'>

/**
 * What no key at hand opens is not begun, so that nobody is rung for a key that was not named. What a schedule tries is not asked for here: that this
 * console's own key is gone has to ring.
 */
async function keyRefusals(
  kit: BackupKindsOptions,
  { manifest, signedBy }: CataloguedBackup,
  { key }: DrillOptions,
): Promise<Reason[]> {
  if (key === undefined && signedBy === 'this-console') return []
  const why = await reasonWhy(() => identityFor(kit, manifest, key))
  return why === null ? [] : [why]
}

async function previewDrill(
  kit: BackupKindsOptions,
  busy: ReadonlySet<string>,
  { options, profile }: Subject<DrillOptions>,
): Promise<Preview> {
  const { backedUp, tools, stagingDirectory } = kit
  const { name } = profile
  const nothing = { irreversible: [], services: [], databases: [], warnings: [], changes: [] }
  const connections = { needed: 0, free: null }
  const refused = (reason: Reason): Preview => ({ ...nothing, connections, refusals: [reason] })
  const backup = options.backup === undefined ? null : await backedUp.catalogue.get(options.backup)
  if (backup === null || backup.manifest.deployment !== (options.from ?? name)) {
    return refused(
      options.backup === undefined
        ? { code: 'no-good-backup', params: { name: options.from ?? name } }
        : { code: 'backup-gone', params: { id: options.backup } },
    )
  }
  const view = viewOf(backup)
  const databases = view.databases.map(({ name: database, plainBytes }) => ({
    ...{ name: database, bytes: plainBytes },
  }))
  const params = { id: view.id, place: backup.place, console: view.console }
  const read: Reason = { code: 'reads-back', params }
  const refusals = await keyRefusals(kit, backup, options)
  if (options.verifyOnly === true) {
    return { ...nothing, connections, databases, changes: [read], refusals }
  }
  const major = Math.floor(backup.manifest.server.version / 10_000)
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
  const parts = backup.manifest.parts.filter(({ content }) => content === 'database')
  const staging = stagingOfDrill(profile, backup, stagingDirectory)
  const largest = Math.max(0, ...parts.map(({ plainBytes }) => plainBytes))
  const staged = await aboutStaging(staging, largest)
  refusals.push(...staged.refusals)
  const changes = [
    read,
    ...staged.changes,
    { code: 'restores-into-scratch', params: { ...params, directory: tmpdir() } },
  ]
  return { ...nothing, connections, databases, changes, warnings, refusals }
}

/** Of all its databases, which are restored one after the other. */
function stagingOfDrill(
  { backups }: Subject<DrillOptions>['profile'],
  { manifest: { parts, foreign } }: CataloguedBackup,
  own: string,
): Staging | null {
  const part = parts.find(({ content }) => content === 'database')
  return part === undefined || foreign !== undefined ? null : stagingOfRestore(backups, part, own)
}

/** As many as a person reads. */
function listed(things: readonly string[]): string {
  const more = things.length - SHOWN_THINGS
  return `${things.slice(0, SHOWN_THINGS).join(', ')}${more > 0 ? `, … (+${more})` : ''}`
}

async function scratchRoom(plainBytes: number): Promise<Reason | null> {
  const directory = tmpdir()
  const room = await roomAt(directory)
  const needed = plainBytes * GROWS
  if (room.free >= needed) return null
  const params = { directory, ...inMebibytes(room, needed) }
  return { code: 'scratch-maybe-small', params }
}

function drillStep(kit: BackupKindsOptions, busy: Set<string>): Step<DrillOptions> {
  const { backedUp, runJob, clock } = kit
  const { catalogue, marks } = backedUp

  async function restore(
    { profile, options }: Pick<Subject<DrillOptions>, 'profile' | 'options'>,
    backup: CataloguedBackup,
    limits: Parameters<typeof runJob>[1],
  ) {
    const { manifest } = backup
    const identity = await identityFor(kit, manifest, options.key)
    const staging = stagingOfDrill(profile, backup, kit.stagingDirectory)
    return runJob(
      {
        ...{ kind: 'drill', manifest, store: placeOf(backup), identity },
        ...(staging !== null && { staging }),
      },
      limits,
    )
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
      const room = watchRoom(tmpdir(), clock, () => new BackupError('scratch-full', { directory: tmpdir() }))
      const { bytes: totalBytes } = viewOf(backup)
      try {
        await inWords(async () => {
          try {
            const onProgress = (bytes: number) => context.progress({ bytes, totalBytes })
            const ending = AbortSignal.any([signal, room.signal])
            const drilled = await restore(context, backup, { signal: ending, onProgress })
            const { recoveryMs, version, localesMissing, without } = drilled
            const compared = comparedFacts(drilled.compared)
            for (const locale of localesMissing) context.note('drill-without-locale', { locale })
            if (without.length > 0) context.note('drill-without', { things: listed(without) })
            context.note('compared', compared)
            if (!isCounted(backup.manifest)) await catalogue.verified(id)
            else await passedDrill(kit, context, backup, { recoveryMs, on: null })
            context.result({ backup: id, recoveryMs, ...compared, version })
          } catch (cause) {
            const isFull = room.signal.aborted && !signal.aborted
            const error = isFull ? room.signal.reason : cause
            throw await failedDrill(kit, context, backup, { error, on: null })
          }
        })
      } finally {
        room.stop()
        busy.delete(name)
        await backedUp.refresh(name)
      }
    },
    async inspect(context) {
      const outcome = await marks.drill(context.id)
      if (outcome === null || outcome.problem !== null) return 'not-done'
      const backup = await catalogue.get(outcome.backup)
      if (backup !== null) context.result(provenFacts(backup, outcome))
      return 'done'
    },
  }
}
