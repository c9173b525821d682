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

/** Lookups of Vakhta itself: they are not what the application's hit rate is about. */
export interface OwnLookups {
  readonly hits: number
  readonly misses: number
}

/** What is left of a count without ours; somebody may have set the server's counters back meanwhile. */
export function withoutOwn(counted: number | null, own: number): number | null {
  return counted === null ? null : Math.max(0, counted - own)
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
