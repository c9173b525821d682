/** A host key that somebody has to judge, as a failure tells of it. */
import type { Failure } from '#shared/model/failure.ts'

export interface OfferedKey {
  /** `HOST:PORT`, as the profile names it. */
  readonly host: string
  readonly keyType: string
  readonly fingerprint: string
  /** The fingerprint that it takes the place of; `null` where the host was never met. */
  readonly known: string | null
}

/** The key that a failure waits for, or `null` where it waits for something else. A revoked key is never offered. */
export function offeredKey(failure: Failure): OfferedKey | null {
  if (failure.code !== 'host-key-unknown' && failure.code !== 'host-key-changed') return null
  const { host, fingerprint, keyType, known } = failure.params
  if (typeof host !== 'string' || typeof fingerprint !== 'string') return null
  return {
    host,
    fingerprint,
    keyType: typeof keyType === 'string' ? keyType : '',
    known: failure.code === 'host-key-changed' && typeof known === 'string' ? known : null,
  }
}
