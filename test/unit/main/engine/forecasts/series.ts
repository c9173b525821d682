/** Series as they are recorded, made with noise from a seeded generator: the same each time. */
import type { Point } from '../../../../../src/main/engine/forecasts/trend.ts'

export type Random = () => number

/** Mulberry32: small, and good enough for noise. Uniform in 0 … 1. */
export function seeded(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Normal with a standard deviation of 1 (Box and Muller). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** Noise whose values resemble the ones before by `alike`, with a standard deviation of 1. */
export function resembling(random: Random, alike: number): () => number {
  let last = normal(random)
  return () => {
    last = alike * last + Math.sqrt(1 - alike * alike) * normal(random)
    return last
  }
}

export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const NOW = Date.UTC(2026, 0, 15, 12)

/** Values at each step of a stretch that ends now; `null` is not observed. */
export function series(count: number, stepMs: number, valueAt: (index: number) => number | null): Point[] {
  return Array.from({ length: count }, (_, index) => ({
    at: NOW - (count - 1 - index) * stepMs,
    value: valueAt(index),
  })).filter((point): point is Point => point.value !== null)
}
