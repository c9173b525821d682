/** A table of what was asked for: each column is declared once, with its heading and what stands in its cells. */
import { type ReactNode, useRef } from 'react'
import { CsvButton } from '../../../components/table/CsvButton.tsx'
import { shownTable } from '../../../components/table/shown-table.ts'
import deployment from '../deployment.module.css'
import classes from './database.module.css'

export interface Column<Row> {
  readonly title: string
  readonly cell: (row: Row) => ReactNode
  /** Right-aligned, so that figures line up. */
  readonly number?: boolean
  /** What the heading means, where its few words do not say it. */
  readonly hint?: string
  /** Chooses this column as the order; `active`: it is. */
  readonly order?: { readonly active: boolean; readonly choose: () => void }
}

interface Props<Row> {
  readonly label: string
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row>[]
  readonly keyOf: (row: Row) => string | number
  /** Whether what is shown can be saved here; not where whoever shows it offers all of it. */
  readonly canSave?: boolean
  /** Whether what its rows are called is long. */
  readonly longNames?: boolean
}

export function PlainTable<Row>({
  label,
  rows,
  columns,
  keyOf,
  canSave = true,
  longNames = false,
}: Props<Row>) {
  const table = useRef<HTMLTableElement>(null)
  // Figures that lie far from what they are about are read in the wrong row.
  const figuresAlone = !longNames && columns.every(({ number }, index) => number || index === 0)
  return (
    <div className={deployment.tableBox}>
      <table
        ref={table}
        className={`${deployment.table} ${classes.plain}`}
        data-figures-alone={figuresAlone || undefined}
        aria-label={label}
      >
        <thead>
          <tr>
            {columns.map(({ title, number, hint, order }) => (
              <th
                key={title}
                scope="col"
                className={number ? deployment.number : undefined}
                title={hint}
                aria-sort={order?.active ? 'descending' : undefined}
              >
                {order === undefined ? (
                  title
                ) : (
                  <button type="button" className={classes.order} onClick={order.choose}>
                    {title}
                    {order.active && <span aria-hidden="true">&nbsp;↓</span>}
                  </button>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ title, number, cell }, index) => {
                const className = number ? deployment.number : undefined
                return index === 0 ? (
                  <th key={title} scope="row" className={className}>
                    {cell(row)}
                  </th>
                ) : (
                  <td key={title} className={className}>
                    {cell(row)}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {canSave && (
        <p className={deployment.tableFoot}>
          <CsvButton label={label} table={() => shownTable(table.current)} />
        </p>
      )}
    </div>
  )
}
