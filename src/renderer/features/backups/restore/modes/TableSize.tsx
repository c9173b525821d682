/** What of a table stands beside its name: its rows, how many partitions have them, and what it is a partition of. */
import { useTranslation } from 'react-i18next'
import type { ListedTable } from '#shared/contract/backups.ts'
import type { TableName } from './mode.ts'
import classes from './tables.module.css'

interface Props {
  readonly table: ListedTable
  /** The partitioned table that is chosen, and it with that; `null`: none is. */
  readonly whole: TableName | null
}

export function TableSize({ table: { rows, partitions, partOf }, whole }: Props) {
  const { t, i18n } = useTranslation()
  const number = new Intl.NumberFormat(i18n.language)
  const [nearest] = partOf
  // The end is cut where there is little room.
  const said = [
    t('backups.tables-rows', { count: rows, rows: number.format(rows) }),
    ...(partitions === null ? [] : [t('backups.tables-partitions', { count: partitions })]),
    ...(whole === null ? [] : [t('backups.tables-chosen-with', { whole: named(whole) })]),
    ...(whole === null && nearest !== undefined
      ? [t('backups.tables-part-of', { whole: named(nearest) })]
      : []),
  ]
  const text = said.join(' · ')
  return (
    <span className={classes.rows} title={text}>
      {text}
    </span>
  )
}

function named({ schema, name }: TableName): string {
  return `${schema}.${name}`
}
