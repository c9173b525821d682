/** What a profile says of a target's TLS, with the secrets that it refers to resolved and looked at before they are used. */
import { createPrivateKey, type KeyObject } from 'node:crypto'
import { domainToASCII } from 'node:url'
import type { SecretReference } from '#shared/model/profile/fields.ts'
import type { TlsCheck, TlsIdentity } from '#shared/model/profile/tls.ts'
import type { SecretResolver } from '../vault/resolve.ts'
import { certificatesIn } from './certificates.ts'
import { failed, type Place } from './failed.ts'
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
  /** Protocols to offer within TLS (ALPN); none where it is left out. */
  readonly protocols?: readonly string[]
}

/** Throws a `ReachError` at step `tls` that waits for a person where a secret cannot be had or is not what it should be. */
export async function tlsTerms(
  tls: TlsIdentity | undefined,
  {
    host,
    check,
    authorities,
    protocols = [],
  }: {
    host: string
    check: TlsCheck
    authorities: () => readonly string[]
    protocols?: readonly string[]
  },
  resolveSecret: SecretResolver,
  place: Place,
): Promise<TlsTerms> {
  const need = (reference: SecretReference) => needSecret(resolveSecret, reference, place, 'tls')
  const serverName = tls?.serverName ?? host
  return {
    // An IPv6 address with a zone is no domain, and comes back empty.
    serverName: domainToASCII(serverName) || serverName,
    check,
    authorities: check === 'none' ? [] : await authoritiesOf(tls?.authorities),
    identity: await identityOf(tls ?? {}, need, place),
    protocols,
  }

  async function authoritiesOf(reference: SecretReference | undefined): Promise<readonly string[]> {
    if (reference === undefined) return authorities()
    const pem = await need(reference)
    if (certificatesIn(pem) === null) throw failed(place, 'tls', 'tls-authorities-invalid', { reference })
    return [pem]
  }
}

async function identityOf(
  { certificate, key, passphrase }: TlsIdentity,
  need: (reference: SecretReference) => Promise<string>,
  place: Place,
): Promise<TlsTerms['identity']> {
  if (certificate === undefined || key === undefined) return null
  const identity = {
    certificate: await need(certificate),
    key: await need(key),
    passphrase: passphrase === undefined ? null : await need(passphrase),
  }
  const [own] = certificatesIn(identity.certificate) ?? []
  if (own === undefined) throw failed(place, 'tls', 'tls-certificate-invalid', { reference: certificate })
  if (!own.checkPrivateKey(readKey(identity, key, place)))
    throw failed(place, 'tls', 'tls-key-mismatch', { certificate, key })
  return identity
}

function readKey(
  { key, passphrase }: { key: string; passphrase: string | null },
  name: SecretReference,
  place: Place,
): KeyObject {
  const isProtected = /ENCRYPTED/.test(key)
  if (isProtected && passphrase === null) throw failed(place, 'tls', 'key-passphrase-missing', { name })
  try {
    return createPrivateKey({ key, ...(passphrase === null ? {} : { passphrase }) })
  } catch {
    // OpenSSL's words for it differ with the kind of key and of cipher, and help nobody.
    throw isProtected
      ? failed(place, 'tls', 'key-passphrase-wrong', { name })
      : failed(place, 'tls', 'tls-key-invalid', { reference: name })
  }
}
