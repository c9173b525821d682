/** What the tests of channels share: a receiver that does what a test wants, and one attempt on a channel. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ServerOptions } from 'node:https'
import { afterEach } from 'vitest'
import type { Desktop } from '../../../src/main/engine/alerts/notify/desktop/desktop.ts'
import { messageOf } from '../../../src/main/engine/alerts/notify/message.ts'
import { createAttempt, createDeliver } from '../../../src/main/engine/alerts/notify/registry.ts'
import { type Clock, systemClock } from '../../../src/main/engine/clock.ts'
import type { Log } from '../../../src/main/engine/log.ts'
import { createSecretResolver } from '../../../src/main/engine/vault/resolve.ts'
import type { ChannelInput } from '../../../src/shared/model/channel.ts'
import type { Notification } from '../../../src/shared/model/notification.ts'
import { channelOf, notificationOf } from '../../support/notification.ts'
import { startWebServer } from '../../support/web-server.ts'

const releases: (() => unknown)[] = []

/** Released after the test, the last one first. */
export function afterwards(release: () => unknown): void {
  releases.push(release)
}

afterEach(async () => {
  for (let release = releases.pop(); release !== undefined; release = releases.pop()) await release()
})

export interface Received {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
  readonly at: number
}

export interface Receiver {
  readonly url: string
  readonly requests: readonly Received[]
  /** Connections that are open now. */
  open(): number
}

/** @param answer called once the whole request is there; `200 ok` where it is left out */
export async function startReceiver(
  answer: (response: ServerResponse, request: Received) => unknown = (response) => response.end('ok'),
  tls?: ServerOptions,
): Promise<Receiver> {
  const requests: Received[] = []
  const server = await startWebServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const received: Received = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
        at: Date.now(),
      }
      requests.push(received)
      answer(response, received)
    })
  }, tls)
  afterwards(server.close)
  const scheme = tls === undefined ? 'http' : 'https'
  return { url: `${scheme}://127.0.0.1:${server.port}`, requests, open: server.sockets }
}

export interface AttemptOptions {
  readonly secrets?: Readonly<Record<string, string>>
  readonly notification?: Partial<Notification>
  readonly baseUrl?: string | null
  readonly clock?: Clock
  readonly authorities?: () => readonly string[]
  readonly desktop?: Desktop | null
  readonly log?: Log
}

/** Whatever a channel that works as it should logs about is a failure of the test. */
export const loudLog: Log = {
  debug() {},
  info() {},
  warn() {},
  error(fields, message) {
    throw new Error(`${message}: ${JSON.stringify(fields)}`, { cause: 'err' in fields ? fields.err : null })
  },
}

/** A vault that holds these and nothing else. */
export function resolverOf(secrets: Readonly<Record<string, string>>) {
  return createSecretResolver({
    vault: {
      names: async () => [],
      get: async (name) => secrets[name] ?? null,
      set: async () => {},
      remove: async () => false,
    },
    env: {},
    readFile: async () => Promise.reject(new Error('no files here')),
  })
}

/** One attempt, as the queue makes it. */
export async function attempt(settings: ChannelInput, options: AttemptOptions = {}) {
  const { clock = systemClock, desktop = null, authorities, log = loudLog } = options
  const channel = channelOf(settings)
  const once = createAttempt({
    ...{ clock, log, desktop },
    resolveSecret: resolverOf(options.secrets ?? {}),
    ...(authorities === undefined ? {} : { authorities }),
  })
  const { baseUrl = 'https://vakhta.example.com' } = options
  const deliver = createDeliver(once)
  const message = messageOf(notificationOf(options.notification), { ...channel, baseUrl })
  return deliver(message, channel, new AbortController().signal)
}
