/** How often what fired and how long it took people: sortable, and taken along as CSV. */
import { useId, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { numberFormat } from '#shared/locales/number-format.ts'
import { CsvButton } from '../../../components/table/CsvButton.tsx'
import { useQuantity } from '../../../components/useQuantity.ts'
import { COLUMNS, type Column, type Group, type Order, pressed, sorted } from './sort-groups.ts'
import classes from './statistics.module.css'

interface Props {
  readonly of: 'rule' | 'deployment'
  readonly groups: readonly Group[]
}

export function GroupTable({ of, groups }: Props) {
  const { t, i18n } = useTranslation()
  const id = useId()
  const number = numberFormat(i18n.language)
  const { duration } = useQuantity()
  const [order, setOrder] = useState<Order>({ by: 'fired', isDescending: true })
  const rows = useMemo(() => sorted(groups, order), [groups, order])
  const title = t(`statistics.by-${of}`)
  const heading = (column: Column) =>
    t(column === 'name' ? `statistics.column-name-${of}` : `statistics.column-${column}`)
  const length = (seconds: number | null) => (seconds === null ? '–' : duration(seconds * 1_000))
  return (
    <section aria-labelledby={id}>
      <div className={classes.head}>
        <h2 id={id}>{title}</h2>
        <CsvButton
          label={title}
          table={() => ({
            headings: [
              ...(['name', 'fired', 'active'] as const).map(heading),
              ...(['acknowledge', 'resolve'] as const).map(
                (column) => `${heading(column)} (${t('unit.seconds')})`,
              ),
            ],
            rows: rows.map((row) => [
              ...[row.name, row.fired, row.active],
              ...[row.secondsToAcknowledge.median, row.secondsToResolve.median],
            ]),
          })}
        />
      </div>
      <table className={classes.table}>
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <th
                key={column}
                scope="col"
                data-column={column}
                aria-sort={order.by !== column ? 'none' : order.isDescending ? 'descending' : 'ascending'}
              >
                <button
                  type="button"
                  title={
                    column === 'acknowledge' || column === 'resolve' ? t('statistics.median-hint') : undefined
                  }
                  onClick={() => setOrder(pressed(order, column))}
                >
                  {heading(column)}
                  <span aria-hidden="true">
                    {order.by === column ? (order.isDescending ? ' ↓' : ' ↑') : ''}
                  </span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">{row.name}</th>
              <td>{number.format(row.fired)}</td>
              <td>{row.active === 0 ? '–' : number.format(row.active)}</td>
              <td>{length(row.secondsToAcknowledge.median)}</td>
              <td>{length(row.secondsToResolve.median)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
