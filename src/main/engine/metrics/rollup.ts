/** From rows to longer steps: the smallest, the mean and the largest known value of each, and the worst status. */
import { AGGREGATES, columnOf, type Frame, metricOf } from './frame.ts'
import { keptValue } from './packing.ts'
import { UNOBSERVED_CODE, worseCode } from './status-codes.ts'

/** A metric's columns in a frame, raw or rolled up already. */
interface Figures {
  readonly min: Float64Array
  readonly mean: Float64Array
  readonly max: Float64Array
  /** How many values a mean was made of; `null`: one, where it is known. */
  readonly known: Float64Array | null
}

/** The columns of a metric; `null` where the frame has none. A raw value is its own minimum, mean and maximum. */
export function figuresOf(frame: Frame, metric: number): Figures | null {
  const mean = frame.columns.get(columnOf(metric, 'mean'))
  if (mean === undefined) return null
  return {
    mean,
    min: frame.columns.get(columnOf(metric, 'min')) ?? mean,
    max: frame.columns.get(columnOf(metric, 'max')) ?? mean,
    known: frame.columns.get(columnOf(metric, 'known')) ?? null,
  }
}

/**
 * Rolls rows up into steps that begin at multiples of `stepMs` since the epoch. Means are weighted by the number of
 * values behind them, and kept to as many digits as values are. A step in which nothing is known has `NaN`; a step without rows has no row.
 */
export function rollUp(frame: Frame, stepMs: number): Frame {
  const { starts, stepOf } = stepsOf(frame.at, stepMs)
  const status = new Uint8Array(starts.length).fill(UNOBSERVED_CODE)
  frame.status.forEach((code, row) => {
    const step = stepOf[row] ?? 0
    status[step] = worseCode(status[step] ?? UNOBSERVED_CODE, code)
  })
  const columns = new Map<number, Float64Array>()
  for (const metric of new Set([...frame.columns.keys()].map(metricOf))) {
    const figures = figuresOf(frame, metric)
    if (figures === null) continue
    const rolled = rollUpMetric(figures, stepOf, starts.length)
    for (const aggregate of AGGREGATES) columns.set(columnOf(metric, aggregate), rolled[aggregate])
  }
  return { at: starts, status, columns }
}

/** The steps that rows fall into, and which step each row is of. */
function stepsOf(at: Float64Array, stepMs: number): { starts: Float64Array; stepOf: Uint32Array } {
  const starts: number[] = []
  const stepOf = new Uint32Array(at.length)
  at.forEach((moment, row) => {
    const start = Math.floor(moment / stepMs) * stepMs
    if (starts.at(-1) !== start) starts.push(start)
    stepOf[row] = starts.length - 1
  })
  return { starts: Float64Array.from(starts), stepOf }
}

function rollUpMetric(figures: Figures, stepOf: Uint32Array, steps: number) {
  const min = new Float64Array(steps).fill(Number.NaN)
  const max = new Float64Array(steps).fill(Number.NaN)
  const mean = new Float64Array(steps).fill(Number.NaN)
  const known = new Float64Array(steps)
  for (let row = 0; row < stepOf.length; row++) {
    const value = figures.mean[row] ?? Number.NaN
    if (Number.isNaN(value)) continue
    const step = stepOf[row] ?? 0
    const weight = figures.known?.[row] ?? 1
    const before = known[step] ?? 0
    const low = figures.min[row] ?? value
    const high = figures.max[row] ?? value
    known[step] = before + weight
    if (before === 0) {
      min[step] = low
      max[step] = high
      mean[step] = value
      continue
    }
    min[step] = Math.min(min[step] ?? low, low)
    max[step] = Math.max(max[step] ?? high, high)
    // A running mean stays within the values that it is made of, however large they are.
    const soFar = mean[step] ?? value
    mean[step] = soFar + ((value - soFar) * weight) / (before + weight)
  }
  return { min, mean: mean.map((value) => keptValue(value) ?? Number.NaN), max, known }
}
