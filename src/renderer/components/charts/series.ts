/** What a chart draws: columns over time, and the stretches in which nobody looked. Times are milliseconds since the epoch. */

/** Columns of equal length; `null` is "observed, but not known". */
export interface Columns {
  readonly at: readonly number[]
  readonly min: readonly (number | null)[]
  readonly mean: readonly (number | null)[]
  readonly max: readonly (number | null)[]
}

/** One line of a chart. */
export interface ChartSeries extends Columns {
  readonly key: string
  /** What the line is, in the reader's language. */
  readonly label: string
  /** The newest value, which may be fresher than the last point. */
  readonly latest: number | null
  /** `primary` carries the accent, the others are neutral; `bound` is the dashed line that the others are held against. */
  readonly role: 'primary' | 'second' | 'third' | 'bound'
}

export interface Stretch {
  readonly from: number
  readonly to: number
}

/** A value at which a status turns, drawn as a line where it is in view. */
export interface LimitLine {
  readonly value: number
  /** `good`: where it is well again. */
  readonly severity: 'warning' | 'critical' | 'good'
  readonly direction: 'above' | 'below'
}

/** A trend and where it leads: a line through `value` at `at`, and when it comes to `limit`. */
export interface Outlook {
  readonly at: number
  readonly value: number
  /** How long before `at` the trend was seen. */
  readonly observedMs: number
  readonly limit: number
  readonly earliest: number
  readonly likely: number
  readonly latest: number
}

export const NO_COLUMNS: Columns = { at: [], min: [], mean: [], max: [] }
