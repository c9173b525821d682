/** What a second console meets while a first one works on the same server. */
import type { RunJob } from '../../../src/main/engine/backups/worker/run-job.ts'
import { OperationRefused } from '../../../src/main/engine/operations/refused.ts'
import type { OperationRequest } from '../../../src/shared/model/operation.ts'
import type { BackupKit } from '../backups/backup-kit.ts'
import { ANNA, NEVER, type RestoreConsole } from './restore-kit.ts'

/** Holds jobs of a kind up, from when they begin until they are let go. */
export function holdingUp(kit: BackupKit, kind: string) {
  const reached = Promise.withResolvers<void>()
  const letGo = Promise.withResolvers<void>()
  const runJob: RunJob = async (job, limits) => {
    if (job.kind === kind) {
      reached.resolve()
      await letGo.promise
    }
    return kit.runJob(job, limits)
  }
  return { kit: { ...kit, runJob }, reached: reached.promise, letGo: letGo.resolve }
}

/** What another console is told that wants to begin the same: in the preview, and where it begins all the same. */
export async function toldByAnother(
  { operations }: RestoreConsole,
  request: OperationRequest,
): Promise<unknown> {
  const { preview } = await operations.preview(request, ANNA, NEVER)
  const refused = await operations.start(request, ANNA, null, NEVER).then(
    () => null,
    (error: unknown) => (error instanceof OperationRefused ? error.refused : error),
  )
  return { warned: preview.warnings.find(({ code }) => code === 'lock-held-by')?.params, refused }
}
