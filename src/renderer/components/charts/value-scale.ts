/** How far the value axis reaches: from zero, with the limits in view where the values come near them. */
import type { LimitLine } from './series.ts'

export interface ValueScale {
  /** Fixed ends, for shares of a whole; otherwise from zero to a little over the largest value. */
  readonly kind: 'percent' | 'from-zero'
  /** The least height of the axis in the unit of the values, so that noise around zero is not blown up to drama. */
  readonly atLeast: number
}

/**
 * @param largest the largest value in view, `null` where there is none
 * @param limits a limit is taken in where the largest value is at least half of it: one far away would flatten the line
 */
export function valueRange(
  scale: ValueScale,
  largest: number | null,
  limits: readonly LimitLine[],
): [number, number] {
  if (scale.kind === 'percent') return [0, Math.max(100, largest ?? 0)]
  let top = Math.max(largest ?? 0, scale.atLeast)
  for (const { value } of limits) if (top >= value / 2 && value > top) top = value
  return [0, top * 1.08]
}
