/** Asks origins over HTTP: each by its own connections, one question again where a kept-alive connection was just closed. */
import type { Certificate } from '#shared/model/certificate.ts'
import { isFailure } from '#shared/model/failure.ts'
import type { Service } from '#shared/model/profile/service.ts'
import type { Place } from '../failed.ts'
import { ReachError } from '../reach.ts'
import type { OnStep } from '../way.ts'
import { ACCEPTED_ENCODINGS } from './body.ts'
import { type Connector, type ConnectorContext, createConnector } from './connector.ts'
import { exchange, type Question, type RawAnswer } from './exchange.ts'

/** Those of a token endpoint and of a chain of redirects; the one that was not asked for longest goes first. */
const MOST_OTHERS = 6

export interface Ask {
  readonly method?: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly maxBytes: number
  /** What failures call the path, where the path itself is a secret. */
  readonly shownPath?: string
}

/** How far a question has come: what to say where its time is over. */
export interface Progress {
  connector: Connector | null
  connected: boolean
}

export interface Asker {
  /** Rejects with a `ReachError`, or with the signal's reason. */
  ask(url: URL, question: Ask, signal: AbortSignal, progress: Progress): Promise<RawAnswer>
  /** The certificates that the home origin showed. */
  chain(): readonly Certificate[]
  forget(): void
  close(): void
}

/** @param home the origin that the profile's identity is for, and whose steps are told */
export function createAsker(
  { home, place, onStep }: { home: URL; place: Place; onStep?: OnStep | undefined },
  service: Pick<Service, 'tls' | 'proxy'>,
  context: ConnectorContext,
): Asker {
  const own = createConnector({ url: home, place, isOwn: true, onStep }, service, context)
  const others = new Map<string, Connector>()

  function connectorTo(url: URL): Connector {
    if (url.origin === home.origin) return own
    const known = others.get(url.origin)
    const at: Place = { hop: `HTTP ${url.host}`, on: 'target' }
    const connector = known ?? createConnector({ url, place: at, isOwn: false }, service, context)
    others.delete(url.origin)
    others.set(url.origin, connector)
    for (const [origin, oldest] of others) {
      if (others.size <= MOST_OTHERS) break
      others.delete(origin)
      oldest.close()
    }
    return connector
  }

  async function ask(url: URL, asked: Ask, signal: AbortSignal, progress: Progress): Promise<RawAnswer> {
    const connector = connectorTo(url)
    const { agent, host, port, terms } = connector
    progress.connector = connector
    progress.connected = false
    const through = await connector.prepare()
    const path = `${url.pathname}${url.search}`
    const { method = 'GET', headers, body, maxBytes, shownPath = url.pathname } = asked
    const question: Question = {
      method,
      host,
      port,
      path: shownPath,
      target: through.isProxied ? `${url.origin}${path}` : path,
      headers: {
        accept: '*/*',
        'accept-encoding': ACCEPTED_ENCODINGS,
        'user-agent': 'vakhta',
        ...headers,
        ...through.headers,
        host: url.host,
        ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
      },
      ...(body === undefined ? {} : { body }),
      maxBytes,
      signal,
      onConnected() {
        progress.connected = true
      },
      terms,
    }
    const first = exchange(agent, question, connector.place)
    const answer = await first.answer.catch((cause: unknown) => {
      if (cause instanceof ReachError) connector.note(cause)
      const cut = context.way.down()
      if (cut !== null && !signal.aborted) throw new ReachError(cut)
      // The server closed a kept-alive connection just when it was used: the question may be asked again.
      const isCut = cause instanceof ReachError && isFailure(cause.failure, 'http-cut')
      if (!first.wasReused() || !isCut || signal.aborted) throw cause
      return exchange(agent, question, connector.place).answer
    })
    const refused = answer.status === 407 ? connector.proxyRefused() : null
    if (refused !== null) {
      connector.note(refused)
      throw refused
    }
    return answer
  }

  return {
    ask,
    chain: own.chain,
    forget() {
      for (const connector of [own, ...others.values()]) connector.forget()
    },
    close() {
      for (const connector of [own, ...others.values()]) connector.close()
      others.clear()
    },
  }
}
