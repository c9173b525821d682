/**
 * A histogram's cumulative buckets as two lists beside each other, for there are thousands of them in a minute; and a
 * quantile from them, as Prometheus' `histogram_quantile` estimates it.
 */

/** Observations at or below each bound. */
export interface Buckets {
  /** Ascending; shared by all that were read together. */
  readonly bounds: readonly number[]
  readonly counts: readonly number[]
}

export const NO_BUCKETS: Buckets = { bounds: [], counts: [] }

/** How far each bucket grew between two readings of one process; a bucket that is new counted from 0. */
export function bucketGrowth(before: Buckets, now: Buckets): Buckets {
  const counts = now.counts.map((count, at) => Math.max(0, count - countAt(before, now.bounds, at)))
  return { bounds: now.bounds, counts }
}

/** The count of the bucket that stands at `at` of `bounds`; nearly always both have the same bounds. */
function countAt(buckets: Buckets, bounds: readonly number[], at: number): number {
  const bound = bounds[at]
  const place = buckets.bounds[at] === bound ? at : buckets.bounds.indexOf(bound ?? Number.NaN)
  return buckets.counts[place] ?? 0
}

/** Buckets added up, whatever bounds each has. */
export function sumOfBuckets(all: readonly Buckets[]): Buckets {
  const [first, ...others] = all
  if (first === undefined || others.length === 0) return first ?? NO_BUCKETS
  const bounds = others.every((other) => haveSameBounds(first, other))
    ? first.bounds
    : [...new Set(all.flatMap((one) => one.bounds))].sort((a, b) => a - b)
  const counts = new Array<number>(bounds.length).fill(0)
  for (const one of all) {
    for (let at = 0; at < counts.length; at += 1) counts[at] = (counts[at] ?? 0) + countAt(one, bounds, at)
  }
  return { bounds, counts }
}

function haveSameBounds(a: Buckets, b: Buckets): boolean {
  if (a.bounds === b.bounds) return true
  return a.bounds.length === b.bounds.length && a.bounds.every((bound, at) => bound === b.bounds[at])
}

/**
 * Linear interpolation within the bucket that holds the quantile; the lowest bucket starts at 0; a quantile in the `+Inf`
 * bucket is answered with the highest finite bound (prometheus/promql/quantile.go, `BucketQuantile`).
 * @param q between 0 and 1
 * @returns `null` without observations, without the `+Inf` bucket, or with fewer than two buckets
 */
export function bucketQuantile(q: number, { bounds, counts }: Buckets): number | null {
  if (bounds.length < 2 || bounds.at(-1) !== Number.POSITIVE_INFINITY) return null
  // Counters of several series read one after another may be off by a few: a cumulative count never falls.
  let total = 0
  for (const count of counts) total = Math.max(total, count)
  if (total <= 0) return null
  const rank = q * total
  const index = counts.findIndex((count) => count >= rank)
  let [below, before] = [0, 0]
  for (let at = 0; at < index; at += 1) before = Math.max(before, counts[at] ?? 0)
  if (index > 0) below = bounds[index - 1] ?? 0
  const [bound = 0, count = 0] = [bounds[index], counts[index]]
  if (bound === Number.POSITIVE_INFINITY) return below
  if (index === 0 && bound <= 0) return bound
  return below + (bound - below) * ((rank - before) / (count - before))
}
