/**
 * The trend of a series, robustly: Theil's and Sen's slope, which a third of wild values does not move, with an interval
 * that takes into account that values close in time resemble each other. Pure.
 *
 * - Slope: the median of the slopes of all pairs (P. K. Sen, "Estimates of the regression coefficient based on Kendall's
 *   tau", JASA 63, 1968). Its interval: the pairs at (N ± z·√Var S) / 2, with Var S of Kendall's statistic (R. O. Gilbert,
 *   "Statistical Methods for Environmental Pollution Monitoring", 1987, section 16.4).
 * - Values that resemble the ones before count for fewer: Var S is multiplied by (1 + φ) / (1 − φ), where φ is the
 *   correlation of neighbouring residuals (S. Yue and C. Wang, Water Resources Management 18, 2004), corrected for its bias
 *   in short series (F. H. C. Marriott and J. A. Pope, Biometrika 41, 1954).
 * - Where φ is so close to 1 that the series cannot be told from one whose steps add up by chance (memory that clients
 *   fill and free), no such interval holds. There the mean step and its own spread count: see `project.ts`.
 */

export interface Point {
  /** In any unit of time. */
  readonly at: number
  readonly value: number
}

export interface Trend {
  /** Per unit of time. */
  readonly slope: number
  /** Standard error of the slope, as if it were distributed normally. */
  readonly error: number
  /** The trend's value at the time of the newest point. */
  readonly level: number
  readonly levelError: number
  /** Median absolute residual, scaled to a standard deviation. */
  readonly spread: number
  /** Standard deviation of what chance adds in one unit of time, growing with its root; 0 where values keep to a line. */
  readonly wander: number
}

/** Where φ may be this, within what so many points can tell, the series may be a walk of chance. */
const LIKE_A_WALK = 0.9
/** 90 % of a normal distribution lie within so many standard deviations. */
const Z90 = 1.645
/** A median absolute deviation of a normal distribution times this is its standard deviation. */
const MAD_TO_DEVIATION = 1.4826

/** @param points ascending in time, at least 3 of them at different times */
export function trendOf(points: readonly Point[]): Trend {
  const n = points.length
  const slopes = pairwiseSlopes(points)
  const slope = quantile(slopes, 0.5)
  const middle = median(points.map(({ at }) => at))
  const level = median(points.map(({ at, value }) => value - slope * (at - middle)))
  const residuals = points.map(({ at, value }) => value - level - slope * (at - middle))
  const spread = MAD_TO_DEVIATION * median(residuals.map(Math.abs))
  const alike = likeness(residuals)
  const newest = points.at(-1) ?? { at: 0, value: 0 }
  const beyond = newest.at - middle

  if (alike + 1.5 / Math.sqrt(n) >= LIKE_A_WALK) return walk(points, spread)
  const inflation = (1 + alike) / (1 - alike)
  const variance = ((n * (n - 1) * (2 * n + 5)) / 18) * inflation
  const reach = (Z90 * Math.sqrt(variance)) / slopes.length / 2
  const low = quantile(slopes, Math.max(0, 0.5 - reach))
  const high = quantile(slopes, Math.min(1, 0.5 + reach))
  const error = ((high - low) / (2 * Z90)) * forFew(n / inflation)
  // The median of n values with a normal distribution has 1.2533 times the error of their mean.
  const middleError = 1.2533 * spread * Math.sqrt(inflation / n)
  return {
    slope,
    error,
    level: level + slope * beyond,
    levelError: Math.hypot(middleError, error * beyond),
    spread,
    wander: 0,
  }
}

/** The mean of the steps, and how much they differ. */
function walk(points: readonly Point[], spread: number): Trend {
  const [first] = points
  const last = points.at(-1)
  if (first === undefined || last === undefined) throw new Error('no points')
  const duration = last.at - first.at
  const slope = (last.value - first.value) / duration
  let squares = 0
  for (let index = 1; index < points.length; index += 1) {
    const [a, b] = [points[index - 1] ?? first, points[index] ?? last]
    squares += (b.value - a.value - slope * (b.at - a.at)) ** 2 / (b.at - a.at)
  }
  const wander = Math.sqrt(squares / (points.length - 2))
  return {
    slope,
    error: (wander / Math.sqrt(duration)) * forFew(points.length),
    level: last.value,
    levelError: 0,
    spread,
    wander,
  }
}

/** What Student's t has over the normal distribution at 90 %, to the first order (A&S 26.7.5), where few points count. */
function forFew(count: number): number {
  return 1 + (Z90 * Z90 + 1) / (4 * Math.max(1, count - 2))
}

/** How much neighbouring residuals resemble each other: 0 to 1, without the bias that short series have. */
function likeness(residuals: readonly number[]): number {
  const n = residuals.length
  const mean = residuals.reduce((sum, value) => sum + value, 0) / n
  let together = 0
  let alone = 0
  for (let index = 0; index < n; index += 1) {
    const here = (residuals[index] ?? 0) - mean
    alone += here * here
    if (index > 0) together += here * ((residuals[index - 1] ?? 0) - mean)
  }
  // What is on the line to the last digit resembles nothing.
  if (alone <= 1e-18 * n) return 0
  const seen = together / alone
  const corrected = (seen + 2 / n) / (1 - 4 / n)
  return Math.min(1, Math.max(0, corrected))
}

function pairwiseSlopes(points: readonly Point[]): Float64Array {
  const slopes = new Float64Array((points.length * (points.length - 1)) / 2)
  let count = 0
  for (const [index, a] of points.entries()) {
    for (let other = index + 1; other < points.length; other += 1) {
      const b = points[other]
      if (b === undefined || b.at <= a.at) continue
      slopes[count] = (b.value - a.value) / (b.at - a.at)
      count += 1
    }
  }
  return slopes.subarray(0, count).sort()
}

function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1)
  const below = sorted[Math.floor(place)] ?? Number.NaN
  const above = sorted[Math.ceil(place)] ?? below
  return below + (above - below) * (place - Math.floor(place))
}

export function median(values: readonly number[]): number {
  return quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  )
}
