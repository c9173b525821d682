/** What came of a drill is remembered with its deployment, whosever fault it was, and with the backup where it says something of that. */
import type { DrillOutcome } from '#shared/model/backup.ts'
import { addUp } from '#shared/model/compared.ts'
import type { OperationFacts } from '#shared/model/operation.ts'
import type { Reason } from '#shared/model/reason.ts'
import { expectedError } from '../../operations/expected-error.ts'
import type { StepContext } from '../../operations/kind.ts'
import { errorWords } from '../../reach/failed.ts'
import { BackupError } from '../backup-error.ts'
import type { CataloguedBackup } from '../catalogue.ts'
import { comparedFacts, comparedOf } from '../compared.ts'
import type { Manifest } from '../manifest.ts'
import type { BackupKindsOptions } from './kit.ts'
import { heedFault } from './verify-step.ts'
import { drillFailure } from './words.ts'

type Context = Pick<StepContext<unknown>, 'id' | 'signal'>

export async function passedDrill(
  { backedUp: { catalogue, marks }, clock }: BackupKindsOptions,
  { id: operation }: Context,
  { manifest: { id, deployment } }: CataloguedBackup,
  { recoveryMs, on }: { readonly recoveryMs: number; readonly on: string | null },
): Promise<void> {
  await catalogue.proven(id, recoveryMs, on)
  await marks.drilled(operation, deployment, {
    ...{ at: clock.now(), backup: id, recoveryMs, on, problem: null },
  })
}

/** What is known of a drill that is over: all that was counted came back. */
export function provenFacts(
  { manifest: { id, parts } }: CataloguedBackup,
  { recoveryMs }: Pick<DrillOutcome, 'recoveryMs'>,
): OperationFacts {
  const databases = parts.filter(({ content }) => content === 'database')
  return { backup: id, recoveryMs, ...comparedFacts(addUp(databases.map(comparedOf))) }
}

/** @returns what is told of it */
export async function failedDrill(
  kit: BackupKindsOptions,
  context: Context,
  backup: CataloguedBackup,
  { error: cause, on }: { readonly error: unknown; readonly on: string | null },
): Promise<unknown> {
  const error = drillFailure(cause)
  await markFailed(kit, context, backup, { error, on })
  // Without rights not everything can be restored, and what a server lacks is no fault of the backup.
  if (on === null || !(error instanceof BackupError && error.failure.code === 'restore-failed'))
    await heedFault(kit, backup, context.signal, error)
  return error
}

export async function markFailed(
  { backedUp, clock }: BackupKindsOptions,
  { id, signal }: Context,
  { manifest }: CataloguedBackup,
  { error, on }: { readonly error: unknown; readonly on: string | null },
): Promise<void> {
  if (signal.aborted || !isCounted(manifest)) return
  const outcome = { at: clock.now(), backup: manifest.id, recoveryMs: null, on, problem: problemOf(error) }
  await backedUp.marks.drilled(id, manifest.deployment, outcome)
  await backedUp.refresh(manifest.deployment)
}

/** Not always in words of backups: a drill ends as operations do, too, and for want of a way. */
function problemOf(error: unknown): Reason {
  if (error instanceof BackupError) return error.failure
  const expected = expectedError(error)
  if (expected !== null) {
    const { code, params } = 'failure' in expected ? expected.failure : expected
    return { code, params }
  }
  return { code: 'drill-broken-off', params: { words: errorWords(error) } }
}

/** What becomes of somebody else's dump, or of a part of a database, says nothing of whether the deployment can be had again. */
export function isCounted({ foreign, partial }: Manifest): boolean {
  return foreign === undefined && !partial
}
