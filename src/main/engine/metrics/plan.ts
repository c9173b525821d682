/** Which rows answer a range, and how wide its points are. Pure. */
import { DAY_MS, GRAIN_MS, HOUR_MS, MINUTE_MS, type Source } from './grains.ts'
import type { Retention } from './history.ts'

/** Up to this long a range is made of observations even where minutes would do. */
const RAW_UP_TO_MS = 6 * HOUR_MS

/** Widths that people read without arithmetic. Each is a multiple of its source's grain. */
const STEPS_MS = [
  ...[1, 2, 5, 10, 15, 20, 30].map((seconds) => seconds * 1_000),
  ...[1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 4, 6, 8, 12].map((hours) => hours * HOUR_MS),
  ...[1, 2, 4, 7].map((days) => days * DAY_MS),
]

export interface RangePlan {
  readonly source: Source
  /** Width of a point; points begin at multiples of it since the epoch, so that they stand still as a window moves on. */
  readonly stepMs: number
}

/**
 * The coarsest rows that still give as many points as were asked for, among those that reach back far enough.
 * The steps that a range touches are never more than `points`.
 */
export function planRange(
  { from, to, points }: { from: number; to: number; points: number },
  retention: Retention,
  now: number,
): RangePlan {
  const length = to - from
  const source = sourceOf(length, length / points, now - from, retention)
  // A range of n whole steps touches n + 1 of them.
  const least = Math.max(length / (points - 1), GRAIN_MS[source])
  const stepMs = STEPS_MS.find((step) => step >= least) ?? Math.ceil(least / (7 * DAY_MS)) * 7 * DAY_MS
  return { source, stepMs }
}

function sourceOf(length: number, pointMs: number, age: number, retention: Retention): Source {
  const isRawWorthIt = length <= RAW_UP_TO_MS || pointMs < MINUTE_MS
  if (isRawWorthIt && age <= retention.rawMs) return 'raw'
  if (pointMs < HOUR_MS && age <= retention.minuteMs) return 'minute'
  return age <= retention.minuteMs && length <= DAY_MS ? 'minute' : 'hour'
}
