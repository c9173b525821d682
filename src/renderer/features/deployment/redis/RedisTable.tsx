/** A table of what a Redis was asked for, under its heading, with all of its rows as CSV; a long one is drawn by the step. */
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CsvButton } from '../../../components/table/CsvButton.tsx'
import type { CsvCell } from '../../../components/table/csv.ts'
import classes from '../database/database.module.css'
import { Nothing } from '../database/Nothing.tsx'
import { type Column, PlainTable } from '../database/PlainTable.tsx'

const STEP = 100

export interface RedisColumn<Row> extends Column<Row> {
  /** What stands in the saved table, without its unit; left out: the column is not saved. */
  readonly csv?: (row: Row) => CsvCell
  /** The unit of saved figures. */
  readonly unit?: string
}

interface Props<Row> {
  readonly title: string
  readonly rows: readonly Row[]
  readonly columns: readonly RedisColumn<Row>[]
  readonly keyOf: (row: Row) => string | number
  /** What stands in place of rows where there are none. */
  readonly nothing: string
  readonly nothingMeans?: string | undefined
  /** Nobody told whether there are any. */
  readonly unknown?: boolean
  /** Quietly beside the heading. */
  readonly note?: ReactNode
}

export function RedisTable<Row>({
  title,
  rows,
  columns,
  keyOf,
  nothing,
  nothingMeans,
  unknown,
  note,
}: Props<Row>) {
  const { t } = useTranslation()
  const [shown, setShown] = useState(STEP)
  const saved = columns.filter(({ csv }) => csv !== undefined)
  const left = rows.length - shown
  return (
    <div className={classes.part}>
      <div className={classes.partHead}>
        <h3>{title}</h3>
        {note !== undefined && <span className={classes.quiet}>{note}</span>}
        {rows.length > 0 && (
          <CsvButton
            label={title}
            table={() => ({
              headings: saved.map(({ title: heading, unit }) =>
                unit === undefined ? heading : `${heading} (${unit})`,
              ),
              rows: rows.map((row) => saved.map(({ csv }) => csv?.(row))),
            })}
          />
        )}
      </div>
      {rows.length === 0 ? (
        unknown ? (
          <Nothing title={t('redis.not-known')} />
        ) : (
          <Nothing title={nothing} text={nothingMeans} />
        )
      ) : (
        <PlainTable
          label={title}
          rows={rows.slice(0, shown)}
          columns={columns}
          keyOf={keyOf}
          canSave={false}
        />
      )}
      {left > 0 && (
        <div>
          <button type="button" className={classes.more} onClick={() => setShown(shown + STEP)}>
            {t('redis.more-rows', { count: Math.min(STEP, left), left })}
          </button>
        </div>
      )}
    </div>
  )
}
