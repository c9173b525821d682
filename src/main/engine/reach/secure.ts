/** TLS over a wire that is open, with what is wrong about a certificate in words. */
import { isIP } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import type { FailureCode } from '#shared/model/failure.ts'
import type { TlsCheck } from '#shared/model/profile/tls.ts'
import type { Clock } from '../clock.ts'
import { within } from './deadline.ts'
import { codeIn, errorCode, errorWords, failed, type Place } from './failed.ts'
import type { Limits, ReachError } from './reach.ts'
import type { TlsTerms } from './tls-terms.ts'
import type { OnStep, Wire } from './way.ts'

/** Throws a `ReachError` at step `tls`; the wire is destroyed then. */
export async function secure(
  wire: Wire,
  { serverName: host, check, authorities, identity }: TlsTerms,
  place: Place,
  clock: Clock,
  limits: Limits,
  onStep?: OnStep,
): Promise<TLSSocket> {
  const socket = connect({
    socket: wire,
    host,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    // Verified all the same, and judged below, where the certificate can still be looked at.
    rejectUnauthorized: false,
    ca: [...authorities],
    ...(identity === null ? {} : { cert: identity.certificate, key: identity.key }),
    ...(identity?.passphrase == null ? {} : { passphrase: identity.passphrase }),
    ALPNProtocols: [],
  })
  const outcome = Promise.withResolvers<TLSSocket>()
  socket.once('secureConnect', () => {
    if (passes(socket, check)) outcome.resolve(socket)
    else outcome.reject(certificateFailure(socket, host, place))
  })
  socket.on('error', (error) => outcome.reject(handshakeFailure(error, host, place)))
  socket.once('close', () => outcome.reject(failed(place, 'tls', 'tls-closed', { host })))
  try {
    await within(
      clock,
      limits,
      () => failed(place, 'tls', 'tls-silent', { host, seconds: Math.round(limits.timeoutMs / 1_000) }),
      () => outcome.promise,
    )
  } catch (error) {
    socket.destroy()
    wire.destroy()
    throw error
  }
  const protocol = socket.getProtocol() ?? 'TLS'
  onStep?.('tls', check !== 'none' ? protocol : { code: 'tls-unchecked', params: { protocol } })
  return socket
}

/** The chain without the name is enough for `ca`; Node judges the name last. */
function passes(socket: TLSSocket, check: TlsCheck): boolean {
  if (check === 'none' || socket.authorized) return true
  return check === 'ca' && String(socket.authorizationError) === 'ERR_TLS_CERT_ALTNAME_INVALID'
}

/** When the certificate of the far side ends, milliseconds since the epoch; `null` where it showed none. */
export function certificateEnd(socket: TLSSocket): number | null {
  const certificate = socket.getPeerCertificate()
  const end = Date.parse(certificate?.valid_to)
  return Number.isNaN(end) ? null : end
}

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
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls-wrong-name',
} as const satisfies Readonly<Record<string, FailureCode>>

function certificateFailure(socket: TLSSocket, host: string, place: Place): ReachError {
  // A code, whatever the types say.
  const why = String(socket.authorizationError)
  const code = codeIn(CERTIFICATE_CODES, why)
  if (code === undefined) return failed(place, 'tls', 'tls-failed', { host, words: why })
  const { subjectaltname, subject, valid_to, issuer } = socket.getPeerCertificate()
  const names = subjectaltname?.replaceAll('DNS:', '').replaceAll('IP Address:', '').slice(0, 200)
  return failed(place, 'tls', code, {
    host,
    names: names ?? one(subject?.CN),
    end: valid_to ?? null,
    issuer: one(issuer?.O) ?? one(issuer?.CN),
  })
}

function one(names: string | string[] | undefined): string | null {
  return (Array.isArray(names) ? names[0] : names) ?? null
}

const HANDSHAKE_CODES = {
  ERR_SSL_WRONG_VERSION_NUMBER: 'tls-not-spoken',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'tls-not-spoken',
  ERR_SSL_HTTP_REQUEST: 'tls-not-spoken',
  ECONNRESET: 'tls-closed',
} as const satisfies Readonly<Record<string, FailureCode>>

function handshakeFailure(error: unknown, host: string, place: Place): ReachError {
  const code = codeIn(HANDSHAKE_CODES, errorCode(error))
  if (code === undefined) return failed(place, 'tls', 'tls-failed', { host, words: errorWords(error) }, error)
  return failed(place, 'tls', code, { host }, error)
}
