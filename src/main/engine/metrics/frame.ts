/**
 * A stretch of one series in memory, as columns. Rows ascend by time, and no two have the same one. In a column, `NaN`
 * stands for "observed, but not known": a value that was measured is always finite.
 */

export interface Frame {
  /** Milliseconds since the epoch. */
  readonly at: Float64Array
  /** Codes of `status-codes.ts`. */
  readonly status: Uint8Array
  /** By column number: `columnOf`. */
  readonly columns: ReadonlyMap<number, Float64Array>
}

/** What a column of a metric holds. A raw frame has `mean` alone: the value itself. */
export const AGGREGATES = ['mean', 'min', 'max', 'known'] as const
export type Aggregate = (typeof AGGREGATES)[number]

/** The number of a metric's column; `known` counts the values that a mean was made of. */
export function columnOf(metric: number, aggregate: Aggregate): number {
  return metric * AGGREGATES.length + AGGREGATES.indexOf(aggregate)
}

/** The metric that a column belongs to. */
export function metricOf(column: number): number {
  return Math.floor(column / AGGREGATES.length)
}

export const EMPTY_FRAME: Frame = { at: new Float64Array(), status: new Uint8Array(), columns: new Map() }

/** The rows with `from` ≤ time < `to`. */
export function sliceFrame(frame: Frame, from: number, to: number): Frame {
  const start = firstAtOrAfter(frame.at, from)
  const end = firstAtOrAfter(frame.at, to)
  if (start === 0 && end === frame.at.length) return frame
  const columns = new Map<number, Float64Array>()
  for (const [column, values] of frame.columns) columns.set(column, values.subarray(start, end))
  return { at: frame.at.subarray(start, end), status: frame.status.subarray(start, end), columns }
}

/** All rows of some frames; where two have the same time, the one of the later frame counts. */
export function mergeFrames(frames: readonly Frame[]): Frame {
  const filled = frames.filter((frame) => frame.at.length > 0)
  const [first] = filled
  if (first === undefined) return EMPTY_FRAME
  if (filled.length === 1) return first

  if (follow(filled)) return concatenate(filled)
  const order = orderOf(filled)
  const at = new Float64Array(order.length)
  const status = new Uint8Array(order.length)
  const columns = new Map<number, Float64Array>()
  for (const frame of filled) {
    for (const column of frame.columns.keys()) {
      if (!columns.has(column)) columns.set(column, new Float64Array(order.length).fill(Number.NaN))
    }
  }
  order.forEach(({ frame, row }, index) => {
    at[index] = frame.at[row] ?? 0
    status[index] = frame.status[row] ?? 0
  })
  for (const [column, merged] of columns) {
    order.forEach(({ frame, row }, index) => {
      merged[index] = frame.columns.get(column)?.[row] ?? Number.NaN
    })
  }
  return { at, status, columns }
}

/** Whether each frame ends before the next one begins: the usual case, and much the faster one. */
function follow(frames: readonly Frame[]): boolean {
  return frames.every(({ at }, index) => index === 0 || (frames[index - 1]?.at.at(-1) ?? 0) < (at[0] ?? 0))
}

function concatenate(frames: readonly Frame[]): Frame {
  const length = frames.reduce((sum, { at }) => sum + at.length, 0)
  const at = new Float64Array(length)
  const status = new Uint8Array(length)
  const columns = new Map<number, Float64Array>()
  let offset = 0
  for (const frame of frames) {
    at.set(frame.at, offset)
    status.set(frame.status, offset)
    for (const [column, values] of frame.columns) {
      let whole = columns.get(column)
      if (whole === undefined) {
        whole = new Float64Array(length).fill(Number.NaN)
        columns.set(column, whole)
      }
      whole.set(values, offset)
    }
    offset += frame.at.length
  }
  return { at, status, columns }
}

function orderOf(frames: readonly Frame[]): { frame: Frame; row: number }[] {
  const rows = frames.flatMap((frame) => Array.from(frame.at, (at, row) => ({ frame, row, at })))
  // The sort is stable: of equal times the one of the later frame comes last, and it is the one to keep.
  rows.sort((a, b) => a.at - b.at)
  return rows.filter(({ at }, index) => at !== rows[index + 1]?.at)
}

/** Index of the first time that is not before `moment`. */
function firstAtOrAfter(at: Float64Array, moment: number): number {
  let low = 0
  let high = at.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((at[middle] ?? 0) < moment) low = middle + 1
    else high = middle
  }
  return low
}
