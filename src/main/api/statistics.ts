/** How a metric did over a window, from the columns of its history. */
import type { RangeSeries } from '#shared/model/range.ts'

export interface Summary {
  readonly min: number | null
  readonly mean: number | null
  readonly max: number | null
  readonly last: number | null
}

/**
 * @param series the metric's columns, one per target; steps are of equal width, so their means weigh the same
 * @param last the value that is known now; else the newest known mean
 */
export function summarize(series: readonly RangeSeries[], last: number | null): Summary {
  const known = (column: 'min' | 'mean' | 'max') =>
    series.flatMap((one) => one[column]).filter((value) => value !== null)
  const means = known('mean')
  return {
    min: extreme(known('min'), Math.min),
    mean: means.length === 0 ? null : means.reduce((sum, value) => sum + value, 0) / means.length,
    max: extreme(known('max'), Math.max),
    last: last ?? means.at(-1) ?? null,
  }
}

/** By reduction: as arguments, a column of years would overflow the stack. */
function extreme(values: readonly number[], choose: (a: number, b: number) => number): number | null {
  return values.length === 0 ? null : values.reduce((best, value) => choose(best, value))
}
