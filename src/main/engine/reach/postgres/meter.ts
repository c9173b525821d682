/** Counts what comes from a server, and keeps it within bounds: what sends without end is cut. */
import type { Wire } from '../way.ts'

const IDLE_BYTES = 1024 * 1024

export interface Meter {
  /** Bytes received so far. */
  readonly bytes: number
  /** Until when the server may be busy with us, monotonic: it was heard then, or was to be done with what it was asked. */
  readonly busyUntil: number
  /** Lets that many more bytes through; what a server says unasked (notices, settings) has a little room of its own. */
  allow(bytes?: number): void
  /** It was asked something, and is done with that in so many milliseconds at the latest. */
  asked(timeoutMs: number): void
  /** It answered. */
  answered(): void
}

/**
 * @param onFirst the first bytes of all
 * @param onExcess more came than was allowed
 */
export function createMeter(
  wire: Wire,
  { now, onFirst, onExcess }: { now: () => number; onFirst: (said: Buffer) => void; onExcess: () => void },
): Meter {
  let bytes = 0
  let limit = IDLE_BYTES
  let heardAt = now()
  let dueAt = heardAt
  wire.on('data', (said: Buffer) => {
    heardAt = now()
    if (bytes === 0) onFirst(said)
    bytes += said.length
    if (bytes > limit) onExcess()
  })
  return {
    get bytes() {
      return bytes
    },
    get busyUntil() {
      return Math.max(heardAt, dueAt)
    },
    allow(more = IDLE_BYTES) {
      limit = bytes + more
    },
    asked(timeoutMs) {
      dueAt = now() + timeoutMs
    },
    answered() {
      dueAt = heardAt
    },
  }
}
