/** Which stretch of time a hand-over is of. Pure. */
const HOUR_MS = 3_600_000

export const LENGTHS = {
  '8h': 8 * HOUR_MS,
  '12h': 12 * HOUR_MS,
  '24h': 24 * HOUR_MS,
  '3d': 72 * HOUR_MS,
  '7d': 168 * HOUR_MS,
} as const
export type Length = keyof typeof LENGTHS

/** Milliseconds since the epoch. */
export interface Period {
  readonly from: number
  readonly to: number
}

export function endingAt(length: Length, now: number): Period {
  return { from: now - LENGTHS[length], to: now }
}
