/** Standbys, slots and archiving: who has the WAL, and whom it is kept for. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { DatabaseReplication, ReplicationSlot, Standby } from '#shared/model/database/replication.ts'
import { useApi } from '../../../client/console.tsx'
import { Moment } from '../../../components/Moment.tsx'
import { useQuantity } from '../../../components/useQuantity.ts'
import { Asked } from './Asked.tsx'
import classes from './database.module.css'
import { Hidden } from './Hidden.tsx'
import { Nothing } from './Nothing.tsx'
import { type Column, PlainTable } from './PlainTable.tsx'
import { EVERY_MS, polled } from './polling.ts'
import { useAges } from './use-ages.ts'

export function ReplicationSection({ name }: { name: string }) {
  const { t } = useTranslation()
  const replication = useQuery({
    ...useApi().database.replication.queryOptions({ input: { name } }),
    ...polled(EVERY_MS.rest),
  })
  return (
    <Asked title={t('database.section-replication')} query={replication} everyMs={EVERY_MS.rest}>
      {(data) => (
        <>
          <p className={classes.quiet}>{t(data.standby ? 'database.is-standby' : 'database.is-primary')}</p>
          <Hidden hidden={data.hidden} grant={data.grant} />
          <Receiver receiver={data.receiver} standby={data.standby} />
          <Standbys standbys={data.standbys} />
          <Slots slots={data.slots} at={data.at} />
          <Archive archive={data.archive} />
        </>
      )}
    </Asked>
  )
}

function Receiver({ receiver, standby }: Pick<DatabaseReplication, 'receiver' | 'standby'>) {
  const { t } = useTranslation()
  const { text } = useQuantity()
  if (!standby) return null
  if (receiver === null) {
    return <Nothing title={t('database.receives-nothing')} text={t('database.receives-nothing-text')} />
  }
  return (
    <p>
      {t('database.receives', {
        from: receiver.from ?? '?',
        status: receiver.status ?? '?',
        bytes: text(receiver.lagBytes, 'bytes'),
        time: text(receiver.lagSeconds, 'seconds'),
      })}
    </p>
  )
}

function Standbys({ standbys }: { standbys: readonly Standby[] }) {
  const { t } = useTranslation()
  const { text } = useQuantity()
  const columns: Column<Standby>[] = [
    { title: t('database.standby'), cell: ({ name }) => name ?? '–' },
    { title: t('database.client'), cell: ({ client }) => client ?? '–' },
    { title: t('database.state'), cell: ({ state }) => state ?? '–' },
    { title: t('database.sync'), cell: ({ sync }) => sync ?? '–' },
    { title: t('database.lag-bytes'), number: true, cell: ({ lagBytes }) => text(lagBytes, 'bytes') },
    { title: t('database.lag-time'), number: true, cell: ({ lagSeconds }) => text(lagSeconds, 'seconds') },
  ]
  return (
    <div className={classes.part}>
      <h3>{t('database.standbys')}</h3>
      {standbys.length === 0 ? (
        <Nothing title={t('database.no-standbys')} />
      ) : (
        <PlainTable
          label={t('database.standbys')}
          rows={standbys}
          columns={columns}
          keyOf={({ name, client }) => `${name}/${client}`}
        />
      )}
    </div>
  )
}

function Slots({ slots, at }: { slots: readonly ReplicationSlot[]; at: number }) {
  const { t } = useTranslation()
  const { text } = useQuantity()
  const age = useAges(at)
  const columns: Column<ReplicationSlot>[] = [
    { title: t('database.slot'), cell: ({ name }) => name },
    { title: t('database.kind'), cell: ({ kind }) => kind },
    { title: t('database.by-database'), cell: ({ database }) => database ?? '–' },
    {
      title: t('database.used'),
      cell: ({ active, inactiveSince }) => {
        if (active) return t('database.slot-used')
        const unused = <strong>{t('database.slot-unused')}</strong>
        return inactiveSince === null ? (
          unused
        ) : (
          <>
            {unused} · {age(inactiveSince)}
          </>
        )
      },
    },
    { title: t('database.wal-status'), cell: ({ walStatus }) => walStatus ?? '–' },
    {
      title: t('database.retained'),
      number: true,
      cell: ({ retainedBytes }) => text(retainedBytes, 'bytes'),
    },
  ]
  return (
    <div className={classes.part}>
      <h3>{t('database.slots')}</h3>
      {slots.length === 0 ? (
        <Nothing title={t('database.no-slots')} />
      ) : (
        <PlainTable label={t('database.slots')} rows={slots} columns={columns} keyOf={({ name }) => name} />
      )}
    </div>
  )
}

function Archive({ archive }: Pick<DatabaseReplication, 'archive'>) {
  const { t } = useTranslation()
  return (
    <div className={classes.part}>
      <h3>{t('database.archive')}</h3>
      {archive === null ? (
        <Nothing title={t('database.archive-off')} text={t('database.archive-off-text')} />
      ) : (
        <dl className={classes.facts}>
          <div>
            <dt>{t('database.last-archived')}</dt>
            <dd>
              {archive.lastArchivedAt === null ? t('database.never') : <Moment at={archive.lastArchivedAt} />}
            </dd>
          </div>
          <div>
            <dt>{t('database.archive-failures')}</dt>
            <dd>
              {archive.failures}
              {archive.lastFailure !== null && ` · ${archive.lastFailure}`}
              {archive.lastFailureAt !== null && (
                <>
                  {' · '}
                  <Moment at={archive.lastFailureAt} />
                </>
              )}
            </dd>
          </div>
        </dl>
      )}
    </div>
  )
}
