/** TLS over a wire that is open, with what is wrong about a certificate in words. */
import { isIP } from 'node:net'
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls'
import type { Certificate } from '#shared/model/certificate.ts'
import type { StepDetail } from '#shared/model/failure.ts'
import type { TlsCheck } from '#shared/model/profile/tls.ts'
import type { Clock } from '../clock.ts'
import { chainEnd, chainOf } from './certificates.ts'
import { within } from './deadline.ts'
import { failed, type Place } from './failed.ts'
import type { Limits } from './reach.ts'
import { certificateFailure, chainText, dayOf, handshakeFailure } from './tls-failure.ts'
import type { TlsTerms } from './tls-terms.ts'
import type { OnStep, Wire } from './way.ts'

const DAY_MS = 86_400_000

/**
 * Throws a `ReachError` at step `tls`; the wire is destroyed then.
 * @param onChain told of the certificates that the server showed, also where they do not pass
 */
export async function secure(
  wire: Wire,
  terms: TlsTerms,
  place: Place,
  clock: Clock,
  limits: Limits,
  onStep?: OnStep,
  onChain?: (chain: readonly Certificate[]) => void,
): Promise<TLSSocket> {
  const { serverName: host, check, authorities, protocols = [] } = terms
  let socket: TLSSocket
  try {
    socket = connect({
      socket: wire,
      host,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      // Verified all the same, and judged below, where the certificate can still be looked at.
      rejectUnauthorized: false,
      secureContext: contextOf(terms),
      ALPNProtocols: [...protocols],
    })
  } catch (error) {
    wire.destroy()
    throw handshakeFailure(error, terms, place)
  }
  const outcome = Promise.withResolvers<readonly Certificate[]>()
  socket.once('secureConnect', () => {
    const chain = chainOf(socket, authorities)
    onChain?.(chain)
    if (passes(socket, check)) outcome.resolve(chain)
    // A code, whatever the types say.
    else
      outcome.reject(certificateFailure(String(socket.authorizationError), chain, host, place, clock.now()))
  })
  socket.on('error', (error) => outcome.reject(handshakeFailure(error, terms, place)))
  socket.once('close', () => outcome.reject(failed(place, 'tls', 'tls-closed', { host })))
  try {
    const chain = await within(
      clock,
      limits,
      () => failed(place, 'tls', 'tls-silent', { host, seconds: Math.round(limits.timeoutMs / 1_000) }),
      () => outcome.promise,
    )
    onStep?.('tls', detailOf(socket, check, chain, clock.now()))
    return socket
  } catch (error) {
    socket.destroy()
    wire.destroy()
    throw error
  }
}

const contexts = new WeakMap<readonly string[], SecureContext>()

/** Reading the some hundred authorities of a machine takes ten milliseconds: once for each list of them. */
function contextOf({ authorities, identity }: TlsTerms): SecureContext {
  if (identity !== null) {
    return createSecureContext({
      ca: [...authorities],
      cert: identity.certificate,
      key: identity.key,
      ...(identity.passphrase === null ? {} : { passphrase: identity.passphrase }),
    })
  }
  const known = contexts.get(authorities) ?? createSecureContext({ ca: [...authorities] })
  contexts.set(authorities, known)
  return known
}

/** The chain without the name is enough for `ca`; Node judges the name last. */
function passes(socket: TLSSocket, check: TlsCheck): boolean {
  if (check === 'none' || socket.authorized) return true
  return check === 'ca' && String(socket.authorizationError) === 'ERR_TLS_CERT_ALTNAME_INVALID'
}

function detailOf(
  socket: TLSSocket,
  check: TlsCheck,
  chain: readonly Certificate[],
  now: number,
): StepDetail {
  const end = chainEnd(chain)
  const params = {
    protocol: socket.getProtocol() ?? 'TLS',
    cipher: socket.getCipher().standardName,
    chain: chainText(chain),
    end: dayOf(end ?? undefined),
    days: end === null ? null : Math.floor((end - now) / DAY_MS),
  }
  return { code: check === 'none' ? 'tls-unchecked' : 'tls-chain', params }
}
