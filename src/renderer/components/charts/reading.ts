/** What a series says at a moment. */
import type { Columns } from './series.ts'

export interface Reading {
  readonly at: number
  readonly min: number | null
  readonly mean: number | null
  readonly max: number | null
}

/**
 * The point nearest to a moment, `null` where none is within `withinMs`: a reading from the far side of a gap would
 * tell of a time that was not observed.
 */
export function readingAt(columns: Columns, moment: number, withinMs: number): Reading | null {
  let low = 0
  let high = columns.at.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((columns.at[middle] ?? 0) < moment) low = middle + 1
    else high = middle
  }
  const distance = (index: number) => Math.abs((columns.at[index] ?? Number.POSITIVE_INFINITY) - moment)
  const index = distance(low - 1) < distance(low) ? low - 1 : low
  const at = columns.at[index]
  if (at === undefined || distance(index) > withinMs) return null
  return {
    at,
    min: columns.min[index] ?? null,
    mean: columns.mean[index] ?? null,
    max: columns.max[index] ?? null,
  }
}

/** Smallest, mean and largest of what is known in a series; `null` where nothing is. */
export function summarise(columns: Columns): { min: number; mean: number; max: number } | null {
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  let sum = 0
  let count = 0
  columns.at.forEach((_, index) => {
    const mean = columns.mean[index] ?? null
    if (mean === null) return
    min = Math.min(min, columns.min[index] ?? mean)
    max = Math.max(max, columns.max[index] ?? mean)
    sum += mean
    count += 1
  })
  return count === 0 ? null : { min, mean: sum / count, max }
}

/** The columns with the newest observed value at their end, where it is of a later step than the last point. */
export function withLatest(columns: Columns, at: number, value: number | null, stepMs: number): Columns {
  const last = columns.at.at(-1)
  if (last !== undefined && at < last + stepMs) return columns
  return {
    at: [...columns.at, at],
    min: [...columns.min, value],
    mean: [...columns.mean, value],
    max: [...columns.max, value],
  }
}
