/**
 * The contract over WebSockets at `/rpc`: how many there may be, how much each may ask for, and when one is closed. oRPC
 * does the calls; it slows nothing down by itself.
 */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { RPCHandler } from '@orpc/server/ws'
import { WebSocketServer } from 'ws'
import { chooseLanguage } from '#shared/locales/languages.ts'
import type { ApiContext } from '../api/context.ts'
import { speakAsAsked } from '../api/language.ts'
import type { Api } from '../api/router.ts'
import type { Actor } from '../engine/policy/actor.ts'
import type { Admission } from './admission.ts'
import { CLOSED, createRpcSocket, type RpcSocket } from './rpc-socket.ts'

export const MOST_FRAME_BYTES = 1024 * 1024
export const MOST_SOCKETS = 64
const PING_MS = 15_000

interface SocketContext extends ApiContext {
  readonly admission: Admission
}

export interface SocketCaller {
  readonly actor: Actor
  /** Of the session that it was opened with; `null` with a token. */
  readonly sessionKey: string | null
}

export interface Sockets {
  hasRoom(): boolean
  /** Takes over a request that was let in. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer, caller: SocketCaller): void
  /** Closes the sockets of a session that ended. */
  endSession(key: string): void
  count(): number
  /** Bytes that wait to be read by clients, over all sockets. */
  waitingBytes(): number
  /** Closes all of them; those that do not answer are cut off after a second. */
  stop(): void
}

/** @param options.pingMs how often each is asked for a sign of life */
export function createSockets({ api, pingMs = PING_MS }: { api: Api; pingMs?: number }): Sockets {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MOST_FRAME_BYTES,
    perMessageDeflate: false,
  })
  const open = new Map<RpcSocket, string | null>()
  const handler = createHandler(api)
  const pings = setInterval(() => {
    for (const socket of open.keys()) socket.checkLife()
  }, pingMs)
  pings.unref()

  return {
    hasRoom: () => open.size < MOST_SOCKETS,
    accept(request, duplex, head, { actor, sessionKey }) {
      server.handleUpgrade(request, duplex, head, (webSocket) => {
        const socket = createRpcSocket(webSocket)
        open.set(socket, sessionKey)
        webSocket.on('close', () => open.delete(socket))
        const language = chooseLanguage(request.headers['accept-language'])
        const context: SocketContext = { actor, language, host: 'web', admission: socket.admission }
        void handler.upgrade(socket.transport, { context })
      })
    },
    endSession(key) {
      for (const [socket, sessionKey] of open) {
        if (sessionKey === key) socket.shut(CLOSED.SESSION_ENDED, 'the session ended')
      }
    },
    count: () => open.size,
    waitingBytes: () => [...open.keys()].reduce((sum, socket) => sum + socket.waitingBytes(), 0),
    stop() {
      clearInterval(pings)
      for (const socket of open.keys()) socket.shut(CLOSED.GOING_AWAY, 'the console stops')
      server.close()
    },
  }
}

/** Every call holds a place in its socket's admission until it is answered; a stream, until it ends. */
function createHandler(api: Api): RPCHandler<SocketContext> {
  return new RPCHandler<SocketContext>(api, {
    rootInterceptors: [
      speakAsAsked,
      async ({ next, ...call }) => {
        const { context, request } = call
        const leave = await context.admission.enter(request.signal).catch(() => null)
        // Gone before its turn: nobody reads this answer.
        if (leave === null) return { matched: true, response: { status: 499, headers: {}, body: undefined } }
        let streams = false
        try {
          const result = await next(call)
          if (!result.matched || !isStream(result.response.body)) return result
          streams = true
          // A stream that is given up before its first event never comes to its end.
          request.signal?.addEventListener('abort', leave, { once: true })
          return {
            ...result,
            response: { ...result.response, body: untilEnded(result.response.body, leave) },
          }
        } finally {
          if (!streams) leave()
        }
      },
    ],
  })
}

function isStream(body: unknown): body is AsyncIteratorObject<unknown, unknown, void> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body && 'next' in body
}

async function* untilEnded(stream: AsyncIteratorObject<unknown, unknown, void>, ended: () => void) {
  try {
    return yield* stream
  } finally {
    ended()
  }
}
