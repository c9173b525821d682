/**
 * Gives a connection up without leaving the line: we say good-bye, and stay to hear the server hang up. Until it does, its
 * process is there, whatever that is stuck in; afterwards nothing is left of it.
 */
import { readFileSync } from 'node:fs'
import { isIP, Socket } from 'node:net'
import type { PostgresServer } from '#shared/model/profile/postgres-url.ts'
import type { Wire } from '../way.ts'
import type { Ends } from './introduce.ts'

/** What a server that was cut short still sends; one that sends more only wants to keep us busy. */
const DRAINED_MAX_BYTES = 1024 * 1024
/** How soon it is asked whether the far side is there at all; ten seconds later it is known (libuv asks ten times). */
const KEEP_ALIVE_AFTER_MS = 5_000

export interface HungUp {
  /** Resolves when the line is closed: `ended` by the server, or `lost`, and nobody knows what became of its process. */
  readonly over: Promise<'ended' | 'lost'>
  /** The far side is known to have heard of our good-bye, and not to have closed. */
  isHeld(): boolean
  /** Leaves it after all. */
  destroy(): void
}

/**
 * @param goodbye the protocol's word for it, where one may be said
 * @param isHeld as `farSide` tells
 */
export function hangUp(wire: Wire, goodbye: Buffer | null, isHeld: () => boolean): HungUp {
  let drained = 0
  let isEnded = false
  const over = Promise.withResolvers<'ended' | 'lost'>()
  // Whoever read it is done with it: what still comes is an answer that nobody waits for.
  wire.removeAllListeners('data')
  wire.on('data', (chunk: Buffer) => {
    drained += chunk.length
    if (drained > DRAINED_MAX_BYTES) wire.destroy()
  })
  wire.once('end', () => {
    isEnded = true
  })
  wire.once('close', () => over.resolve(isEnded ? 'ended' : 'lost'))
  wire.setKeepAlive(true, KEEP_ALIVE_AFTER_MS)
  wire.resume()
  if (goodbye === null) wire.end()
  else wire.end(goodbye)
  return {
    over: over.promise,
    isHeld: () => !wire.destroyed && isHeld(),
    destroy: () => wire.destroy(),
  }
}

/** What can be known of the far side of a connection. */
export interface FarSide {
  /** It is known to have heard of our good-bye, and not to have closed. */
  isHeld(): boolean
  /**
   * It is the server itself: nothing in between, a proxy for one, could hold the line when the server is long gone.
   * @param ends as the server has them
   */
  isServer(ends: Ends | null): boolean
}

/**
 * How it can be known that the far side of a connection has it open after our good-bye. A channel is closed by sshd, and a
 * unix socket by the kernel, as soon as the server has closed it. Of TCP only Linux tells whether our good-bye arrived: `false`
 * elsewhere, and where the network swallowed it.
 *
 * The server sees our own port where nothing stands in between; of a channel's it is only known whether the server is where
 * sshd dialled, and only of an address, not of a name.
 * @param wire as it was dialled, before any TLS
 */
export function farSide(wire: Wire, server: PostgresServer): FarSide {
  if (!(wire instanceof Socket)) {
    return {
      isHeld: () => true,
      isServer: (ends) =>
        ends !== null && ends.address === addressOf(server.host) && ends.port === server.port,
    }
  }
  const { localPort, remotePort } = wire
  if (localPort === undefined || remotePort === undefined) {
    return { isHeld: () => true, isServer: (ends) => ends?.clientPort === UNIX }
  }
  return {
    isHeld: () => isGoodbyeTaken(localPort, remotePort),
    isServer: (ends) => ends?.clientPort === localPort,
  }
}

/** What `pg_stat_activity` has for the port of a client at a unix socket. */
const UNIX = -1

/** `undefined`: a name, which is not resolved here. */
function addressOf(host: string): string | undefined {
  return isIP(host) === 0 ? undefined : host
}

/** FIN_WAIT2 in `/proc/net/tcp`: the far side's kernel has acknowledged that we closed, and its program has not. */
const GOODBYE_TAKEN = '05'

function isGoodbyeTaken(localPort: number, remotePort: number): boolean {
  return ['/proc/net/tcp', '/proc/net/tcp6'].some((table) =>
    linesOf(table).some((line) => {
      const [, local = '', remote = '', state] = line.trim().split(/\s+/)
      return state === GOODBYE_TAKEN && portOf(local) === localPort && portOf(remote) === remotePort
    }),
  )
}

function portOf(address: string): number {
  return Number.parseInt(address.slice(address.indexOf(':') + 1), 16)
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'latin1').split('\n')
  } catch {
    return []
  }
}
