/** What is wrong about a server's certificates, or with us in the server's eyes, in words. */
import type { Certificate } from '#shared/model/certificate.ts'
import type { FailureCode } from '#shared/model/failure.ts'
import { codeIn, errorCode, errorWords, failed, type Place } from './failed.ts'
import type { ReachError } from './reach.ts'
import type { TlsTerms } from './tls-terms.ts'

/** What Node calls the results of OpenSSL's verification: https://docs.openssl.org/3.5/man3/X509_STORE_CTX_get_error/ */
const CERTIFICATE_CODES = {
  CERT_HAS_EXPIRED: 'tls-expired',
  CERT_NOT_YET_VALID: 'tls-not-yet-valid',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls-self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls-untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'tls-untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls-untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls-untrusted',
  CERT_UNTRUSTED: 'tls-untrusted',
  CERT_REVOKED: 'tls-revoked',
  INVALID_PURPOSE: 'tls-wrong-purpose',
  INVALID_CA: 'tls-wrong-purpose',
  EE_KEY_TOO_SMALL: 'tls-too-weak',
  CA_KEY_TOO_SMALL: 'tls-too-weak',
  CA_MD_TOO_WEAK: 'tls-too-weak',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls-wrong-name',
} as const satisfies Readonly<Record<string, FailureCode>>

/**
 * @param why Node's code for what the verification found
 * @param chain what the server showed, its own certificate first
 * @param now milliseconds since the epoch
 */
export function certificateFailure(
  why: string,
  chain: readonly Certificate[],
  host: string,
  place: Place,
  now: number,
): ReachError {
  const known = codeIn(CERTIFICATE_CODES, why)
  if (known === undefined) return failed(place, 'tls', 'tls-failed', { host, words: why })
  const [own] = chain
  // The one to blame may stand anywhere in the chain.
  const culprit =
    known === 'tls-expired'
      ? chain.find(({ validTo }) => validTo <= now)
      : known === 'tls-not-yet-valid'
        ? chain.find(({ validFrom }) => validFrom > now)
        : undefined
  const blamed = culprit ?? own
  const names = own === undefined ? '' : own.names.length === 0 ? own.subject : own.names.join(', ')
  return failed(place, 'tls', codeFor(known, chain, culprit), {
    host,
    names: names.slice(0, 200),
    subject: blamed?.subject ?? null,
    issuer: chain.at(-1)?.issuer ?? null,
    start: dayOf(blamed?.validFrom),
    end: dayOf(blamed?.validTo),
    chain: chainText(chain),
  })
}

function codeFor(
  known: (typeof CERTIFICATE_CODES)[keyof typeof CERTIFICATE_CODES],
  chain: readonly Certificate[],
  culprit: Certificate | undefined,
) {
  if (known === 'tls-expired' && culprit !== undefined && culprit !== chain[0])
    return 'tls-authority-expired' as const
  // Alone it may well have been issued by somebody trusted, through others whose certificates are missing.
  if (known === 'tls-untrusted' && chain.length === 1) return 'tls-incomplete' as const
  return known
}

/** `shop.example.com ← Let’s Encrypt, R11` */
export function chainText(chain: readonly Certificate[]): string {
  return chain
    .map(({ subject }) => subject)
    .join(' ← ')
    .slice(0, 300)
}

/** `2026-11-21` in UTC; `null` where it is not known. */
export function dayOf(at: number | undefined): string | null {
  return at === undefined || Number.isNaN(at) ? null : new Date(at).toISOString().slice(0, 10)
}

const HANDSHAKE_CODES = {
  ERR_SSL_WRONG_VERSION_NUMBER: 'tls-not-spoken',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'tls-not-spoken',
  ERR_SSL_HTTP_REQUEST: 'tls-not-spoken',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'tls-too-old',
  ERR_SSL_DH_KEY_TOO_SMALL: 'tls-too-weak',
  ECONNRESET: 'tls-closed',
} as const satisfies Readonly<Record<string, FailureCode>>

/** Why the handshake did not come about. */
export function handshakeFailure(error: unknown, terms: TlsTerms, place: Place): ReachError {
  const alert = alertFailure(error, terms, place)
  if (alert !== null) return alert
  const host = terms.serverName
  const code = codeIn(HANDSHAKE_CODES, errorCode(error))
  if (code === undefined) return failed(place, 'tls', 'tls-failed', { host, words: errorWords(error) }, error)
  return failed(place, 'tls', code, { host }, error)
}

/** Of OpenSSL before 3.2, of BoringSSL, and of OpenSSL today. */
const ALERT = /^ERR_SSL_(?:SSLV3|TLSV1|TLSV13|SSL\/TLS)_(?:ALERT_)?([A-Z_]+)$/

const OF_OUR_CERTIFICATE = new Set([
  'BAD_CERTIFICATE',
  'UNSUPPORTED_CERTIFICATE',
  'CERTIFICATE_REVOKED',
  'CERTIFICATE_EXPIRED',
  'CERTIFICATE_UNKNOWN',
  'UNKNOWN_CA',
  'ACCESS_DENIED',
])

/**
 * What a server's alert says (RFC 8446, section 6.2); `null` where the error is none. With TLS 1.3 a server judges our
 * certificate after the handshake: what comes over the session then may fail with one as well.
 */
export function alertFailure(
  error: unknown,
  { serverName: host, identity, protocols = [] }: Pick<TlsTerms, 'serverName' | 'identity' | 'protocols'>,
  place: Place,
): ReachError | null {
  const [, alert] = ALERT.exec(errorCode(error) ?? '') ?? []
  if (alert === undefined) return null
  const words = alert.toLowerCase().replaceAll('_', ' ')
  if (alert === 'CERTIFICATE_REQUIRED' || (OF_OUR_CERTIFICATE.has(alert) && identity === null))
    return failed(place, 'tls', 'tls-certificate-wanted', { host, words }, error)
  if (OF_OUR_CERTIFICATE.has(alert))
    return failed(place, 'tls', 'tls-identity-refused', { host, words }, error)
  if (alert === 'PROTOCOL_VERSION') return failed(place, 'tls', 'tls-too-old', { host }, error)
  if (alert === 'UNRECOGNIZED_NAME') return failed(place, 'tls', 'tls-name-unknown', { host }, error)
  if (alert === 'NO_APPLICATION_PROTOCOL')
    return failed(place, 'tls', 'tls-protocol-refused', { host, protocols: protocols.join(', ') }, error)
  return failed(place, 'tls', 'tls-refused', { host, words }, error)
}
