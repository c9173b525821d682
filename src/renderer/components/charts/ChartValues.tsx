/** The values of a chart's lines: the newest ones, or those at the moment that is pointed at. */
import classes from './charts.module.css'
import { type ChartCursor, useCursorMoment } from './cursor.ts'
import { readingAt } from './reading.ts'
import type { ChartSeries } from './series.ts'

interface Props {
  readonly series: readonly ChartSeries[]
  readonly cursor: ChartCursor
  /** How far from the cursor a point may be and still speak for it. */
  readonly withinMs: number
  readonly write: (value: number | null) => string
}

export function ChartValues({ series, cursor, withinMs, write }: Props) {
  const moment = useCursorMoment(cursor)
  return (
    <ul className={classes.values}>
      {series.map((line) => {
        const reading = moment === null ? null : readingAt(line, moment, withinMs)
        const spread =
          reading !== null && reading.min !== null && reading.max !== null && reading.min !== reading.max
            ? ` (${write(reading.min)} – ${write(reading.max)})`
            : ''
        return (
          <li key={line.key} className={classes.value}>
            <span className={classes.swatch} data-role={line.role} aria-hidden />
            {line.label}
            <strong>{write(moment === null ? line.latest : (reading?.mean ?? null))}</strong>
            {spread}
          </li>
        )
      })}
    </ul>
  )
}
