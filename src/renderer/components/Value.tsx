/** A value with its unit and, beside it, the limit that it is measured against. */
import type { MetricUnit } from '#shared/catalogue/metrics.ts'
import { useQuantity } from './useQuantity.ts'
import classes from './Value.module.css'

interface ValueProps {
  readonly value: number | null
  readonly unit: MetricUnit
  /** What a part is of: `38 / 40 · 95 %`. */
  readonly of?: number | null
  /** Where the status turns; shown as `≤ 90 %`, or `≥` where below is bad. */
  readonly limit?: number | null
  readonly direction?: 'above' | 'below'
  /** Whether the value is past its limit: emphasised, since that is status. */
  readonly tone?: 'good' | 'warning' | 'bad' | 'unknown'
  /** One line, or the limit below the value. */
  readonly stacked?: boolean
}

export function Value({ value, unit, of, limit, direction = 'above', tone, stacked = false }: ValueProps) {
  const { quantity, text } = useQuantity()
  const { figure, unit: word } = quantity(value, unit)
  return (
    <span
      className={classes.value}
      data-stacked={stacked || undefined}
      data-tone={tone}
      data-unknown={value === null || undefined}
    >
      <span className={classes.figure}>
        {figure}
        {of !== undefined && of !== null && <span className={classes.quiet}> / {text(of, unit)}</span>}
        {word !== '' && <span className={classes.unit}>{`\u00a0${word}`}</span>}
        {of !== undefined && of !== null && of > 0 && value !== null && (
          <span className={classes.quiet}> · {text((value / of) * 100, 'percent')}</span>
        )}
      </span>
      {limit !== undefined && limit !== null && (
        <span className={classes.limit}>
          {direction === 'above' ? '≤' : '≥'}&nbsp;{text(limit, unit)}
        </span>
      )}
    </span>
  )
}
