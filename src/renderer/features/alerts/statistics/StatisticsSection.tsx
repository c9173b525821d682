/** How often what fired, how long it took people, what rings for little, and when. */
import { SegmentedControl, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../../client/console.tsx'
import { useListFace } from '../../../client/list-face.ts'
import { useFleet } from '../../../client/live.ts'
import { ListFaces } from '../../../components/ListFaces.tsx'
import { useQuantity } from '../../../components/useQuantity.ts'
import { GroupTable } from './GroupTable.tsx'
import { HeatMap } from './HeatMap.tsx'
import { Noisiest } from './Noisiest.tsx'
import classes from './statistics.module.css'

const DAYS = ['7', '30', '90'] as const

export function StatisticsSection() {
  const { t } = useTranslation()
  const { duration } = useQuantity()
  const api = useApi()
  const [days, setDays] = useState<(typeof DAYS)[number]>('7')
  const [deployment, setDeployment] = useState<string | null>(null)
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  const fleet = useFleet({ subscribed: false })
  const input = { days: Number(days), timeZone, ...(deployment === null ? {} : { deployment }) }
  const query = useQuery(
    api.alerts.statistics.queryOptions({ input, staleTime: 0, placeholderData: (before) => before }),
  )
  const list = useQuery(api.alerts.rules.queryOptions({ staleTime: 0 }))
  const rules = useMemo(() => new Map(list.data?.items.map((rule) => [rule.id, rule] as const)), [list.data])
  const { data } = query
  const face = useListFace(query, ({ fired }) => fired === 0)
  const byRule = data?.byRule.map(({ rule, ...group }) => ({
    ...group,
    ...{ key: rule, name: rules.get(rule)?.name ?? rule },
  }))
  const byDeployment = data?.byDeployment.map(({ deployment: name, ...group }) => ({
    ...group,
    key: name,
    name,
  }))
  return (
    <div className={classes.section}>
      <div className={classes.bar}>
        <SegmentedControl
          size="xs"
          aria-label={t('statistics.days')}
          data={DAYS.map((value) => ({ value, label: t(`statistics.days-${value}`) }))}
          value={days}
          onChange={setDays}
        />
        <Select
          size="xs"
          aria-label={t('statistics.deployment')}
          placeholder={t('statistics.all')}
          data={(fleet.data?.rows ?? []).map(({ name }) => name).toSorted()}
          value={deployment}
          clearable
          searchable
          onChange={setDeployment}
        />
        <p className={classes.summary}>{data !== undefined && data.fired > 0 && summary()}</p>
      </div>
      <ListFaces
        face={face}
        rowHeight={32}
        skeletonRows={12}
        errorTitle={t('statistics.failed')}
        empty={{ title: t('statistics.none-title'), text: t('statistics.none-text') }}
      >
        {data?.isCut === true && <p className={classes.quiet}>{t('statistics.cut')}</p>}
        <Noisiest noisiest={data?.noisiest ?? []} rules={rules} />
        <div className={classes.tables}>
          <GroupTable of="rule" groups={byRule ?? []} />
          <GroupTable of="deployment" groups={byDeployment ?? []} />
        </div>
        <HeatMap hours={data?.hours ?? []} timeZone={timeZone} />
      </ListFaces>
    </div>
  )

  function summary(): string {
    if (data === undefined) return ''
    const { fired, active, secondsToAcknowledge, secondsToResolve } = data
    const taken = secondsToAcknowledge.median
    const over = secondsToResolve.median
    return [
      t('statistics.fired', { count: fired }),
      ...(active === 0 ? [] : [t('statistics.active', { count: active })]),
      ...(taken === null ? [] : [t('statistics.to-acknowledge', { length: duration(taken * 1_000) })]),
      ...(over === null ? [] : [t('statistics.to-resolve', { length: duration(over * 1_000) })]),
    ].join(' · ')
  }
}
