/**
 * Opens one way to the console: a message port in the desktop shell, a WebSocket in a browser. Each way says when it is
 * open and when it ended; it does not come back by itself (`link.ts` opens the next one).
 */
import type { ClientContext, ClientLink } from '@orpc/client'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import { RPCLink as SocketLink } from '@orpc/client/websocket'
import { DESKTOP_ORIGIN, PORT_REQUEST } from '#shared/desktop-port.ts'

export interface Transport {
  readonly calls: ClientLink<ClientContext>
  close(): void
}

export interface TransportEvents {
  opened(): void
  /** Called once, whether it was open or never opened. */
  ended(outcome: 'lost' | 'signed-out'): void
}

export type OpenTransport = (events: TransportEvents) => Transport

/** The way that fits where the page was loaded from. */
export function chooseTransport(location: Location): OpenTransport {
  return location.origin === DESKTOP_ORIGIN
    ? (events) => openPort(location, events)
    : (events) => openSocket(location, events)
}

/** Refusals come in the language that the page speaks at the moment of the call. */
const headers = () => ({ 'accept-language': document.documentElement.lang })

function openPort(location: Location, events: TransportEvents): Transport {
  const { port1, port2 } = new MessageChannel()
  let ended = false
  function end() {
    if (ended) return
    ended = true
    events.ended('lost')
  }
  const calls = new PortLink({ port: port1, headers })
  port1.addEventListener('close', end)
  port1.start()
  window.postMessage(PORT_REQUEST, location.origin, [port2])
  // A port takes messages from the moment it exists: they wait in it until the other end listens.
  queueMicrotask(() => events.opened())
  return {
    calls,
    close() {
      port1.close()
      end()
    },
  }
}

function openSocket(location: Location, events: TransportEvents): Transport {
  const url = new URL('/rpc', location.href)
  url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:'
  const socket = new WebSocket(url)
  socket.binaryType = 'arraybuffer'
  let opened = false
  socket.addEventListener('open', () => {
    opened = true
    events.opened()
  })
  socket.addEventListener('close', () => {
    if (opened) events.ended('lost')
    else void refusal().then(events.ended)
  })
  return { calls: new SocketLink({ websocket: socket, headers }), close: () => socket.close() }
}

/** Why a socket did not open: browsers hide the answer's status from sockets, so the same address is asked in plain HTTP. */
async function refusal(): Promise<'lost' | 'signed-out'> {
  try {
    const answer = await fetch('/rpc', { cache: 'no-store', signal: AbortSignal.timeout(5_000) })
    return answer.status === 401 ? 'signed-out' : 'lost'
  } catch {
    return 'lost'
  }
}
