/** What costs most: the statements that PostgreSQL counts, over a window or since it began to. */
import { SegmentedControl } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import {
  STATEMENT_WINDOWS,
  type StatementOrder,
  type TopStatements,
} from '#shared/model/database/statements.ts'
import { useApi } from '../../../../client/console.tsx'
import { CopyLine } from '../../../../components/CopyLine.tsx'
import { useKept } from '../../../../components/KeptChoices.tsx'
import { Moment } from '../../../../components/Moment.tsx'
import { useQuantity } from '../../../../components/useQuantity.ts'
import { Asked } from '../Asked.tsx'
import classes from '../database.module.css'
import { Nothing } from '../Nothing.tsx'
import { EVERY_MS, polled } from '../polling.ts'
import { coverageOf } from './figures.ts'
import { StatementTable } from './StatementTable.tsx'

const WINDOW_NAMES: Record<(typeof STATEMENT_WINDOWS)[number], '15m' | '1h' | '6h' | '24h'> = {
  15: '15m',
  60: '1h',
  360: '6h',
  1440: '24h',
}
const FIRST_WINDOW = 60
const LIMIT = 50

export function StatementsSection({ name }: { name: string }) {
  const { t } = useTranslation()
  const [minutes, setMinutes] = useKept<number | null>('window', (kept = FIRST_WINDOW) => kept)
  const [order, setOrder] = useKept<StatementOrder>('statements-order', (kept = 'total') => kept)
  const statements = useQuery({
    ...useApi().database.statements.queryOptions({ input: { name, minutes, order, limit: LIMIT } }),
    ...polled(EVERY_MS.rest),
    placeholderData: keepPreviousData,
  })
  const windows = STATEMENT_WINDOWS.map((one) => ({
    value: String(one),
    label: t(`live.span-${WINDOW_NAMES[one]}`),
  }))
  return (
    <Asked
      title={t('database.statements')}
      query={statements}
      everyMs={EVERY_MS.rest}
      controls={
        <SegmentedControl
          aria-label={t('database.window')}
          value={minutes === null ? 'all' : String(minutes)}
          onChange={(value) => setMinutes(value === 'all' ? null : Number(value))}
          data={[...windows, { value: 'all', label: t('database.window-all') }]}
        />
      }
    >
      {(data) => <Found data={data} order={order} onOrder={setOrder} />}
    </Asked>
  )
}

interface FoundProps {
  readonly data: TopStatements
  readonly order: StatementOrder
  readonly onOrder: (order: StatementOrder) => void
}

function Found({ data, order, onOrder }: FoundProps) {
  const { t } = useTranslation()
  if (data.missing !== null) {
    return (
      <div className={classes.notice}>
        <p>{t(`database.missing-${data.missing}`)}</p>
        {data.remedy !== null && <CopyLine text={data.remedy} label={t('database.remedy')} />}
      </div>
    )
  }
  return (
    <>
      <Since data={data} />
      {data.restarted && <p className={classes.notice}>{t('database.restarted')}</p>}
      {data.statements.length === 0 ? (
        <Nothing title={t('database.no-calls')} text={t('database.no-calls-text')} />
      ) : (
        <StatementTable data={data} order={order} onOrder={onOrder} />
      )}
    </>
  )
}

function Since({ data }: { data: TopStatements }) {
  const { t } = useTranslation()
  const { text, duration } = useQuantity()
  const { since, at, totalMs, totalCalls } = data
  const coverage = coverageOf(data)
  return (
    <p className={classes.quiet}>
      {t(`database.since-${coverage}`, { duration: since === null ? '' : duration(at - since, true) })}{' '}
      {since !== null && <Moment at={since} show="absolute" />}
      {' · '}
      {t('database.statements-total', {
        time: text(totalMs, 'milliseconds'),
        calls: text(totalCalls, 'count'),
      })}
    </p>
  )
}
