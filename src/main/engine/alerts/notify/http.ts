/** One request to a channel over HTTP, with the bounds, the TLS and the proxies of everything else that is asked. */
import type { Channel } from '#shared/model/channel.ts'
import type { Clock } from '../../clock.ts'
import { within } from '../../reach/deadline.ts'
import { failed, type Place } from '../../reach/failed.ts'
import { httpPlace } from '../../reach/http/address.ts'
import { createAsker, type Progress } from '../../reach/http/asker.ts'
import type { Way } from '../../reach/way.ts'
import type { SecretsInUse } from './secrets-in-use.ts'

/** Connection, TLS and answer together. */
const TIMEOUT_MS = 10_000
/** Whoever answers to a message with more is no service of the kind. */
const MAX_BYTES = 16_384
/** Stands for the path of an address that is a secret. */
const HIDDEN_PATH = '/…'

export interface HttpRequest {
  readonly url: URL
  /** The path is a secret, too. */
  readonly isSecret?: boolean
  readonly method?: 'GET' | 'POST'
  /** Lower case. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** What is read of the answer, where a service of the kind has more to say. */
  readonly maxBytes?: number
  /** How the settings of the channel say that it is reached. */
  readonly over: Pick<Extract<Channel, { kind: 'webhook' }>, 'tls' | 'proxy'>
}

export interface HttpReply {
  readonly place: Place
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** As it came: not to be shown. */
  readonly body: string
  /** It was longer, and is cut. */
  readonly truncated: boolean
}

/** Throws a `ReachError` where no answer came. */
export type HttpAsk = (request: HttpRequest, signal: AbortSignal) => Promise<HttpReply>

export interface HttpDependencies {
  readonly way: Way
  readonly secrets: SecretsInUse
  readonly authorities: () => readonly string[]
  readonly clock: Clock
}

export function createHttpAsk({ way, secrets, authorities, clock }: HttpDependencies): HttpAsk {
  return async (
    { url, isSecret = false, method = 'POST', headers = {}, body, over, maxBytes = MAX_BYTES },
    signal,
  ) => {
    const place = httpPlace({ url: url.href })
    const closing = new AbortController()
    const context = { way, resolveSecret: secrets.resolve, authorities, clock, random: Math.random }
    const asker = createAsker({ home: url, place }, over, { ...context, closing: closing.signal })
    const progress: Progress = { connector: null, connected: false }
    const path = isSecret ? HIDDEN_PATH : url.pathname
    const seconds = TIMEOUT_MS / 1_000
    const late = () => {
      if (progress.connector === null || !progress.connected) {
        return (
          progress.connector?.late(seconds) ??
          failed(place, 'tcp', 'tcp-silent', { host: url.hostname, port: url.port, seconds })
        )
      }
      const { host, port } = progress.connector
      return failed(place, 'protocol', 'http-silent', { host, port, path, seconds })
    }
    try {
      return await within(clock, { signal, timeoutMs: TIMEOUT_MS }, late, async (inner) => {
        const asked = {
          method,
          headers,
          ...(body === undefined ? {} : { body }),
          maxBytes,
          shownPath: path,
        }
        const answer = await asker.ask(url, asked, inner, progress)
        const { status, truncated } = answer
        return { place, status, headers: answer.headers, body: answer.body.toString('utf8'), truncated }
      })
    } finally {
      closing.abort(failed(place, 'protocol', 'watch-ended'))
      asker.close()
    }
  }
}
