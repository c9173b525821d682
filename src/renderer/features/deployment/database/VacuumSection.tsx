/** What waits for a vacuum, what runs, how near the wraparound is, and what holds dead rows back. */

import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { DatabaseVacuum, RunningVacuum, TableVacuum } from '#shared/model/database/vacuum.ts'
import { useApi } from '../../../client/console.tsx'
import { useKept } from '../../../components/KeptChoices.tsx'
import { useQuantity } from '../../../components/useQuantity.ts'
import { Value } from '../../../components/Value.tsx'
import { places } from '../../../places.ts'
import { Asked } from './Asked.tsx'
import classes from './database.module.css'
import { Nothing } from './Nothing.tsx'
import { tablesToShow } from './own-tables.ts'
import { type Column, PlainTable } from './PlainTable.tsx'
import { EVERY_MS, polled } from './polling.ts'
import { SystemTables } from './SystemTables.tsx'
import { useAges } from './use-ages.ts'

export function VacuumSection({ name }: { name: string }) {
  const { t } = useTranslation()
  const vacuum = useQuery({
    ...useApi().database.vacuum.queryOptions({ input: { name } }),
    ...polled(EVERY_MS.rest),
  })
  return (
    <Asked title={t('database.section-vacuum')} query={vacuum} everyMs={EVERY_MS.rest}>
      {(data) => (
        <>
          {!data.autovacuum && <p className={classes.notice}>{t('database.autovacuum-off')}</p>}
          <HeldBack name={name} heldBack={data.heldBack} />
          <Running data={data} />
          <Wraparound data={data} />
          <Tables data={data} />
        </>
      )}
    </Asked>
  )
}

function HeldBack({ name, heldBack }: Pick<DatabaseVacuum, 'heldBack'> & { name: string }) {
  const { t } = useTranslation()
  const { text } = useQuantity()
  const columns: Column<DatabaseVacuum['heldBack'][number]>[] = [
    { title: t('database.held-by'), cell: ({ by }) => t(`database.held-by-${by}`) },
    {
      title: t('database.held-name'),
      cell: ({ by, name: holder, pid }) => (
        <>
          {holder}{' '}
          {by === 'transaction' && pid !== null && (
            <Link href={places.database(name, `activity:${pid}`)}>{t('database.pid', { pid })}</Link>
          )}
        </>
      ),
    },
    { title: t('database.held-age'), number: true, cell: ({ age }) => text(age, 'count') },
  ]
  return (
    <div className={classes.part}>
      <h3>{t('database.held-back')}</h3>
      {heldBack.length === 0 ? (
        <Nothing title={t('database.nothing-holds')} />
      ) : (
        <PlainTable
          label={t('database.held-back')}
          rows={heldBack}
          columns={columns}
          keyOf={({ by, name: holder, pid }) => `${by}/${holder}/${pid}`}
        />
      )}
    </div>
  )
}

function Running({ data: { running, maxWorkers, at } }: { data: DatabaseVacuum }) {
  const { t } = useTranslation()
  const { text } = useQuantity()
  const age = useAges(at)
  const columns: Column<RunningVacuum>[] = [
    { title: t('database.table'), cell: ({ table, database }) => table ?? database ?? '–' },
    { title: t('database.phase'), cell: ({ phase }) => phase ?? '–' },
    {
      title: t('database.progress'),
      number: true,
      cell: ({ percent }) => (
        <span className={classes.share}>
          <span>{text(percent, 'percent')}</span>
          <span className={classes.bar} aria-hidden="true">
            <span style={{ width: `${Math.min(100, percent ?? 0)}%` }} />
          </span>
        </span>
      ),
    },
    { title: t('database.runs-for'), number: true, cell: ({ since }) => age(since) },
    {
      title: t('database.started-by'),
      cell: ({ automatic, pid }) =>
        `${t(automatic ? 'database.by-autovacuum' : 'database.by-person')} · ${t('database.pid', { pid })}`,
    },
  ]
  const automatic = running.filter((one) => one.automatic).length
  return (
    <div className={classes.part}>
      <h3>
        {t('database.running-vacuums')}
        <span className={classes.quiet}> {t('database.workers', { automatic, maxWorkers })}</span>
      </h3>
      {running.length === 0 ? (
        <Nothing title={t('database.no-vacuum-runs')} />
      ) : (
        <PlainTable
          label={t('database.running-vacuums')}
          rows={running}
          columns={columns}
          keyOf={({ pid }) => pid}
        />
      )}
    </div>
  )
}

function Wraparound({ data: { databases, forcedAtPercent } }: { data: DatabaseVacuum }) {
  const { t } = useTranslation()
  const { text } = useQuantity()
  return (
    <div className={classes.part}>
      <h3>{t('database.wraparound')}</h3>
      <p className={classes.quiet}>
        {t('database.wraparound-means', { forced: text(forcedAtPercent, 'percent') })}
      </p>
      <dl className={classes.figures}>
        {databases.map(({ database, xidAgePercent }) => (
          <div key={database}>
            <dt>{database}</dt>
            <dd>
              <Value value={xidAgePercent} unit="percent" limit={forcedAtPercent} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

function Tables({ data: { tables, forcedAtPercent, more, at } }: { data: DatabaseVacuum }) {
  const { t } = useTranslation()
  const { text } = useQuantity()
  const age = useAges(at)
  const [withSystem, setWithSystem] = useKept<boolean>('vacuum-system', (kept = false) => kept)
  const { shown, system } = tablesToShow(tables, withSystem)
  const ago = (moment: number | null) =>
    moment === null ? t('database.never') : t('database.ago', { duration: age(moment) })
  const columns: Column<TableVacuum>[] = [
    {
      title: t('database.table'),
      cell: ({ table, autovacuum }) => (
        <>
          {table} {!autovacuum && <strong>{t('database.table-autovacuum-off')}</strong>}
        </>
      ),
    },
    {
      title: t('database.dead-rows'),
      hint: t('database.dead-rows-means'),
      number: true,
      cell: ({ deadRows, threshold }) => <Value value={deadRows} unit="count" limit={threshold} />,
    },
    { title: t('database.live-rows'), number: true, cell: ({ liveRows }) => text(liveRows, 'count') },
    { title: t('database.last-vacuum'), number: true, cell: ({ lastVacuumAt }) => ago(lastVacuumAt) },
    { title: t('database.last-analyze'), number: true, cell: ({ lastAnalyzeAt }) => ago(lastAnalyzeAt) },
    {
      title: t('database.xid-age'),
      hint: t('database.wraparound-means', { forced: text(forcedAtPercent, 'percent') }),
      number: true,
      cell: ({ xidAgePercent }) => <Value value={xidAgePercent} unit="percent" limit={forcedAtPercent} />,
    },
  ]
  return (
    <div className={classes.part}>
      <div className={classes.partHead}>
        <h3>{t('database.vacuum-tables')}</h3>
        <SystemTables count={system} shown={withSystem} onShow={setWithSystem} />
      </div>
      {shown.length === 0 ? (
        <Nothing title={t('database.no-tables')} />
      ) : (
        <PlainTable
          label={t('database.vacuum-tables')}
          rows={shown}
          columns={columns}
          keyOf={({ table }) => table}
        />
      )}
      {more > 0 && <p className={classes.quiet}>{t('database.more-tables', { count: more })}</p>}
    </div>
  )
}
