/** The backup of what a restore in place replaces: made and read back as one of its steps, and good for that as long as it is fresh. */
import type { RestoreInPlace } from '#shared/model/restore.ts'
import { OperationFailed, type Step, type StepContext } from '../../../operations/kind.ts'
import { dumpStep, madeBy } from '../../kinds/backup.ts'
import type { SettledBackup } from '../../kinds/backup-options.ts'
import type { BackupKindsOptions } from '../../kinds/kit.ts'
import { verifyStep } from '../../kinds/verify-step.ts'

type Context = StepContext<RestoreInPlace>

const SAFETY = 'restore-safety'
const VERIFY = 'restore-safety-verify'
/** Between the end of its steps and the transaction somebody may have written what is in neither; not for longer than this. */
export const FRESH_MS = 10 * 60_000

export function safetyOf(context: Pick<Context, 'facts'>): string {
  return madeBy(context, SAFETY) ?? ''
}

export function safetySteps(making: BackupKindsOptions): Step<RestoreInPlace>[] {
  const dump = dumpStep(making, SAFETY)
  const ofDatabase = (context: Context): StepContext<SettledBackup> => ({
    ...{ ...context, options: { databases: [context.options.database ?? ''], schemas: [], tables: [] } },
    // What stands there else is what was restored; from then on nobody removes this one.
    result: ({ backup }) => context.result({ safety: backup ?? null }),
  })
  const verify = verifyStep<RestoreInPlace>(making, safetyOf)
  return [
    {
      ...{ id: dump.id, nature: dump.nature, changes: dump.changes },
      run: (context) => dump.run(ofDatabase(context)),
      inspect: (context) => dump.inspect(ofDatabase(context)),
    },
    {
      ...verify,
      id: VERIFY,
      async run(context) {
        const began = making.clock.monotonic()
        await verify.run(context)
        // Without what the machine slept through.
        await context.keep({ tookMs: making.clock.monotonic() - began })
      },
    },
  ]
}

/** Whether what was written since may be more than what passes between the two of any restore. */
export function isStale(endedAt: number, verifyMs: number, now: number): boolean {
  return now > endedAt + verifyMs + FRESH_MS
}

/**
 * Before anything is replaced: what was written after the safety backup is in no backup at all.
 * @param wasBegun a transaction of it was rolled back, and services wrote on since
 * @throws OperationFailed `restore-safety-old`
 */
export async function heedSafety(
  { backedUp: { catalogue }, clock }: Pick<BackupKindsOptions, 'backedUp' | 'clock'>,
  context: Context,
  wasBegun: boolean,
): Promise<void> {
  const safety = safetyOf(context)
  const backup = await catalogue.get(safety)
  if (backup === null) throw new OperationFailed('backup-gone', { id: safety })
  const took = context.facts(VERIFY)?.tookMs
  const verifyMs = typeof took === 'number' ? took : 0
  if (wasBegun || isStale(backup.manifest.endedAt, verifyMs, clock.now()))
    throw new OperationFailed('restore-safety-old', { safety, database: context.options.database ?? '' })
}
