/** Connections to one origin through a way: dialled, led through a proxy, encrypted, kept alive for an hour at most. */
import { Agent } from 'node:http'
import type { Certificate } from '#shared/model/certificate.ts'
import { isFailure } from '#shared/model/failure.ts'
import type { Service } from '#shared/model/profile/service.ts'
import type { Clock } from '../../clock.ts'
import type { SecretResolver } from '../../vault/resolve.ts'
import { bareHost } from '../bare-host.ts'
import { chainEnd } from '../certificates.ts'
import { failed, type Place } from '../failed.ts'
import { ReachError } from '../reach.ts'
import { secure } from '../secure.ts'
import { type TlsTerms, tlsTerms } from '../tls-terms.ts'
import type { OnStep, Way, Wire } from '../way.ts'
import { createAdmission } from './admission.ts'
import { connectThrough, nameOf, proxyLogin, proxyOf, proxyRefusal } from './proxy.ts'

const CONNECTIONS_AT_MOST = 4
/** A look at a service asks two questions at once. */
const IDLE_CONNECTIONS = 2
const DIAL_TIMEOUT_MS = 10_000
/** A certificate that was replaced, and an address that changed, are seen after this at the latest. */
const LONGEST_LIFE_MS = 3_600_000

export interface ConnectorContext {
  readonly way: Way
  readonly resolveSecret: SecretResolver
  readonly authorities: () => readonly string[]
  readonly clock: Clock
  /** Evenly in [0, 1). */
  readonly random: () => number
  readonly closing: AbortSignal
}

export interface Connector {
  readonly agent: Agent
  readonly host: string
  readonly port: number
  readonly place: Place
  /** What every request needs to get through: to a proxy without TLS the whole address, and who we are. */
  prepare(): Promise<{ readonly isProxied: boolean; readonly headers: Record<string, string> }>
  /** What the latest server showed, its own certificate first; none without TLS or before it was seen. */
  chain(): readonly Certificate[]
  terms(): TlsTerms | null
  /** Why nothing is connected yet after some time. */
  late(seconds: number): ReachError
  /** Takes note of a failure that came over a connection: credentials that it refuses are not shown again. */
  note(failure: ReachError): void
  /** The proxy's own no, to a request that it should have passed on. */
  proxyRefused(): ReachError | null
  forget(): void
  close(): void
}

/**
 * @param isOwn whether it is the service's own origin: nobody else is shown the client certificate, or asked for under
 *   the name that the profile gives
 */
export function createConnector(
  { url, place, isOwn, onStep }: { url: URL; place: Place; isOwn: boolean; onStep?: OnStep | undefined },
  service: Pick<Service, 'tls' | 'proxy'>,
  { way, resolveSecret, authorities, clock, random, closing }: ConnectorContext,
): Connector {
  const encrypted = url.protocol === 'https:'
  const host = bareHost(url.hostname)
  const port = portOf(url)
  const proxy = service.proxy === undefined ? null : proxyOf(service.proxy)
  const isProxied = proxy !== null && !encrypted
  const admission = createAdmission()
  const born = new WeakMap<object, number>()
  let stage: 'tcp' | 'proxy' | 'tls' = 'tcp'
  let shown = ''
  let chain: readonly Certificate[] = []
  let terms: TlsTerms | null = null

  // One agent of the plain kind: what it is handed is encrypted already where the URL asks for that.
  const agent = new Agent({
    keepAlive: true,
    maxSockets: CONNECTIONS_AT_MOST,
    maxFreeSockets: IDLE_CONNECTIONS,
  })
  agent.createConnection = (_options, done) => {
    dial().then(
      (connection) => done?.(null, connection),
      (cause: Error) => done?.(cause, undefined as never),
    )
    return undefined
  }
  agent.keepSocketAlive = (socket) => {
    // Node's own answers whether the server allows it, whatever the types say.
    const allowed = Agent.prototype.keepSocketAlive.call(agent, socket) as unknown as boolean
    return allowed && isFresh(socket)
  }

  function isFresh(socket: object): boolean {
    const age = clock.monotonic() - (born.get(socket) ?? Number.NEGATIVE_INFINITY)
    const end = terms === null || terms.check === 'none' ? null : chainEnd(chain)
    return age < LONGEST_LIFE_MS && (end === null || end > clock.now())
  }

  async function dial(): Promise<Wire> {
    const limits = { signal: closing, timeoutMs: DIAL_TIMEOUT_MS }
    stage = 'tcp'
    // All secrets first: what is not there, or is rubbish, should not cost the far side a connection.
    const ours = encrypted ? await ownTerms() : null
    const proxyTerms = proxy?.encrypted === true ? await plainTerms(proxy.host, proxy.place) : null
    const login = await proxyHeader()
    const credentials = JSON.stringify([login, ours?.identity ?? null])
    shown = credentials
    admission.check('connection', credentials)
    try {
      const first = proxy ?? { host, port, place }
      let wire = await way.dial({ host: first.host, port: first.port }, first.place, limits, onStep)
      if (proxy !== null && proxyTerms !== null)
        wire = await secure(wire, proxyTerms, proxy.place, clock, limits)
      if (proxy !== null && encrypted) {
        stage = 'proxy'
        wire = await connectThrough(wire, { proxy, login, to: place, target: { host, port } }, clock, limits)
        onStep?.('forward', proxy.place.hop)
      }
      if (ours !== null) {
        stage = 'tls'
        terms = ours
        wire = await secure(wire, ours, place, clock, limits, onStep, (found) => {
          chain = found
        })
      }
      // Nobody closes what is handed to an agent that is closed.
      if (closing.aborted) {
        wire.destroy()
        closing.throwIfAborted()
      }
      // A fleet that was dialled at once is not dialled at once again.
      born.set(wire, clock.monotonic() - random() * (LONGEST_LIFE_MS / 10))
      return wire
    } catch (error) {
      if (error instanceof ReachError) note(error)
      throw error
    }
  }

  function ownTerms(): Promise<TlsTerms> {
    const { tls } = service
    if (!isOwn || tls === undefined) return plainTerms(host, place)
    const check = tls.check
    return tlsTerms(tls, { host, check, authorities, protocols: ['http/1.1'] }, resolveSecret, place)
  }

  /** For whom the profile names no identity: trusted by the same authorities, and as strictly. */
  function plainTerms(name: string, at: Place): Promise<TlsTerms> {
    const { authorities: own, check = 'full' } = service.tls ?? {}
    const tls = own === undefined ? undefined : { authorities: own }
    return tlsTerms(tls, { host: name, check, authorities, protocols: ['http/1.1'] }, resolveSecret, at)
  }

  async function proxyHeader(): Promise<string | null> {
    if (proxy === null || service.proxy === undefined) return null
    return proxyLogin(service.proxy, resolveSecret, proxy.place)
  }

  function note(error: ReachError): void {
    const isRefusal = isFailure(
      error.failure,
      'tls-certificate-wanted',
      'tls-identity-refused',
      'proxy-credentials-needed',
      'proxy-credentials-refused',
    )
    if (isRefusal) admission.refused('connection', shown, error.failure)
  }

  return {
    agent,
    host,
    port,
    place,
    async prepare() {
      const login = isProxied ? await proxyHeader() : null
      // Over a connection that is open already nobody asks again.
      if (isProxied) admission.check('connection', JSON.stringify([login, null]))
      return { isProxied, headers: login === null ? {} : { 'proxy-authorization': login } }
    },
    chain: () => chain,
    terms: () => terms,
    late(seconds) {
      if (stage === 'tls') return failed(place, 'tls', 'tls-silent', { host, seconds })
      if (stage === 'proxy' && proxy !== null)
        return failed(proxy.place, 'forward', 'proxy-silent', { proxy: nameOf(proxy), host, port, seconds })
      const { host: dialled, port: at, place: where } = proxy ?? { host, port, place }
      return failed(where, 'tcp', 'tcp-silent', { host: dialled, port: at, seconds })
    },
    note,
    proxyRefused: () =>
      proxy === null || !isProxied
        ? null
        : proxyRefusal(proxy, new URL(service.proxy?.url ?? '').username !== ''),
    forget: admission.forget,
    close: () => agent.destroy(),
  }
}

export function portOf({ port, protocol }: Pick<URL, 'port' | 'protocol'>): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
}
