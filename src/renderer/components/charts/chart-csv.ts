/** The points of a chart as a table to save: a line a moment, newest first, figures as they were measured. */
import type { CsvTable } from '../table/csv.ts'
import { readingAt } from './reading.ts'
import type { ChartSeries } from './series.ts'

const COLUMNS = ['min', 'mean', 'max'] as const

interface Words {
  readonly time: string
  /** Of the columns: least, average and largest of each point. */
  readonly of: Readonly<Record<(typeof COLUMNS)[number], string>>
  /** The unit of the figures as they stand in the file; empty where there is none. */
  readonly unit: string
}

export function chartCsv(series: readonly ChartSeries[], { time, of, unit }: Words): CsvTable {
  const moments = [...new Set(series.flatMap(({ at }) => at))].sort((a, b) => b - a)
  const inUnit = unit === '' ? '' : ` (${unit})`
  return {
    headings: [
      time,
      ...series.flatMap(({ label }) => COLUMNS.map((column) => `${label} ${of[column]}${inUnit}`)),
    ],
    rows: moments.map((moment) => [
      new Date(moment),
      ...series.flatMap((line) => {
        const reading = readingAt(line, moment, 0)
        return COLUMNS.map((column) => reading?.[column] ?? null)
      }),
    ]),
  }
}
