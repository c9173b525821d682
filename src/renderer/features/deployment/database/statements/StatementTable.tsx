/** One row for each statement, its share of the time of all as a bar. */
import { useTranslation } from 'react-i18next'
import type { StatementFigures, StatementOrder, TopStatements } from '#shared/model/database/statements.ts'
import { useQuantity } from '../../../../components/useQuantity.ts'
import classes from '../database.module.css'
import { type Column, PlainTable } from '../PlainTable.tsx'
import { callsPerMinute, hitShareOf, shareOf } from './figures.ts'
import { StatementText } from './StatementText.tsx'

interface Props {
  readonly data: TopStatements
  readonly order: StatementOrder
  readonly onOrder: (order: StatementOrder) => void
}

export function StatementTable({ data, order, onOrder }: Props) {
  const { t } = useTranslation()
  const { text } = useQuantity()
  const by = (one: StatementOrder) => ({ active: order === one, choose: () => onOrder(one) })
  const number = { number: true } as const
  const columns: Column<StatementFigures>[] = [
    {
      title: t('database.statement'),
      cell: ({ statement, user }) => <StatementText statement={statement} user={user} />,
    },
    {
      ...number,
      title: t('database.total-time'),
      order: by('total'),
      cell: (one) => <Share share={shareOf(one, data)} time={text(one.totalMs, 'milliseconds')} />,
    },
    {
      ...number,
      title: t('database.mean'),
      order: by('mean'),
      cell: ({ meanMs }) => text(meanMs, 'milliseconds'),
    },
    ...(data.minutes === null
      ? [
          {
            ...number,
            title: t('database.max'),
            cell: ({ maxMs }: StatementFigures) => text(maxMs, 'milliseconds'),
          },
        ]
      : []),
    { ...number, title: t('database.calls'), order: by('calls'), cell: ({ calls }) => text(calls, 'count') },
    {
      ...number,
      title: t('database.calls-per-minute'),
      cell: (one) => text(callsPerMinute(one, data), 'per-minute'),
    },
    { ...number, title: t('database.rows'), order: by('rows'), cell: ({ rows }) => text(rows, 'count') },
    {
      ...number,
      title: t('database.blocks'),
      hint: t('database.blocks-means'),
      cell: (one) => `${text(one.blocksRead, 'count')} · ${text(hitShareOf(one), 'percent')}`,
    },
    {
      ...number,
      title: t('database.temp'),
      hint: t('database.temp-means'),
      order: by('temp'),
      cell: ({ tempBlocksWritten }) => text(tempBlocksWritten, 'count'),
    },
    {
      ...number,
      title: t('database.wal'),
      order: by('wal'),
      cell: ({ walBytes }) => text(walBytes, 'bytes'),
    },
  ]
  return (
    <PlainTable
      label={t('database.statements')}
      rows={data.statements}
      columns={columns}
      keyOf={({ id }) => id}
      longNames
    />
  )
}

function Share({ share, time }: { share: number | null; time: string }) {
  const { text } = useQuantity()
  return (
    <span className={classes.share}>
      <span>
        {time} <span className={classes.quiet}>{text(share, 'percent')}</span>
      </span>
      <span className={classes.bar} aria-hidden="true">
        <span style={{ width: `${share ?? 0}%` }} />
      </span>
    </span>
  )
}
