/** A host key that somebody has to judge, as a failure tells of it. */
import type { Failure } from '#shared/model/failure.ts'

export interface OfferedKey {
  /** `HOST:PORT`, as the profile names it. */
  readonly host: string
  readonly keyType: string
  readonly fingerprint: string
  /** The key that it takes the place of; `null` where the host was never met. */
  readonly changed: ChangedKey | null
}

export interface ChangedKey {
  /** Its fingerprint; `null` where that is not told. */
  readonly known: string | null
  /** Where that is known from: a line of a `known_hosts` file, or Vakhta; `null` where that is not told. */
  readonly where: string | null
}

/** The key that a failure waits for, or `null` where it waits for something else. A revoked key is never offered. */
export function offeredKey(failure: Failure): OfferedKey | null {
  if (failure.code !== 'host-key-unknown' && failure.code !== 'host-key-changed') return null
  const { host, fingerprint, keyType, known, where } = failure.params
  if (typeof host !== 'string' || typeof fingerprint !== 'string') return null
  return {
    host,
    fingerprint,
    keyType: typeof keyType === 'string' ? keyType : '',
    changed:
      failure.code === 'host-key-changed'
        ? {
            known: typeof known === 'string' ? known : null,
            where: typeof where === 'string' ? where : null,
          }
        : null,
  }
}
