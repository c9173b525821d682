/** Several series on one time axis, as uPlot wants them: `null` breaks a line, `undefined` only fills the grid. */
import type uPlot from 'uplot'
import type { Columns, Stretch } from './series.ts'

type Cell = number | null | undefined
type Point = {
  readonly at: number
  readonly min: number | null
  readonly mean: number | null
  readonly max: number | null
}

/**
 * Joins the columns of all series: x, then mean, min and max of each. Where two points are further apart than `gapMs`,
 * or a stretch that was not observed lies between them, a `null` is put in, so that no line bridges what nobody saw.
 */
export function alignColumns(
  series: readonly Columns[],
  stretches: readonly Stretch[],
  gapMs: number,
): uPlot.AlignedData {
  const broken = series.map((columns) => breakLines(columns, stretches, gapMs))
  const moments = new Set<number>()
  for (const points of broken) for (const point of points) moments.add(point.at)
  const x = [...moments].sort((a, b) => a - b)
  const row = new Map(x.map((moment, index) => [moment, index]))
  const columns: Cell[][] = []
  for (const points of broken) {
    const mean: Cell[] = new Array<Cell>(x.length).fill(undefined)
    const min: Cell[] = new Array<Cell>(x.length).fill(undefined)
    const max: Cell[] = new Array<Cell>(x.length).fill(undefined)
    for (const point of points) {
      const index = row.get(point.at)
      if (index === undefined) continue
      mean[index] = point.mean
      min[index] = point.min
      max[index] = point.max
    }
    columns.push(mean, min, max)
  }
  return [x, ...columns]
}

function breakLines(columns: Columns, stretches: readonly Stretch[], gapMs: number): Point[] {
  const points: Point[] = []
  let before: number | null = null
  columns.at.forEach((at, index) => {
    if (before !== null && (at - before > gapMs || liesBetween(stretches, before, at))) {
      points.push({ at: before + 1, min: null, mean: null, max: null })
    }
    points.push({
      at,
      min: columns.min[index] ?? null,
      mean: columns.mean[index] ?? null,
      max: columns.max[index] ?? null,
    })
    before = at
  })
  return points
}

function liesBetween(stretches: readonly Stretch[], from: number, to: number): boolean {
  return stretches.some((stretch) => stretch.from < to && stretch.to > from)
}

/** Indices of points with nothing beside them to draw a line to: they are drawn as dots, or nobody would see them. */
export function lonePoints(column: readonly Cell[]): number[] {
  const known = (from: number, step: 1 | -1): boolean => {
    let index = from + step
    while (index >= 0 && index < column.length && column[index] === undefined) index += step
    return typeof column[index] === 'number'
  }
  return column.flatMap((value, index) =>
    typeof value === 'number' && !known(index, -1) && !known(index, 1) ? [index] : [],
  )
}
