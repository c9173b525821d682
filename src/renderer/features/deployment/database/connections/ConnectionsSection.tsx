/** Who holds connections, beside what the application and the pooler say of their own pools. */

import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { DatabaseConnections } from '#shared/model/database/connections.ts'
import { useApi } from '../../../../client/console.tsx'
import { useKept } from '../../../../components/KeptChoices.tsx'
import { useQuantity } from '../../../../components/useQuantity.ts'
import { Value } from '../../../../components/Value.tsx'
import { Asked } from '../Asked.tsx'
import classes from '../database.module.css'
import { Hidden } from '../Hidden.tsx'
import { Nothing } from '../Nothing.tsx'
import { type Column, PlainTable } from '../PlainTable.tsx'
import { EVERY_MS, polled } from '../polling.ts'
import { ApplicationPool } from './ApplicationPool.tsx'
import { type Application, type Counted, countBy, TRAITS, type Trait } from './group.ts'
import { PoolerPools } from './PoolerPools.tsx'

interface Props {
  readonly name: string
  readonly application: Application
}

export function ConnectionsSection({ name, application }: Props) {
  const { t } = useTranslation()
  const [trait, setTrait] = useKept<Trait>('connections-by', (kept = 'application') => kept)
  const connections = useQuery({
    ...useApi().database.connections.queryOptions({ input: { name } }),
    ...polled(EVERY_MS.rest),
  })
  return (
    <Asked
      title={t('database.connections')}
      query={connections}
      everyMs={EVERY_MS.rest}
      controls={
        <SegmentedControl
          aria-label={t('database.count-by')}
          value={trait}
          onChange={(value) => setTrait(value as Trait)}
          data={TRAITS.map((one) => ({ value: one, label: t(`database.by-${one}`) }))}
        />
      }
    >
      {(data) => (
        <>
          <Room data={data} />
          <Hidden hidden={data.hidden} grant={data.grant} />
          <Groups data={data} trait={trait} />
          <ApplicationPool data={data} application={application} />
          <PoolerPools pools={data.pooler} />
        </>
      )}
    </Asked>
  )
}

/** How much of what the server lets in is taken. */
function Room({ data: { total, maxConnections, reserved } }: { data: DatabaseConnections }) {
  const { t } = useTranslation()
  const { text } = useQuantity()
  return (
    <p className={classes.room}>
      <Value value={total} unit="connections" of={maxConnections - reserved} />{' '}
      <span className={classes.quiet}>
        {t('database.room', {
          max: text(maxConnections, 'count'),
          reserved: text(reserved, 'count'),
        })}
      </span>
    </p>
  )
}

function Groups({ data: { groups, total }, trait }: { data: DatabaseConnections; trait: Trait }) {
  const { t } = useTranslation()
  const { text } = useQuantity()
  const count = (title: string, of: (row: Counted) => number): Column<Counted> => ({
    title,
    number: true,
    cell: (row) => text(of(row), 'count'),
  })
  if (groups.length === 0) return <Nothing title={t('database.nobody-connected')} />
  const listed = groups.reduce((sum, group) => sum + group.count, 0)
  const columns: Column<Counted>[] = [
    { title: t(`database.by-${trait}`), cell: ({ value }) => value ?? t('database.unnamed') },
    count(t('database.count'), (row) => row.count),
    ...(trait === 'state'
      ? []
      : [
          count(t('database.active'), (row) => row.active),
          count(t('database.idle'), (row) => row.idle),
          count(t('database.idle-in-transaction'), (row) => row.idleInTransaction),
        ]),
    {
      title: t('database.oldest-idle'),
      number: true,
      cell: ({ oldestIdleInTransaction }) => text(oldestIdleInTransaction, 'seconds'),
    },
  ]
  return (
    <>
      <PlainTable
        label={t('database.connections')}
        rows={countBy(groups, trait)}
        columns={columns}
        keyOf={({ value }) => value ?? ''}
      />
      {listed < total && <p className={classes.quiet}>{t('database.not-all-groups', { listed, total })}</p>}
    </>
  )
}
