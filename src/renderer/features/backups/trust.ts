/** What is asked before something is run that another console signed, or others made: that its origin is trusted, and which key opens it. Pure. */
import type { OperationFacts } from '#shared/model/operation.ts'
import { SecretReference } from '#shared/model/profile/fields.ts'
import type { BackupView } from './backup-view.ts'

export interface Trust {
  readonly another: boolean
  /** A reference to a secret, as it is typed; empty: this console's own key. */
  readonly key: string
}

export const NOT_TRUSTED: Trust = { another: false, key: '' }

/** Nothing of another console's is run before somebody says that it may be. */
export function needsTrust({ signedBy }: Pick<BackupView, 'signedBy'>): boolean {
  return signedBy === 'another'
}

export function isKeyRight(key: string): boolean {
  return key === '' || SecretReference.safeParse(key).success
}

/** @returns options of an operation; `null`: it is not trusted yet, or the key is no reference */
export function trusted({ another, key }: Trust): OperationFacts | null {
  if (!another || !isKeyRight(key)) return null
  return { another, ...(key !== '' && { key }) }
}
