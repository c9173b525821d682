/** How a connection is encrypted: which ways an `sslmode` tries in which order, and the negotiation with the server. */
import type { PostgresServer, SslMode } from '#shared/model/profile/postgres-url.ts'
import type { Clock } from '../../clock.ts'
import { within } from '../deadline.ts'
import { errorWords, failed, type Place } from '../failed.ts'
import type { Limits, ReachError } from '../reach.ts'
import { secure } from '../secure.ts'
import type { TlsTerms } from '../tls-terms.ts'
import type { OnStep, Wire } from '../way.ts'
import { isSocketFile } from './address.ts'

export type Encryption = 'tls' | 'plain'

const IN_ORDER: Readonly<Record<SslMode, readonly Encryption[]>> = {
  disable: ['plain'],
  allow: ['plain', 'tls'],
  prefer: ['tls', 'plain'],
  require: ['tls'],
  'verify-ca': ['tls'],
  'verify-full': ['tls'],
}

/** What is tried, one after the other: libpq's table 34.1. A unix socket leaves no machine and is never encrypted. */
export function encryptions(sslmode: SslMode, server: PostgresServer): readonly Encryption[] {
  return isSocketFile(server) ? ['plain'] : IN_ORDER[sslmode]
}

/**
 * Whether the other way is worth a try: the server does not admit us this way (pg_hba.conf), which it says before it
 * asks for a password; or no TLS session came about. A password that was refused is not sent again.
 */
export function mayBeOtherwise({ failure }: ReachError): boolean {
  if (failure.code === 'postgres-not-admitted') return true
  return failure.step === 'tls' && failure.recovery === 'by-itself' && failure.code !== 'tls-silent'
}

export interface Negotiation {
  readonly server: PostgresServer
  readonly sslmode: SslMode
  /** TLS begins at once, without asking for it (PostgreSQL 17 on). */
  readonly direct: boolean
  readonly terms: () => Promise<TlsTerms>
  readonly place: Place
  readonly clock: Clock
}

/** Encrypts a wire. Throws a `ReachError`; the wire is destroyed then. `null`: the server has no TLS, and need not. */
export async function negotiateTls(
  wire: Wire,
  { server, sslmode, direct, terms, place, clock }: Negotiation,
  limits: Limits,
  onStep?: OnStep,
): Promise<Wire | null> {
  const { host, port } = server
  try {
    if (direct) {
      const secured = await secure(wire, await terms(), place, clock, limits, onStep)
      if (secured.alpnProtocol !== 'postgresql') {
        throw failed(place, 'tls', 'postgres-without-direct-tls', { host, port })
      }
      return secured
    }
    const answer = await within(
      clock,
      limits,
      () => failed(place, 'tls', 'postgres-silent', { host, port, seconds: limits.timeoutMs / 1_000 }),
      () => askForTls(wire, place, host, port),
    )
    if (answer === 'S') return await secure(wire, await terms(), place, clock, limits, onStep)
    if (sslmode !== 'prefer' && sslmode !== 'allow') {
      throw failed(place, 'tls', 'postgres-without-tls', { host, port, sslmode })
    }
    onStep?.('tls', { code: 'tls-none', params: {} })
    return null
  } catch (error) {
    wire.destroy()
    throw error
  }
}

/** SSLRequest and its answer (section 55.2.10 of the manual): one byte, and nothing behind it before TLS begins. */
async function askForTls(wire: Wire, place: Place, host: string, port: number): Promise<'S' | 'N'> {
  const outcome = Promise.withResolvers<Buffer>()
  const onReadable = (): void => {
    const said: Buffer | null = wire.read()
    if (said !== null) outcome.resolve(said)
  }
  const onEnd = (): void => outcome.reject(failed(place, 'protocol', 'postgres-not-spoken', { host, port }))
  const onError = (error: unknown): void =>
    outcome.reject(failed(place, 'protocol', 'postgres-connection-lost', { words: errorWords(error) }, error))
  wire.on('readable', onReadable)
  wire.once('error', onError)
  wire.once('end', onEnd)
  wire.once('close', onEnd)
  const sslRequest = Buffer.alloc(8)
  sslRequest.writeInt32BE(8, 0)
  sslRequest.writeInt32BE(80_877_103, 4)
  wire.write(sslRequest)
  try {
    const said = await outcome.promise
    const answer = said.toString('latin1')
    // More than the byte was put there by somebody in between, to be taken for what comes encrypted (CVE-2021-23222).
    if (answer === 'S' || answer === 'N') return answer
    throw failed(place, 'protocol', 'postgres-not-spoken', { host, port })
  } finally {
    wire.off('readable', onReadable)
    wire.off('error', onError)
    wire.off('end', onEnd)
    wire.off('close', onEnd)
  }
}
