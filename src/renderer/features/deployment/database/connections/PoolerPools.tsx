/** The pools of PgBouncer, as `SHOW POOLS` tells them. */
import { useTranslation } from 'react-i18next'
import type { PoolerPool } from '#shared/model/database/connections.ts'
import { useQuantity } from '../../../../components/useQuantity.ts'
import classes from '../database.module.css'
import { Nothing } from '../Nothing.tsx'
import { type Column, PlainTable } from '../PlainTable.tsx'

export function PoolerPools({ pools }: { pools: readonly PoolerPool[] | null }) {
  const { t } = useTranslation()
  const { text } = useQuantity()
  const count = (title: string, of: (pool: PoolerPool) => number): Column<PoolerPool> => ({
    title,
    number: true,
    cell: (pool) => text(of(pool), 'count'),
  })
  const columns: Column<PoolerPool>[] = [
    { title: t('database.by-database'), cell: ({ database }) => database },
    { title: t('database.by-user'), cell: ({ user }) => user },
    { title: t('database.pooler-mode'), cell: ({ mode }) => mode ?? '–' },
    count(t('database.clients-active'), (pool) => pool.clientsActive),
    count(t('database.clients-waiting'), (pool) => pool.clientsWaiting),
    count(t('database.servers-active'), (pool) => pool.serversActive),
    count(t('database.servers-idle'), (pool) => pool.serversIdle),
    {
      title: t('database.longest-wait'),
      number: true,
      cell: ({ longestWaitSeconds }) => text(longestWaitSeconds, 'seconds'),
    },
  ]
  return (
    <div className={classes.part}>
      <h3>{t('database.pooler')}</h3>
      {pools === null || pools.length === 0 ? (
        <Nothing title={t('database.pooler-none')} text={t('database.pooler-none-text')} />
      ) : (
        <PlainTable
          label={t('database.pooler')}
          rows={pools}
          columns={columns}
          keyOf={({ database, user }) => `${database}/${user}`}
        />
      )}
    </div>
  )
}
