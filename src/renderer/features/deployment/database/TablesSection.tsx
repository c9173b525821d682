/** The largest tables, and indexes that take room and serve nobody. */

import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { DatabaseTables, TableSize, UnusedIndex } from '#shared/model/database/tables.ts'
import { useApi } from '../../../client/console.tsx'
import { CopyLine } from '../../../components/CopyLine.tsx'
import { useKept } from '../../../components/KeptChoices.tsx'
import { Moment } from '../../../components/Moment.tsx'
import { useQuantity } from '../../../components/useQuantity.ts'
import { Asked } from './Asked.tsx'
import classes from './database.module.css'
import { Nothing } from './Nothing.tsx'
import { tablesToShow } from './own-tables.ts'
import { type Column, PlainTable } from './PlainTable.tsx'
import { polled } from './polling.ts'
import { SystemTables } from './SystemTables.tsx'
import { useAges } from './use-ages.ts'

/** Sizes come from what vacuum and analyze counted: they do not move from second to second. */
const EVERY = 5 * 60_000

export function TablesSection({ name }: { name: string }) {
  const { t } = useTranslation()
  const tables = useQuery({
    ...useApi().database.tables.queryOptions({ input: { name } }),
    ...polled(EVERY),
  })
  return (
    <Asked title={t('database.section-tables')} query={tables} everyMs={EVERY}>
      {(data) => (
        <>
          <Largest data={data} />
          <Unused data={data} />
        </>
      )}
    </Asked>
  )
}

function Largest({ data: { tables, more, at } }: { data: DatabaseTables }) {
  const { t } = useTranslation()
  const { text } = useQuantity()
  const age = useAges(at)
  const [withSystem, setWithSystem] = useKept<boolean>('tables-system', (kept = false) => kept)
  const { shown, system } = tablesToShow(tables, withSystem)
  const size = (title: string, of: (table: TableSize) => number): Column<TableSize> => ({
    title,
    number: true,
    cell: (table) => text(of(table), 'bytes'),
  })
  const columns: Column<TableSize>[] = [
    { title: t('database.table'), cell: ({ table }) => table },
    size(t('database.size-total'), (table) => table.totalBytes),
    size(t('database.size-table'), (table) => table.tableBytes),
    size(t('database.size-indexes'), (table) => table.indexBytes),
    size(t('database.size-toast'), (table) => table.toastBytes),
    { title: t('database.rows-about'), number: true, cell: ({ rows }) => text(rows, 'count') },
    {
      title: t('database.scans-sequential'),
      number: true,
      cell: ({ sequentialScans }) => text(sequentialScans, 'count'),
    },
    { title: t('database.scans-index'), number: true, cell: ({ indexScans }) => text(indexScans, 'count') },
    {
      title: t('database.counted'),
      hint: t('database.counted-means'),
      number: true,
      cell: ({ countedAt }) =>
        countedAt === null ? t('database.never') : t('database.ago', { duration: age(countedAt) }),
    },
  ]
  return (
    <div className={classes.part}>
      <div className={classes.partHead}>
        <h3>{t('database.largest')}</h3>
        <SystemTables count={system} shown={withSystem} onShow={setWithSystem} />
      </div>
      {shown.length === 0 ? (
        <Nothing title={t('database.no-tables')} />
      ) : (
        <PlainTable
          label={t('database.largest')}
          rows={shown}
          columns={columns}
          keyOf={({ table }) => table}
        />
      )}
      {more > 0 && <p className={classes.quiet}>{t('database.more-tables', { count: more })}</p>}
    </div>
  )
}

function Unused({ data: { unusedIndexes, statisticsSince, standbys } }: { data: DatabaseTables }) {
  const { t } = useTranslation()
  const { text } = useQuantity()
  const columns: Column<UnusedIndex>[] = [
    {
      title: t('database.index'),
      cell: ({ index, valid }) => (
        <>
          {index} {!valid && <strong>{t('database.index-invalid')}</strong>}
        </>
      ),
    },
    { title: t('database.table'), cell: ({ table }) => table },
    { title: t('database.size'), number: true, cell: ({ bytes }) => text(bytes, 'bytes') },
    { title: t('database.scans'), number: true, cell: ({ scans }) => text(scans, 'count') },
    {
      title: t('database.definition'),
      cell: ({ definition, index }) => (
        <CopyLine text={definition} label={t('database.definition-of', { index })} />
      ),
    },
  ]
  return (
    <div className={classes.part}>
      <h3>{t('database.unused')}</h3>
      <p className={classes.quiet}>
        {t('database.unused-means')}{' '}
        {statisticsSince !== null && (
          <>
            {t('database.statistics-since')} <Moment at={statisticsSince} />.{' '}
          </>
        )}
        {standbys > 0 && t('database.unused-standbys', { count: standbys })}
      </p>
      {unusedIndexes.length === 0 ? (
        <Nothing title={t('database.no-unused')} />
      ) : (
        <PlainTable
          label={t('database.unused')}
          rows={unusedIndexes}
          columns={columns}
          keyOf={({ index }) => index}
        />
      )}
    </div>
  )
}
