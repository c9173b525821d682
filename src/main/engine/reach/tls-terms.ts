/** What a profile says of a target's TLS, with the secrets that it refers to resolved. */
import type { SecretReference } from '#shared/model/profile/fields.ts'
import type { TlsCheck, TlsIdentity } from '#shared/model/profile/tls.ts'
import type { SecretResolver } from '../vault/resolve.ts'
import type { Place } from './failed.ts'
import { needSecret } from './secret.ts'

export interface TlsTerms {
  /** The name to ask for (SNI) and to find in the certificate. */
  readonly serverName: string
  readonly check: TlsCheck
  /** PEM certificates of whom is trusted. */
  readonly authorities: readonly string[]
  /** Who we are, where the server asks; PEM. */
  readonly identity: {
    readonly certificate: string
    readonly key: string
    readonly passphrase: string | null
  } | null
}

/** Throws a `ReachError` at step `tls` where a secret cannot be had. */
export async function tlsTerms(
  tls: TlsIdentity | undefined,
  { host, check, authorities }: { host: string; check: TlsCheck; authorities: () => readonly string[] },
  resolveSecret: SecretResolver,
  place: Place,
): Promise<TlsTerms> {
  const need = (reference: SecretReference) => needSecret(resolveSecret, reference, place, 'tls')
  const { certificate, key, passphrase } = tls ?? {}
  return {
    serverName: tls?.serverName ?? host,
    check,
    authorities:
      check === 'none' ? [] : tls?.authorities === undefined ? authorities() : [await need(tls.authorities)],
    identity:
      certificate === undefined || key === undefined
        ? null
        : {
            certificate: await need(certificate),
            key: await need(key),
            passphrase: passphrase === undefined ? null : await need(passphrase),
          },
  }
}
