/** Where nobody looked: the stretches that charts hatch. */
import type { Stretch } from './series.ts'

/**
 * The stretches of `window` longer than `gapMs` in which there is no point: before the first, between two, and after the
 * last. What was not observed has no points, so these are not observed whoever forgot to say so.
 *
 * @param at moments of the points, ascending
 * @param stepMs how much of the time after its moment a point speaks for
 */
export function stretchesWithoutPoints(
  at: readonly number[],
  window: Stretch,
  gapMs: number,
  stepMs: number,
): Stretch[] {
  const stretches: Stretch[] = []
  // The same measure as where lines break: what no line bridges is hatched.
  let last = window.from
  let covered = window.from
  for (const moment of at) {
    if (moment > window.to) break
    if (moment - last > gapMs) stretches.push({ from: covered, to: moment })
    last = Math.max(last, moment)
    covered = Math.max(covered, moment + stepMs)
  }
  if (window.to - last > gapMs) stretches.push({ from: covered, to: window.to })
  return stretches
}

/** The same time without overlaps, ascending; stretches that touch become one. */
export function mergeStretches(stretches: readonly Stretch[]): Stretch[] {
  const merged: { from: number; to: number }[] = []
  for (const { from, to } of [...stretches].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1)
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to)
    else if (to > from) merged.push({ from, to })
  }
  return merged
}

/** Whether a moment lies within one of the stretches. */
export function isWithin(stretches: readonly Stretch[], moment: number): boolean {
  return stretches.some(({ from, to }) => moment > from && moment < to)
}
