/** The hit rate's window: a rate of a few lookups says nothing, so the status goes by five minutes of at least 1,000. */
import { percentOf } from '../figures.ts'

const WINDOW_MS = 300_000
const ENOUGH_LOOKUPS = 1_000

export interface Lookups {
  /** Monotonic milliseconds. */
  readonly at: number
  readonly hits: number
  readonly misses: number
}

/** Adds an interval's lookups and drops those that are out of the window. */
export function slideWindow(window: readonly Lookups[], latest: Lookups): Lookups[] {
  return [...window.filter(({ at }) => latest.at - at < WINDOW_MS), latest]
}

/** Percent of the window's lookups that hit; `null` while there are fewer than 1,000. */
export function windowHitRate(window: readonly Lookups[]): number | null {
  const hits = window.reduce((sum, look) => sum + look.hits, 0)
  const lookups = hits + window.reduce((sum, look) => sum + look.misses, 0)
  return lookups < ENOUGH_LOOKUPS ? null : percentOf(hits, lookups)
}
