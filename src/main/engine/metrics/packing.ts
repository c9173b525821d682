/**
 * One observation as a row: which values are known as bits, and those as 64-bit floats, least significant byte first.
 * Which metrics they are is the row's shape, kept once: the observations of one probe hardly ever differ in it. Values with
 * labels differ all the time: behind the others each stands with its number.
 */
import type { MetricValues } from '#shared/model/observation.ts'
import { columnOf, type Frame } from './frame.ts'

/** Digits that are kept of what is no whole number: six in all, and never fewer than three behind the point. */
const DIGITS = 6
const LEAST_DECIMALS = 3
const MOST_DECIMALS = 12

/**
 * A value as it is kept. Whole numbers are kept exactly. Of others the digits that no instrument has are dropped: they
 * are noise that does not compress. What is not finite could not be measured.
 */
export function keptValue(value: number | null): number | null {
  if (value === null || !Number.isFinite(value)) return null
  if (Number.isInteger(value)) return value
  const whole = Math.floor(Math.log10(Math.abs(value))) + 1
  const decimals = Math.min(MOST_DECIMALS, Math.max(LEAST_DECIMALS, DIGITS - whole))
  const scale = 10 ** decimals
  const scaled = value * scale
  return Math.abs(scaled) < Number.MAX_SAFE_INTEGER ? Math.round(scaled) / scale : value
}

/** A value with labels: its number, and what was measured. */
export type Numbered = readonly [number: number, value: number]

/** 32 bits of the number, and the value. */
const NUMBERED_BYTES = 12

/**
 * @param names of the metrics, in the order of the shape
 * @param numbered values with labels
 */
export function packValues(
  names: readonly string[],
  values: MetricValues,
  numbered: readonly Numbered[] = [],
): Uint8Array {
  const bits = Math.ceil(names.length / 8)
  const packed = new Uint8Array(bits + names.length * 8 + numbered.length * NUMBERED_BYTES)
  const view = new DataView(packed.buffer)
  let end = bits
  names.forEach((name, index) => {
    const value = keptValue(values[name] ?? null)
    if (value === null) return
    packed[index >> 3] = (packed[index >> 3] ?? 0) | (1 << (index & 7))
    view.setFloat64(end, value, true)
    end += 8
  })
  for (const [number, value] of numbered) {
    view.setUint32(end, number, true)
    view.setFloat64(end + 4, value, true)
    end += NUMBERED_BYTES
  }
  return packed.subarray(0, end)
}

export interface PackedRow {
  readonly at: number
  readonly status: number
  /** Numbers of the metrics, in the order in which their values are packed. */
  readonly metrics: readonly number[]
  readonly packed: Uint8Array
}

/**
 * @param rows ascending by time
 * @param wanted numbers of metrics; `null`: all
 */
export function unpackRows(rows: readonly PackedRow[], wanted: ReadonlySet<number> | null): Frame {
  const at = new Float64Array(rows.length)
  const status = new Uint8Array(rows.length)
  const columns = new Map<number, Float64Array>()
  function columnFor(metric: number): Float64Array {
    const id = columnOf(metric, 'mean')
    let column = columns.get(id)
    if (column === undefined) {
      column = new Float64Array(rows.length).fill(Number.NaN)
      columns.set(id, column)
    }
    return column
  }
  rows.forEach((row, index) => {
    at[index] = row.at
    status[index] = row.status
    const { metrics, packed } = row
    const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength)
    let offset = Math.ceil(metrics.length / 8)
    metrics.forEach((metric, position) => {
      const known = ((packed[position >> 3] ?? 0) & (1 << (position & 7))) !== 0
      if (wanted === null || wanted.has(metric)) {
        const column = columnFor(metric)
        if (known) column[index] = view.getFloat64(offset, true)
      }
      if (known) offset += 8
    })
    for (; offset + NUMBERED_BYTES <= packed.length; offset += NUMBERED_BYTES) {
      const number = view.getUint32(offset, true)
      if (wanted === null || wanted.has(number)) columnFor(number)[index] = view.getFloat64(offset + 4, true)
    }
  })
  return { at, status, columns }
}
