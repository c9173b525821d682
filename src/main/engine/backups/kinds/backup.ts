/** The kind `backup`: dumps what the profile names into its place, enters it, reads it back, and lets old ones go. */
import type { OperationFacts, OperationText } from '#shared/model/operation.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import {
  type AnyKind,
  type Kind,
  OperationFailed,
  type Step,
  type StepContext,
} from '../../operations/kind.ts'
import { NOTHING_FORESEEN } from '../../operations/way-back.ts'
import { BackupError } from '../backup-error.ts'
import type { Manifest } from '../manifest.ts'
import { surplus } from '../retention.ts'
import { stagingOfDump } from '../staging/plan.ts'
import type { BackupStore } from '../stores/store.ts'
import { viewOf } from '../view.ts'
import type { MakeJob } from '../worker/messages.ts'
import {
  BackupOptions,
  isPartialBackup,
  lastLike,
  type SettledBackup,
  selectionOf,
  settleBackup,
  wishOf,
} from './backup-options.ts'
import { previewBackup } from './backup-preview.ts'
import type { BackupKindsOptions } from './kit.ts'
import { previewRegister, registerJob } from './register.ts'
import { verifyStep } from './verify-step.ts'
import { inWords } from './words.ts'

type Context = StepContext<SettledBackup>

export function createBackupKind(kit: BackupKindsOptions): AnyKind {
  const kind: Kind<SettledBackup> = {
    ...{ kind: 'backup', options: BackupOptions, onFailure: 'stay' },
    effect: () => 'reads',
    // Two at once hold the server up twice, for nothing.
    lock: (_, { name }) => ({ scope: `backup ${name}`, required: false }),
    settle: async ({ options, profile }) => settleBackup(options, profile),
    preview: (subject) =>
      subject.options.register === undefined
        ? previewBackup(kit, subject)
        : previewRegister(kit, subject.profile, subject.options.register),
    async previewUndo({ facts, steps }) {
      const isMade = steps.some(({ id, state }) => id === 'dump' && state === 'succeeded')
      const line = isMade
        ? { code: 'undo-backup-stays', params: { backup: madeBy({ facts }) ?? '' } }
        : { code: 'undo-backup-stops', params: {} }
      return { ...NOTHING_FORESEEN, changes: [line] }
    },
    steps: () => [
      dumpStep(kit),
      verifyStep<SettledBackup>(kit, (context) => madeBy(context), {
        // What others made is no reason to let anything go.
        after: async (context) => {
          if (context.options.register === undefined) await letGo(kit, context)
        },
      }),
    ],
  }
  return kind as AnyKind
}

/** The backup that an operation makes: the step that makes it keeps its name before it writes anything. */
export function madeBy(context: Pick<Context, 'facts'>, step = 'dump'): string | null {
  const id = context.facts(step)?.backup
  return typeof id === 'string' ? id : null
}

/** Names that sort by time, and tell at a glance what they are. */
export function backupId(deployment: string, now: number, operation: string): string {
  const stamp = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '')
  return `${deployment}-${stamp}-${operation.slice(0, 8)}`
}

export function dumpStep(kit: BackupKindsOptions, step = 'dump'): Step<SettledBackup> {
  const { backedUp, runJob, clock } = kit
  const { catalogue, keys, written } = backedUp

  async function run(context: Context): Promise<void> {
    const { profile, signal } = context
    const { backups: wanted } = profile
    if (wanted === undefined) throw new OperationFailed('backups-not-configured', { name: profile.name })
    const id = madeBy(context, step) ?? backupId(profile.name, clock.now(), context.id)
    await context.keep({ backup: id })
    const store = backedUp.storeAt(wanted.store)
    await inWords(async () => {
      // Where its disk is not mounted the one that the directory is on would fill up.
      await catalogue.requirePresent(store)
      // What a console that was killed left there, also this one.
      const { cleared, stuck } = await store.clear()
      if (cleared.length > 0) context.note('cleared-leftovers', { count: cleared.length })
      if (stuck.length > 0) context.note('leftovers-stuck', { count: stuck.length })
      // It was whole when the console was killed, and not entered yet.
      if ((await store.list()).includes(id)) await catalogue.rebuild(store, await keys.verificationKey())
      else await enter(() => make(context, id, signal), id, store)
    })
    await backedUp.refresh(profile.name)
    await tell(context, id)
  }

  /** What only fails once all of it lies there is whole: it is read back like any other. */
  async function enter(made: () => Promise<Manifest>, id: string, store: BackupStore): Promise<void> {
    try {
      await catalogue.add(await made(), store.name, 'this-console')
    } catch (error) {
      const ids = await store.list().catch((): string[] => [])
      if (!ids.includes(id)) throw error
      await catalogue.rebuild(store, await keys.verificationKey())
    }
  }

  async function make(context: Context, id: string, signal: AbortSignal): Promise<Manifest> {
    const { register } = context.options
    const last = lastLike(await catalogue.list(context.profile.name), context.options)
    // What is staged is read once more, to be packed.
    const passes = context.profile.backups?.format === 'directory' && register === undefined ? 2 : 1
    const totalBytes =
      last === null ? null : passes * last.databases.reduce((sum, one) => sum + one.plainBytes, 0)
    const job =
      register === undefined
        ? await jobOf(kit, context.profile, context.options, id)
        : await registerJob(kit, context.profile, register, id)
    written.add(id)
    try {
      let bytes = 0
      return await runJob(job, {
        signal,
        onProgress(done) {
          bytes = done
          context.progress({ bytes, totalBytes })
        },
        onHeld: (heldSince) => context.progress({ bytes, totalBytes, heldSince }),
      })
    } finally {
      written.delete(id)
    }
  }

  async function tell(context: Context, id: string): Promise<void> {
    const backup = await catalogue.get(id)
    if (backup === null) throw new OperationFailed('backup-gone', { id })
    context.result(factsOf(viewOf(backup)))
  }

  return {
    ...{ id: step, nature: 'restartable', changes: false, run },
    async inspect(context) {
      const id = madeBy(context, step)
      if (id === null) return 'not-done'
      const backup = await catalogue.get(id)
      if (backup !== null) {
        context.result(factsOf(viewOf(backup)))
        return 'done'
      }
      const wanted = context.profile.backups
      if (wanted === undefined) return 'not-done'
      const whole = await backedUp
        .storeAt(wanted.store)
        .list()
        // Where nobody can look nothing is known to be whole: making it once more says why.
        .catch(nothingKnown)
      return whole.includes(id) ? 'partial' : 'not-done'
    },
  }
}

function nothingKnown(error: unknown): string[] {
  if (error instanceof BackupError) return []
  throw error
}

function factsOf({ id, bytes, databases, partial }: ReturnType<typeof viewOf>): OperationFacts {
  return {
    ...{ backup: id, bytes, partial },
    tables: databases.reduce((sum, one) => sum + one.tables, 0),
    rows: databases.reduce((sum, one) => sum + one.rows, 0),
  }
}

async function jobOf(
  { backedUp: { keys }, consoleName, stagingDirectory }: BackupKindsOptions,
  profile: DeploymentProfile,
  options: SettledBackup,
  id: string,
): Promise<MakeJob> {
  const { backups: wanted, postgres, ssh = null, name } = profile
  if (wanted === undefined || postgres === undefined) {
    throw new OperationFailed('backups-not-configured', { name })
  }
  const staging = stagingOfDump(wanted, stagingDirectory)
  return {
    ...{ kind: 'make', id, deployment: name, console: consoleName(), postgres, ssh },
    databases: options.databases ?? [],
    selection: selectionOf(options),
    isPartial: isPartialBackup(options, profile),
    globals: wanted.roles,
    recipients: [...new Set([...(await keys.recipients()), ...wanted.recipients])],
    lockWaitMs: wanted.lockWaitSeconds * 1_000,
    mostHeldMs: wanted.mostHeldMinutes * 60_000,
    ...(staging !== null && { staging }),
    ...{ wish: wishOf(wanted), compression: wanted.compression, store: wanted.store },
  }
}

/** Old ones go once this one is known to be good. What cannot be removed is told, and fails nothing. */
async function letGo({ backedUp, clock }: BackupKindsOptions, context: Context): Promise<void> {
  const { name, backups: wanted } = context.profile
  if (wanted?.keep === undefined) return
  const store = backedUp.storeAt(wanted.store)
  const names = await backedUp.catalogue.namesOf(store)
  const all = (await backedUp.catalogue.list(name)).filter(({ place }) => names.has(place))
  // Whatever the clock says of it: what was just made stays.
  const stays = new Set([...(await backedUp.held()).keys(), madeBy(context)])
  for (const { id } of surplus(all, wanted.keep, clock.now(), stays)) {
    // What was kept back when it was looked through is not all: meanwhile somebody may have begun to restore this one.
    if ((await backedUp.held()).has(id)) continue
    try {
      await inWords(() => store.remove(id))
      await backedUp.catalogue.forget(id)
      context.note('backup-let-go', { id })
    } catch (error) {
      if (!(error instanceof OperationFailed)) throw error
      context.note('backup-not-let-go', { id })
      context.note(error.reason.code as OperationText, error.reason.params)
    }
  }
  await backedUp.refresh(name)
}
