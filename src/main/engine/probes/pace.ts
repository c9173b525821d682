/** When to look again: pure decisions of the scheduler. */
import { RAREST_INTERVALS } from '#shared/catalogue/probes.ts'

/** Looks that fail slowly this many times in a row are made rarer. */
const SLOW_FAILURES = 3
const JITTER = 0.05
/** Two looks of one series never follow each other closer than this. */
const SHORTEST_MS = 100
const TOGETHER_MS = 50
/** First looks are spread so that so many begin each second. */
const FIRST_LOOKS_PER_SECOND = 50

export interface PaceInput {
  readonly intervalMs: number
  /** How long the look took. */
  readonly tookMs: number
  /** Looks in a row that failed after more than half an interval: dear for us, and of no use. */
  readonly slowFailures: number
  /** The target asked to be left alone for this long. */
  readonly retryAfterMs: number | null
  /** From 0 to 1. */
  readonly random: number
}

/** Milliseconds from the end of a look to the start of the next one. */
export function nextDelay({ intervalMs, tookMs, slowFailures, retryAfterMs, random }: PaceInput): number {
  const factor =
    slowFailures < SLOW_FAILURES ? 1 : Math.min(RAREST_INTERVALS, 2 ** (slowFailures - SLOW_FAILURES + 1))
  const wanted = Math.max(intervalMs * factor, retryAfterMs ?? 0)
  const jittered = wanted * (1 - JITTER + 2 * JITTER * random)
  // What a target asked for is a lower bound; jitter only lengthens it.
  return Math.max(SHORTEST_MS, jittered - tookMs, retryAfterMs === null ? 0 : retryAfterMs)
}

/**
 * A delay that ends on the next of the marks that all series share: a processor that wakes for several looks at once does
 * less than one that wakes for each. More would begin together than can be timed well beside each other.
 * @param nowMs monotonic
 */
export function untilMark(nowMs: number, delayMs: number): number {
  return Math.ceil((nowMs + delayMs) / TOGETHER_MS) * TOGETHER_MS - nowMs
}

/** Whether a failed look was dear: the time it held on to says so. */
export function failedSlowly(tookMs: number, intervalMs: number): boolean {
  return tookMs > intervalMs / 2
}

/** Milliseconds until a first look, or the first after a gap: soon where there is little to watch, spread otherwise. */
export function firstDelay(intervalMs: number, series: number, random: number): number {
  return Math.min(intervalMs, Math.max(200, (series * 1000) / FIRST_LOOKS_PER_SECOND)) * random
}

/**
 * As `firstDelay`, of one that is added to others: adding a fleet one by one is no burst either.
 * @param aheadMs until when the moments for first looks are taken by those that were added before
 * @returns when to look, and until when they are taken now
 */
export function addedDelay(
  intervalMs: number,
  aheadMs: number,
  random: number,
): { readonly delayMs: number; readonly aheadMs: number } {
  const slotMs = 1000 / FIRST_LOOKS_PER_SECOND
  if (aheadMs + slotMs > intervalMs) return { delayMs: intervalMs * random, aheadMs }
  return { delayMs: aheadMs + slotMs * random, aheadMs: aheadMs + slotMs }
}
