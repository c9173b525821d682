/**
 * The one link of this page to the console: opens a transport, opens the next one when it ends, says how it stands,
 * and carries calls. A call waits a little for a link that is coming back, then fails as `ConnectionLost`.
 */
import type { ClientContext, ClientLink, ClientOptions } from '@orpc/client'
import { reconnectDelayMs } from './backoff.ts'
import type { OpenTransport, Transport } from './transport.ts'

export type LinkState =
  | { readonly status: 'connecting' }
  | { readonly status: 'connected' }
  /** `since`: when it was lost, milliseconds since the epoch. */
  | { readonly status: 'reconnecting'; readonly since: number }
  /** The host does not know this browser: a person has to sign in. */
  | { readonly status: 'signed-out' }

export interface Link extends ClientLink<ClientContext> {
  state(): LinkState
  subscribe(listener: () => void): () => void
  /** Tries at once, whatever it waits for. */
  retry(): void
  /** Gives up a transport that looks open and does not answer. */
  suspect(): void
  close(): void
}

/** The console could not be asked, or the link went away before it answered: what was asked may or may not have been done. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost'
  /** Whether the request had left when the link went away. */
  readonly sent: boolean
  constructor(sent: boolean) {
    super(
      sent ? 'The link to the console was lost before the answer came.' : 'There is no link to the console.',
    )
    this.sent = sent
  }
}

export interface LinkOptions {
  readonly open: OpenTransport
  readonly now?: () => number
  readonly random?: () => number
  /** How long a call waits for the link to come back. */
  readonly patienceMs?: number
}

/** Opens the link at once and keeps it until `close()`. */
export function createLink({
  open,
  now = Date.now,
  random = Math.random,
  patienceMs = 5_000,
}: LinkOptions): Link {
  const listeners = new Set<() => void>()
  let state: LinkState = { status: 'connecting' }
  let transport: Transport | null = null
  let attempt = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let closed = false

  function become(next: LinkState) {
    state = next
    for (const listener of [...listeners]) listener()
  }

  function connect() {
    clearTimeout(timer)
    if (closed || transport !== null) return
    const mine = open({
      opened() {
        if (transport !== mine) return
        attempt = 0
        become({ status: 'connected' })
      },
      ended(outcome) {
        if (transport !== mine) return
        transport = null
        if (closed) return
        if (outcome === 'signed-out') {
          become({ status: 'signed-out' })
          return
        }
        if (state.status !== 'reconnecting') become({ status: 'reconnecting', since: now() })
        timer = setTimeout(connect, reconnectDelayMs(attempt++, random))
      },
    })
    transport = mine
  }

  function subscribe(listener: () => void) {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }

  function connected(signal: AbortSignal | undefined): Promise<Transport> {
    if (state.status === 'connected' && transport !== null) return Promise.resolve(transport)
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => () => {
        clearTimeout(deadline)
        unsubscribe()
        signal?.removeEventListener('abort', aborted)
        act()
      }
      const lost = settle(() => reject(new ConnectionLost(false)))
      const aborted = settle(() => reject(signal?.reason))
      const deadline = setTimeout(lost, patienceMs)
      const unsubscribe = subscribe(() => {
        const found = transport
        if (state.status === 'connected' && found !== null) settle(() => resolve(found))()
        else if (state.status === 'signed-out') lost()
      })
      if (signal?.aborted) aborted()
      else signal?.addEventListener('abort', aborted)
      if (closed || state.status === 'signed-out') lost()
    })
  }

  async function call(path: readonly string[], input: unknown, options: ClientOptions<ClientContext>) {
    const through = await connected(options.signal)
    try {
      return await through.calls.call(path, input, options)
    } catch (error) {
      if (transport !== through && options.signal?.aborted !== true) throw new ConnectionLost(true)
      throw error
    }
  }

  connect()
  return {
    call,
    subscribe,
    state: () => state,
    retry() {
      attempt = 0
      connect()
    },
    suspect() {
      const doubted = transport
      if (doubted === null || closed) return
      transport = null
      become({ status: 'reconnecting', since: now() })
      doubted.close()
      connect()
    },
    close() {
      closed = true
      clearTimeout(timer)
      transport?.close()
      transport = null
      listeners.clear()
    },
  }
}
