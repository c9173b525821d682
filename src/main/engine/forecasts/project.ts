/**
 * Whether a series will reach a limit, when, and with which doubt; or why that cannot be said of it. Pure.
 *
 * It is asked of several windows, the shortest first: what began half an hour ago counts more than last week, and what takes
 * weeks is not seen in half an hour. Nothing is foretold further ahead than a few times as long as was looked back.
 */
import type { NotForetold } from '#shared/model/forecast.ts'
import { median, type Point, type Trend, trendOf } from './trend.ts'

/** Times in milliseconds since the epoch. */
export interface Question {
  /** What was seen within each window, ascending in time; the shortest window first. */
  readonly windows: readonly SeenWindow[]
  readonly limit: number
  readonly now: number
  /** Nothing beyond is foretold. */
  readonly horizonMs: number
}

export interface SeenWindow {
  readonly lengthMs: number
  /** Between two points; where some are missing nobody looked. */
  readonly stepMs: number
  readonly points: readonly Point[]
}

export interface Projection {
  /** Per millisecond. */
  readonly slope: { readonly low: number; readonly likely: number; readonly high: number }
  readonly at: { readonly earliest: number; readonly likely: number; readonly latest: number }
  /** Where the trend stands now. */
  readonly level: number
  readonly observedMs: number
}

export type Answer =
  | { readonly foretold: Projection }
  /** `slope`: of the window that told most, where there is a trend nevertheless. */
  | {
      readonly why: NotForetold
      readonly slope: Projection['slope'] | null
      readonly observedMs: number | null
    }

/** With fewer the range holds less often than it says: measured in the tests. */
const FEWEST_POINTS = 24
/** Of a window so much has to have been seen, from end to end. */
const LEAST_SHARE = 0.6
/** The newest point may be so many steps old. */
const STALE_STEPS = 3
/** How many times further ahead than back. */
const SIGHT = 6
/** Two-sided 99 %: what is offered to somebody who is woken by it. */
const Z_OFFERED = 2.576
const Z_RANGE = 1.645
/** The rise has to be so much more than what values differ from the line. */
const LEAST_RISE = 2
/** A range that is wider helps nobody: the latest so many times as far away as the earliest. */
const WIDEST = 12

/** The first of these that is said of any window counts more than those after it. */
const WEIGHT: readonly NotForetold[] = [
  'beyond-its-peaks',
  'within-sight',
  'slowing',
  'steady',
  'a-trend',
  'rising',
  'observed-now',
  'observed-enough',
]

export function project({ windows, limit, now, horizonMs }: Question): Answer {
  const newest = windows.flatMap(({ points }) => points.at(-1) ?? []).sort((a, b) => b.at - a.at)[0]
  if (newest === undefined) return { why: 'observed-enough', slope: null, observedMs: null }
  if (newest.value >= limit) return { why: 'before-it-is-full', slope: null, observedMs: null }
  // A tooth that is longer than a window looks like a trend within it.
  const teeth = windows.some((window) => isWithinTeeth(window))
  const said: { why: NotForetold; trend: Trend | null; window: SeenWindow }[] = []
  for (const window of windows) {
    const judged = judge(window, limit, now, horizonMs)
    if ('foretold' in judged && !teeth) return judged
    said.push({
      why: 'foretold' in judged ? 'beyond-its-peaks' : judged.why,
      trend: 'foretold' in judged ? null : judged.trend,
      window,
    })
  }
  const [first] = said.toSorted((a, b) => WEIGHT.indexOf(a.why) - WEIGHT.indexOf(b.why))
  if (first === undefined) return { why: 'observed-enough', slope: null, observedMs: null }
  const hasTrend = first.why === 'within-sight' && first.trend !== null
  return {
    why: first.why,
    slope: hasTrend && first.trend !== null ? slopeOf(first.trend) : null,
    observedMs: hasTrend ? lengthOf(first.window.points) : null,
  }
}

type Judged = { readonly foretold: Projection } | { readonly why: NotForetold; readonly trend: Trend | null }

function judge(window: SeenWindow, limit: number, now: number, horizonMs: number): Judged {
  const because = (why: NotForetold, trend: Trend | null = null): Judged => ({ why, trend })
  const last = window.points.at(-1)
  if (last === undefined) return because('observed-enough')
  if (now - last.at > STALE_STEPS * window.stepMs) return because('observed-now')
  const points = sinceLastDrop(window.points)
  const wanted = points.length < window.points.length ? LEAST_SHARE / 2 : LEAST_SHARE
  if (points.length < FEWEST_POINTS || lengthOf(points) < wanted * window.lengthMs) {
    return because('observed-enough')
  }
  const trend = trendOf(points)
  const rise = trend.slope * lengthOf(points)
  // A rise within the last digits of a number is none.
  if (!(trend.slope > 0) || rise <= 1e-9 * Math.abs(last.value)) return because('rising')
  if (trend.slope - Z_OFFERED * trend.error <= 0 || rise < LEAST_RISE * trend.spread)
    return because('a-trend')
  if (isStep(points, trend)) return because('steady')
  const recent = trendOf(points.slice(-Math.max(FEWEST_POINTS, Math.ceil(points.length / 3))))
  if (isSlower(recent, trend)) return because('slowing')

  const level = trend.level + trend.slope * (now - last.at)
  const left = Math.max(0, limit - level)
  const likely = left / trend.slope
  const sight = Math.min(horizonMs, SIGHT * lengthOf(points))
  if (likely > sight) return because('within-sight', trend)
  const earliest = crossing(trend, left, Z_RANGE)
  const latest = crossing(trend, left, -Z_RANGE)
  if (latest === null || latest > Math.max(WIDEST * (earliest ?? 0), 4 * sight)) return because('a-trend')
  return {
    foretold: {
      slope: slopeOf(trend),
      at: { earliest: now + (earliest ?? 0), likely: now + likely, latest: now + latest },
      level: Math.min(level, limit),
      observedMs: lengthOf(points),
    },
  }
}

function slopeOf({ slope, error }: Trend): Projection['slope'] {
  return { low: Math.max(0, slope - Z_RANGE * error), likely: slope, high: slope + Z_RANGE * error }
}

function lengthOf(points: readonly Point[]): number {
  return (points.at(-1)?.at ?? 0) - (points[0]?.at ?? 0)
}

/**
 * After how long a line comes to the limit that is `z` standard errors above (or below) the likely one; what chance adds
 * grows with the root of time, as it does for a walk with drift. `null`: never.
 */
function crossing(
  { slope, error, levelError, wander, spread }: Trend,
  left: number,
  z: number,
): number | null {
  const above = (ms: number) =>
    slope * ms + z * Math.hypot(levelError, error * ms, wander * Math.sqrt(ms)) - left
  // Values above the line come to the limit before the line does.
  const margin = z > 0 ? Math.min(spread, left) : 0
  if (above(0) + margin >= 0) return 0
  let high = left / slope
  for (let doubled = 0; above(high) + margin < 0; doubled += 1) {
    if (doubled > 12) return null
    high *= 2
  }
  let low = 0
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2
    if (above(middle) + margin < 0) low = middle
    else high = middle
  }
  return high
}

/** Whether the newest third rises clearly less than the whole: it comes to rest. */
function isSlower(recent: Trend, whole: Trend): boolean {
  const difference = whole.slope - recent.slope
  const rests = recent.slope < whole.slope / 3 && recent.slope - recent.error <= 0
  return difference > Z_RANGE * Math.hypot(recent.error, whole.error) || rests
}

/** Whether one jump between two levels tells the series better than its line does (absolute residuals, as robust as that). */
function isStep(points: readonly Point[], { slope }: Trend): boolean {
  const values = points.map(({ value }) => value)
  const split = largestJump(values)
  const ofLine = deviations(points.map(({ at, value }) => value - slope * at))
  return deviations(values.slice(0, split)) + deviations(values.slice(split)) < ofLine
}

/** Where two levels part a series best, by least squares, which one pass tells. */
function largestJump(values: readonly number[]): number {
  const total = values.reduce((sum, value) => sum + value, 0)
  const margin = Math.max(2, Math.floor(values.length / 10))
  let before = 0
  let best = { split: margin, parted: -1 }
  for (const [index, value] of values.entries()) {
    const [left, right] = [index, values.length - index]
    // The sum of squares between the two levels.
    const parted =
      left < margin || right < margin ? -1 : (before - (left * total) / values.length) ** 2 / (left * right)
    if (parted > best.parted) best = { split: index, parted }
    before += value
  }
  return best.split
}

function deviations(values: readonly number[]): number {
  const middle = median(values)
  return values.reduce((sum, value) => sum + Math.abs(value - middle), 0)
}

/** A fall is a drop where it undoes much of what the window rose, at once. */
const DROP_SHARE = 0.3
const DROP_TIMES_USUAL = 6

/** Where the series falls, and stays down: the index of the first point after each fall. One wild value is no fall. */
function drops(points: readonly Point[]): number[] {
  const values = points.map(({ value }) => value)
  const range = Math.max(...values) - Math.min(...values)
  const usual = median(values.slice(1).map((value, index) => Math.abs(value - (values[index] ?? value))))
  const least = Math.max(DROP_SHARE * range, DROP_TIMES_USUAL * usual)
  const found: number[] = []
  for (let at = 1; at < values.length - 1; at += 1) {
    const fell = (values[at - 1] ?? 0) - (values[at] ?? 0)
    const stays = median(values.slice(Math.max(0, at - 3), at)) - median(values.slice(at, at + 3))
    if (fell > 0 && stays > 0 && stays >= least && fell >= least / 2) found.push(at)
  }
  return found
}

function sinceLastDrop(points: readonly Point[]): readonly Point[] {
  const at = drops(points).at(-1)
  if (at === undefined) return points
  // The step after it may still be a part of it.
  const rest = points.slice(at)
  const [first, second] = rest
  return first !== undefined && second !== undefined && second.value < first.value ? rest.slice(1) : rest
}

/** Whether it fell back at least twice, and is not beyond where it fell from. */
function isWithinTeeth({ points }: SeenWindow): boolean {
  const found = drops(points).filter((at, index, all) => index === 0 || at - (all[index - 1] ?? 0) > 2)
  if (found.length < 2) return false
  const peaks = found.map((at) => Math.max(points[at - 1]?.value ?? 0, points[at - 2]?.value ?? 0))
  return (points.at(-1)?.value ?? 0) <= Math.max(...peaks) * 1.02
}
