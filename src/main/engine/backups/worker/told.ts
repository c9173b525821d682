/** Errors over the border between threads, where only plain data passes: what they are stays what they are. */
import { errorCode } from '../../reach/failed.ts'
import { ReachError } from '../../reach/reach.ts'
import { SecretMissing } from '../../vault/resolve.ts'
import { VaultError } from '../../vault/vault.ts'
import { BackupError, backupError } from '../backup-error.ts'
import type { Told } from './messages.ts'

/** Somebody wanted it to end. */
export class Cancelled extends Error {
  override name = 'Cancelled'
}

export function tell(error: unknown): Told {
  if (error instanceof BackupError) return { kind: 'backup', failure: error.failure }
  if (error instanceof ReachError) return { kind: 'reach', failure: error.failure }
  if (error instanceof Cancelled) return { kind: 'cancelled' }
  if (error instanceof VaultError) return { kind: 'vault', code: error.code, message: error.message }
  if (error instanceof SecretMissing) {
    const { reference, message } = error
    return { kind: 'secret', reference, message, code: errorCode(error.cause) }
  }
  if (error instanceof Error) return { kind: 'other', message: error.message, stack: error.stack ?? null }
  return { kind: 'other', message: String(error), stack: null }
}

export function untell(told: Told): Error {
  switch (told.kind) {
    case 'backup':
      return backupError(told.failure)
    case 'reach':
      return new ReachError(told.failure)
    case 'cancelled':
      return new Cancelled('it was cancelled')
    case 'vault':
      return new VaultError(told.code, told.message)
    case 'secret':
      return new SecretMissing(told.reference, told.message, { cause: { code: told.code } })
    case 'other':
      return Object.assign(new Error(told.message), told.stack === null ? {} : { stack: told.stack })
  }
}
