/** One direction of one connection in some weather: what comes in goes out later, in order, and no faster than it may. */
import type { Socket } from 'node:net'
import { congestedBytesPerSecond, lateness } from './packet-loss.ts'

export interface Conditions {
  /** Of a packet there and one back. */
  readonly roundTripMs: number
  /** How much longer a round trip may take by chance. */
  readonly jitterMs: number
  /** The share of packets that get lost, each way. */
  readonly loss: number
  /** Each way, of all connections together. */
  readonly bytesPerSecond: number
  /** Every packet is dropped, in silence. */
  readonly silent: boolean
}

export const FAIR: Conditions = {
  roundTripMs: 0,
  jitterMs: 0,
  loss: 0,
  bytesPerSecond: Number.POSITIVE_INFINITY,
  silent: false,
}

/** What is on its way at most, as a TCP window bounds it. */
const IN_FLIGHT_BYTES = 1 << 20

/** What all connections share in one direction: when it is free again, by `performance.now()`. */
export interface Wire {
  freeAt: number
}

export interface Lane {
  /** The conditions are others now. */
  changed(): void
  stop(): void
}

interface Parcel {
  /** `null`: no more comes from there. */
  readonly chunk: Buffer | null
  readonly arrivesAt: number
}

/** @param opensAt when the first packet may leave, by `performance.now()` */
export function createLane({
  from,
  to,
  wire,
  conditions,
  random,
  opensAt,
}: {
  readonly from: Socket
  readonly to: Socket
  readonly wire: Wire
  readonly conditions: () => Conditions
  readonly random: () => number
  readonly opensAt: number
}): Lane {
  const parcels: Parcel[] = []
  let inFlight = 0
  let lastArrival = 0
  /** Congestion slows each connection for itself. */
  let sentBy = opensAt
  let isFull = false
  let isStopped = false
  let timer: NodeJS.Timeout | null = null

  function takeIn(chunk: Buffer | null): void {
    if (isStopped) return
    const { roundTripMs, jitterMs, loss, bytesPerSecond } = conditions()
    const now = performance.now()
    const bytes = chunk?.length ?? 0
    wire.freeAt = Math.max(now, wire.freeAt) + (bytes / bytesPerSecond) * 1_000
    const congestedMs = (bytes / congestedBytesPerSecond({ loss, roundTripMs })) * 1_000
    sentBy = Math.max(wire.freeAt, Math.max(now, sentBy) + congestedMs)
    const way = (roundTripMs + random() * jitterMs) / 2 + lateness(bytes, { loss, roundTripMs }, random)
    // In order: what overtook a late packet waits for it.
    lastArrival = Math.max(lastArrival, sentBy + way)
    parcels.push({ chunk, arrivesAt: lastArrival })
    inFlight += bytes
    deliver()
  }

  function deliver(): void {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (isStopped) return
    const now = performance.now()
    while (!isFull && !conditions().silent) {
      const next = parcels[0]
      if (next === undefined) break
      if (next.arrivesAt > now) {
        timer = setTimeout(deliver, Math.ceil(next.arrivesAt - now))
        break
      }
      parcels.shift()
      if (next.chunk === null) {
        to.end()
      } else {
        inFlight -= next.chunk.length
        isFull = !to.write(next.chunk)
      }
    }
    // Reads on as long as there is room on the way, and anything gets through.
    if (isFull || inFlight > IN_FLIGHT_BYTES || conditions().silent) from.pause()
    else from.resume()
  }

  from.on('data', takeIn)
  from.on('end', () => takeIn(null))
  to.on('drain', () => {
    isFull = false
    deliver()
  })
  deliver()
  return {
    changed: deliver,
    stop() {
      isStopped = true
      if (timer !== null) clearTimeout(timer)
      parcels.length = 0
    },
  }
}
