/** The table behind a chart: the same points, newest first, to read, copy or have read aloud. */
import { Box } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { absolute, universal } from '../moment.ts'
import classes from './charts.module.css'
import { readingAt } from './reading.ts'
import type { ChartSeries } from './series.ts'

interface Props {
  readonly caption: string
  readonly series: readonly ChartSeries[]
  readonly write: (value: number | null) => string
}

export function ChartTable({ caption, series, write }: Props) {
  const { t, i18n } = useTranslation()
  const moments = [...new Set(series.flatMap(({ at }) => at))].sort((a, b) => b - a)
  const now = Date.now()
  const columns = ['min', 'mean', 'max'] as const
  return (
    // Focusable, because a box that scrolls must be reachable by keyboard (WCAG 2.1.1).
    <Box
      role="group"
      className={classes.tableBox}
      tabIndex={0}
      aria-label={t('chart.table-of', { title: caption })}
    >
      <table className={classes.table}>
        <caption>{caption}</caption>
        <thead>
          {series.length > 1 && (
            <tr>
              <td />
              {series.map(({ key, label }) => (
                <th key={key} scope="colgroup" colSpan={columns.length}>
                  {label}
                </th>
              ))}
            </tr>
          )}
          <tr>
            <th scope="col">{t('chart.time')}</th>
            {series.flatMap(({ key }) =>
              columns.map((column) => (
                <th key={`${key} ${column}`} scope="col">
                  {t(`chart.${column}`)}
                </th>
              )),
            )}
          </tr>
        </thead>
        <tbody>
          {moments.map((moment) => (
            <tr key={moment}>
              <th scope="row">
                <time dateTime={new Date(moment).toISOString()} title={universal(moment)}>
                  {absolute(i18n.language, moment, now)}
                </time>
              </th>
              {series.flatMap((line) => {
                const reading = readingAt(line, moment, 0)
                return columns.map((column) => (
                  <td key={`${line.key} ${column}`}>{write(reading?.[column] ?? null)}</td>
                ))
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </Box>
  )
}
