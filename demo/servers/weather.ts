/**
 * Weather between clients and a server: a TCP relay on a port of its own that is slow, loses packets, falls silent or
 * breaks when it is told to. It stands for the network, needs no rights and works on every system.
 *
 * It is fair at first. What is set holds, for connections that stand too, until `fair()`.
 */
import { connect, createServer, type Server, type Socket } from 'node:net'
import { freePort } from './free-port.ts'
import { handshakeMs } from './packet-loss.ts'
import { type Conditions, createLane, FAIR, type Lane, type Wire } from './weather-lane.ts'

/** How soon a server that was away is found to be back. */
const LOOK_AGAIN_MS = 100

export interface Weather {
  /** On 127.0.0.1. Where nothing listens at the server, nothing does here either from the next connection on. */
  readonly port: number
  /** Ends whatever it was. What was held back in silence arrives, as retransmission would have it. */
  fair(): Promise<void>
  /**
   * @param roundTripMs what `ping` would show: half of it each way
   * @param jitterMs how much longer it takes at most, by chance
   */
  latency(roundTripMs: number, jitterMs?: number): void
  /** @param share of the packets each way, from 0 to below 1: they are sent again, which takes its time */
  loss(share: number): void
  /** Each way, of all connections together. */
  throttle(bytesPerSecond: number): void
  /**
   * Packets are dropped, not refused: neither side hears that the other sends, closes or is gone. New connections are
   * taken by this machine, which cannot help it, and hear nothing; the server does not hear of them.
   */
  blackhole(): void
  /**
   * The server gives up every connection and the clients hear nothing of it: the machine slept, or what translates
   * addresses on the way forgot them. New connections are taken. Gives how many there were.
   */
  abandon(): number
  /** New connections are refused; those that stand are left alone. */
  refuse(): Promise<void>
  /** Resets every connection at both ends; new ones are taken. Gives how many there were. */
  cut(): number
  /** Connections that stand, or wait in silence. */
  connections(): number
  /** Connections that were ever taken. */
  taken(): number
  /** Resets what stands and closes the port. */
  stop(): Promise<void>
}

interface Passage {
  readonly client: Socket
  /** `null`: it came in silence. */
  server: Socket | null
  lanes: readonly Lane[]
  /** One end is gone, in silence. */
  isBroken: boolean
}

/** @param random evenly in [0, 1) */
export async function startWeather({
  to,
  random = Math.random,
}: {
  readonly to: { readonly host: string; readonly port: number }
  readonly random?: () => number
}): Promise<Weather> {
  const port = await freePort()
  const passages = new Set<Passage>()
  const there: Wire = { freeAt: 0 }
  const back: Wire = { freeAt: 0 }
  let conditions = FAIR
  let listener: Server | null = null
  let lookAgain: NodeJS.Timeout | null = null
  let isRefusing = false
  let isStopped = false
  let taken = 0

  function take(client: Socket): void {
    taken += 1
    const passage: Passage = { client, server: null, lanes: [], isBroken: false }
    passages.add(passage)
    client.setNoDelay(true)
    client.on('error', () => lose(passage))
    client.on('close', () => ended(passage))
    if (!conditions.silent) open(passage)
  }

  function open(passage: Passage): void {
    const { client } = passage
    const server = connect({ ...to, noDelay: true, allowHalfOpen: true })
    passage.server = server
    server.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') mirrorAbsence()
      lose(passage)
    })
    server.on('close', () => ended(passage))
    // This machine has told the client already that it is connected; what they say waits as long as that would take.
    const connectedAt = performance.now() + handshakeMs(conditions, random)
    const heardOfAt = connectedAt + conditions.roundTripMs / 2
    const common = { conditions: () => conditions, random }
    passage.lanes = [
      createLane({ ...common, from: client, to: server, wire: there, opensAt: connectedAt }),
      createLane({ ...common, from: server, to: client, wire: back, opensAt: heardOfAt }),
    ]
  }

  /** One end is gone: the other hears of it, unless nothing is heard. */
  function lose(passage: Passage): void {
    if (conditions.silent) passage.isBroken = true
    else drop(passage)
  }

  function ended(passage: Passage): void {
    if (passage.client.destroyed && passage.server?.destroyed !== false) drop(passage)
  }

  /** Resets both ends. */
  function drop(passage: Passage): void {
    if (!passages.delete(passage)) return
    for (const lane of passage.lanes) lane.stop()
    passage.client.resetAndDestroy()
    passage.server?.resetAndDestroy()
  }

  /** One that came in silence is let through where somebody still waits at its other end. */
  function awaken(passage: Passage): void {
    const { client } = passage
    const said: Buffer[] = []
    const listen = (chunk: Buffer): void => void said.push(chunk)
    const leave = (): void => drop(passage)
    client.on('data', listen).on('end', leave).resume()
    // Two turns: the loop has looked at the socket in between, and tells whether its other end is closed.
    setImmediate(() =>
      setImmediate(() => {
        client.off('data', listen).off('end', leave).pause()
        if (!passages.has(passage)) return
        for (const chunk of said.toReversed()) client.unshift(chunk)
        open(passage)
      }),
    )
  }

  async function listen(): Promise<void> {
    if (listener !== null || isStopped || isRefusing) return
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, take)
    listener = server
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ port, host: '127.0.0.1', backlog: 1_024 }, resolve)
    })
  }

  /** The port is closed at once; the listener itself ends with the last of its connections. */
  function hush(): void {
    listener?.close()
    listener = null
  }

  function mirrorAbsence(): void {
    if (isStopped || lookAgain !== null) return
    hush()
    lookAgain = setTimeout(look, LOOK_AGAIN_MS)
  }

  function look(): void {
    const socket = connect(to)
    const again = (): void => {
      if (!isStopped) lookAgain = setTimeout(look, LOOK_AGAIN_MS)
    }
    socket.once('error', again)
    socket.once('connect', () => {
      socket.destroy()
      lookAgain = null
      listen().catch(again)
    })
  }

  function become(next: Conditions): void {
    conditions = next
    for (const { lanes } of passages) for (const lane of lanes) lane.changed()
  }

  await listen()
  return {
    port,
    async fair() {
      become(FAIR)
      for (const passage of [...passages]) {
        if (passage.isBroken) drop(passage)
        else if (passage.server === null) awaken(passage)
      }
      isRefusing = false
      if (lookAgain === null) await listen()
    },
    latency: (roundTripMs, jitterMs = 0) => become({ ...conditions, roundTripMs, jitterMs }),
    loss: (share) => become({ ...conditions, loss: share }),
    throttle: (bytesPerSecond) => become({ ...conditions, bytesPerSecond }),
    blackhole: () => become({ ...conditions, silent: true }),
    abandon() {
      const standing = [...passages]
      for (const { client, server, lanes } of standing) {
        for (const lane of lanes) lane.stop()
        server?.resetAndDestroy()
        client.on('end', () => client.destroy()).resume()
      }
      return standing.length
    },
    async refuse() {
      isRefusing = true
      hush()
    },
    cut() {
      const standing = [...passages]
      for (const passage of standing) drop(passage)
      return standing.length
    },
    connections: () => passages.size,
    taken: () => taken,
    async stop() {
      isStopped = true
      if (lookAgain !== null) clearTimeout(lookAgain)
      for (const passage of [...passages]) drop(passage)
      hush()
    },
  }
}
