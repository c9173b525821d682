/** The drawing of a sparkline: broken where nothing is known, and never a zero that did not happen. */

export interface SparklineShape {
  /** Path of the line; single known points become short dashes. */
  readonly line: string
  /** Height of the limit, or `null` where there is none. */
  readonly limitY: number | null
  /** The newest known point, if it is the last one. */
  readonly end: { readonly x: number; readonly y: number } | null
}

/**
 * Path data in a box of `width` by `height`. The scale begins at 0 and ends a little over the limit, or over the largest
 * value where that is more: a calm series looks calm, and how near the limit is can be seen.
 */
export function sparkline(
  points: readonly (number | null)[],
  limit: number | null,
  width: number,
  height: number,
): SparklineShape {
  const known = points.filter((point) => point !== null)
  const top = Math.max(limit ?? 0, ...known) * 1.1 || 1
  const step = points.length > 1 ? width / (points.length - 1) : width
  const y = (value: number) => round(height - 1 - (value / top) * (height - 2))
  let line = ''
  points.forEach((point, index) => {
    if (point === null) return
    const before = points[index - 1] ?? null
    const after = points[index + 1] ?? null
    const x = round(index * step)
    if (before === null && after === null) line += `M${round(x - step / 2)} ${y(point)}h${round(step)}`
    else line += `${before === null ? 'M' : 'L'}${x} ${y(point)}`
  })
  const last = points.at(-1) ?? null
  return {
    line,
    limitY: limit === null ? null : y(limit),
    end: last === null ? null : { x: round(width), y: y(last) },
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
