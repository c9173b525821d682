/** GETs from one service over kept-alive connections through a way; bodies, time and connections are bounded. */
import { Agent } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ConnectionHop } from '#shared/model/connection.ts'
import type { Failure } from '#shared/model/failure.ts'
import type { Service } from '#shared/model/profile/service.ts'
import type { Clock } from '../../clock.ts'
import type { SecretResolver } from '../../vault/resolve.ts'
import { bareHost } from '../bare-host.ts'
import { within } from '../deadline.ts'
import { failed, type Place } from '../failed.ts'
import { type HttpAnswer, type HttpSession, type Limits, ReachError } from '../reach.ts'
import { needSecret } from '../secret.ts'
import { secure } from '../secure.ts'
import { tlsTerms } from '../tls-terms.ts'
import type { OnStep, Way } from '../way.ts'
import { exchange } from './exchange.ts'

const CONNECTIONS_AT_MOST = 4
/** A look at a service asks two questions at once. */
const IDLE_CONNECTIONS = 2
const DIAL_TIMEOUT_MS = 10_000

export interface HttpDependencies {
  readonly service: Service
  readonly way: Way
  readonly resolveSecret: SecretResolver
  readonly authorities: () => readonly string[]
  readonly clock: Clock
  readonly onChange: () => void
  readonly onStep?: OnStep
}

export interface SupervisedHttp {
  readonly session: HttpSession
  state(): ConnectionHop
  close(): void
}

export function httpPlace({ url }: Pick<Service, 'url'>): Place {
  const { hostname, port, protocol } = new URL(url)
  return { hop: `HTTP ${hostname}:${port === '' ? defaultPort(protocol) : port}`, on: 'target' }
}

export function createHttpSession(dependencies: HttpDependencies): SupervisedHttp {
  const { service, way, resolveSecret, authorities, clock, onChange, onStep } = dependencies
  const base = new URL(service.url)
  const encrypted = base.protocol === 'https:'
  const place = httpPlace(service)
  const host = bareHost(base.hostname)
  const port = base.port === '' ? defaultPort(base.protocol) : Number(base.port)
  let latencyMs: number | null = null
  let status: ConnectionHop['status'] = 'CONNECTING'
  let error: Failure | null = null
  const closing = new AbortController()

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

  async function dial(): Promise<Duplex> {
    const limits = { signal: closing.signal, timeoutMs: DIAL_TIMEOUT_MS }
    const wire = await way.dial({ host, port }, place, limits, onStep)
    if (!encrypted) return wire
    const { tls } = service
    const check = tls?.check ?? 'full'
    const terms = await tlsTerms(tls, { host, check, authorities }, resolveSecret, place)
    return secure(wire, terms, place, clock, limits, onStep)
  }

  function become(next: ConnectionHop['status'], failure: Failure | null): void {
    const before = { status, code: error?.code }
    status = next
    error = failure
    if (before.status !== next || before.code !== failure?.code) onChange()
  }

  async function get(
    path: string,
    limits: Limits & { maxBytes: number; accept?: string },
  ): Promise<HttpAnswer> {
    closing.signal.throwIfAborted()
    const headers: Record<string, string> = {
      host: base.host,
      accept: limits.accept ?? '*/*',
      'accept-encoding': 'identity',
      'user-agent': 'vakhta',
    }
    if (service.token !== undefined) {
      const token = await needSecret(resolveSecret, service.token, place, 'authentication')
      if (!/^[\x21-\x7e]+$/.test(token))
        throw failed(place, 'authentication', 'http-token-invalid', { reference: service.token })
      headers.authorization = `Bearer ${token}`
    }
    const full = `${base.pathname.replace(/\/$/, '')}${path}`
    const startedAt = clock.monotonic()
    let connected = false
    const late = (): ReachError => {
      if (connected) way.suspect()
      const seconds = limits.timeoutMs / 1_000
      return failed(place, connected ? 'protocol' : 'tcp', connected ? 'http-silent' : 'tcp-silent', {
        host,
        port,
        path: full,
        seconds,
      })
    }
    return within(clock, limits, late, async (inner) => {
      const onConnected = (): void => {
        connected = true
      }
      const question = {
        host,
        port,
        path: full,
        headers,
        maxBytes: limits.maxBytes,
        signal: inner,
        onConnected,
      }
      const first = exchange(agent, question, place)
      const answer = await first.answer.catch((cause: unknown) => {
        const cut = way.down()
        if (cut !== null && !inner.aborted) throw new ReachError(cut)
        // The server closed a kept-alive connection just when it was used; a GET may be sent again.
        if (!first.wasReused() || inner.aborted) throw cause
        return exchange(agent, question, place).answer
      })
      return { ...answer, ms: clock.monotonic() - startedAt }
    })
  }

  return {
    session: {
      async get(path, limits) {
        try {
          const answer = await get(path, limits)
          latencyMs = answer.ms
          become('CONNECTED', null)
          return answer
        } catch (cause) {
          if (cause instanceof ReachError) {
            become(
              cause.failure.recovery === 'person' && cause.failure.on === 'target'
                ? 'REFUSED'
                : 'DISCONNECTED',
              cause.failure,
            )
          }
          throw cause
        }
      },
    },
    state: () => ({ hop: place.hop, kind: 'http', status, ms: latencyMs, error }),
    close() {
      closing.abort(failed(place, 'protocol', 'watch-ended'))
      agent.destroy()
    },
  }
}

function defaultPort(protocol: string): number {
  return protocol === 'https:' ? 443 : 80
}
