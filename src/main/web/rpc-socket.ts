/** One WebSocket as oRPC sees it: its frames are checked, its answers wait for room, and it can be shut at once. */
import type { WebSocket } from 'ws'
import { type Admission, createAdmission } from './admission.ts'
import { isRpcFrame } from './rpc-frames.ts'

/** How a socket ends, for the client: it comes back after `GOING_AWAY`, and signs in after `SESSION_ENDED`. */
export const CLOSED = { GOING_AWAY: 1001, MALFORMED: 1007, SESSION_ENDED: 4401 } as const

/** A client that does not answer to the end is cut off after this time. */
const CLOSE_TIMEOUT_MS = 1_000

export interface RpcSocket {
  readonly admission: Admission
  /** What oRPC takes a socket for. */
  readonly transport: Pick<WebSocket, 'addEventListener' | 'send'>
  /** Lets nothing more in, ends what is under way, and closes. */
  shut(code: number, reason: string): void
  /** Ends a connection on which nothing comes any more; else asks for a sign of life. */
  checkLife(): void
  waitingBytes(): number
}

export function createRpcSocket(socket: WebSocket): RpcSocket {
  const messageListeners: ((event: { data: string }) => void)[] = []
  const closeListeners: (() => void)[] = []
  let shutting = false
  let alive = true

  const admission = createAdmission({
    waitingBytes: () => socket.bufferedAmount,
    stopReading: () => socket.pause(),
    goOnReading: () => {
      if (!socket.isPaused) return
      // What came while nothing was read, a sign of life among it, comes now.
      alive = true
      socket.resume()
    },
  })

  function end(): void {
    shutting = true
    admission.close()
    for (const listener of closeListeners.splice(0)) listener()
  }

  function shut(code: number, reason: string): void {
    if (shutting) return
    end()
    socket.resume()
    socket.close(code, reason)
    setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MS).unref()
  }

  socket.on('message', (data, isBinary) => {
    if (shutting) return
    const text = isBinary ? '' : data.toString()
    if (!isRpcFrame(text)) return shut(CLOSED.MALFORMED, 'not a call')
    for (const listener of messageListeners) listener({ data: text })
  })
  socket.on('pong', () => {
    alive = true
  })
  socket.on('close', end)
  // A frame that is too large or breaks the protocol; the library closes the socket by itself.
  socket.on('error', () => socket.terminate())

  async function send(data: string | Buffer): Promise<void> {
    if (shutting || socket.readyState !== socket.OPEN) return
    socket.send(data, () => admission.drained())
    await admission.room()
  }

  function addEventListener(type: string, listener: (event: never) => void): void {
    if (type === 'message') messageListeners.push(listener as (event: { data: string }) => void)
    if (type === 'close') closeListeners.push(listener as () => void)
  }

  return {
    admission,
    transport: { addEventListener, send } as unknown as RpcSocket['transport'],
    shut,
    checkLife() {
      if (admission.isStuck()) return socket.terminate()
      if (socket.isPaused) return
      if (!alive) return socket.terminate()
      alive = false
      socket.ping()
    },
    waitingBytes: () => socket.bufferedAmount,
  }
}
