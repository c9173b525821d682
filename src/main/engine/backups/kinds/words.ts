/** What backups fail with, as operations are told of it. */
import type { BackupFailure } from '#shared/model/backup.ts'
import type { OperationText } from '#shared/model/operation.ts'
import type { Reason } from '#shared/model/reason.ts'
import { OperationFailed } from '../../operations/kind.ts'
import { BackupError } from '../backup-error.ts'

/** Words of backups are words of operations, too: `operationText` finds them. */
export function failureReason({ code, params }: BackupFailure): Reason {
  return { code, params }
}

/** Runs what may fail with the words of backups. */
export async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof BackupError)) throw error
    const { code, params } = error.failure
    throw new OperationFailed(code as OperationText, params)
  }
}

/** Why something cannot be had, as a reason; anything else goes on. */
export async function reasonWhy(work: () => Promise<unknown>): Promise<Reason | null> {
  try {
    await work()
    return null
  } catch (error) {
    if (error instanceof BackupError) return failureReason(error.failure)
    throw error
  }
}

/** What a drill failed with; what only the server for the drill is without (an extension, a locale) is no fault of the backup, and told as what it is. Pure. */
export function drillFailure(error: unknown): unknown {
  if (!(error instanceof BackupError) || error.failure.code !== 'restore-failed') return error
  const { file = '?', words = '', locale } = error.failure.params
  const extension =
    /extension "([^"]+)" is not available|extension control file "[^"]*?([^/"]+)\.control"/.exec(
      String(words),
    )
  if (extension !== null) {
    const name = extension[1] ?? extension[2] ?? '?'
    return new BackupError('extension-not-here', { file, extension: name }, error)
  }
  if (locale === undefined) return error
  return new BackupError('locale-not-here', { file, locale, words }, error)
}
