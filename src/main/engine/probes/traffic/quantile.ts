/** A quantile from a histogram's cumulative buckets, as Prometheus' `histogram_quantile` estimates it. */

/** Upper bounds of buckets → observations at or below them, cumulative, over an interval. */
export type Buckets = ReadonlyMap<number, number>

/**
 * Linear interpolation within the bucket that holds the quantile; the lowest bucket starts at 0; a quantile in the `+Inf`
 * bucket is answered with the highest finite bound (prometheus/promql/quantile.go, `BucketQuantile`).
 * @param q between 0 and 1
 * @returns `null` without observations, without the `+Inf` bucket, or with fewer than two buckets
 */
export function bucketQuantile(q: number, buckets: Buckets): number | null {
  const sorted = [...buckets].sort(([a], [b]) => a - b)
  const last = sorted.at(-1)
  if (sorted.length < 2 || last === undefined || last[0] !== Number.POSITIVE_INFINITY) return null
  // Counters of several series read one after another may be off by a few: a cumulative count never falls.
  let most = 0
  const cumulative = sorted.map(([bound, count]): [number, number] => {
    most = Math.max(most, count)
    return [bound, most]
  })
  const total = most
  if (total <= 0) return null
  const rank = q * total
  const index = cumulative.findIndex(([, count]) => count >= rank)
  const [bound, count] = cumulative[index] ?? last
  const [below, before] = index > 0 ? (cumulative[index - 1] ?? [0, 0]) : [0, 0]
  if (bound === Number.POSITIVE_INFINITY) return below
  if (index === 0 && bound <= 0) return bound
  return below + (bound - below) * ((rank - before) / (count - before))
}
