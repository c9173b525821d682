/** What narrows the open alerts down: text, severity, deployment, state. */
import { Select } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { ALERT_FILTER_STATES, type AlertView } from '#shared/contract/console.ts'
import type { Alert } from '#shared/model/alert.ts'
import { usePainted } from '../../../components/painted.ts'
import { FilterField } from '../../../shell/FilterField.tsx'
import classes from '../alerts.module.css'
import { SeverityFilter } from '../SeverityFilter.tsx'

interface Props {
  readonly view: AlertView
  readonly alerts: readonly Alert[]
  readonly onView: (change: Partial<AlertView>) => void
}

export function AlertFilters({ view, alerts, onView }: Props) {
  const { t } = useTranslation()
  const isPainted = usePainted()
  return (
    <search className={classes.filters}>
      <FilterField
        className={classes.filterText}
        label={t('alerts.filter')}
        clearLabel={t('alerts.clear-filters')}
        value={view.text}
        onText={(text) => onView({ text })}
      />
      {isPainted ? (
        <Choices view={view} alerts={alerts} onView={onView} />
      ) : (
        ['severity', 'state', 'deployment'].map((one) => (
          <div key={one} className={`${classes.filterChoice} ${classes.filterToCome}`} />
        ))
      )}
    </search>
  )
}

/** Fields with lists to choose from take as long to draw as the alerts that are in view. */
function Choices({ view, alerts, onView }: Props) {
  const { t } = useTranslation()
  const clear = { 'aria-label': t('alerts.clear-filters') }
  const { deployment } = view
  const choices = useMemo(() => {
    // One that has none any more is still what the list is narrowed down by.
    const names = new Set(deployment === null ? [] : [deployment])
    for (const alert of alerts) names.add(alert.deployment)
    return [...names].sort(new Intl.Collator().compare)
  }, [alerts, deployment])
  return (
    <>
      <SeverityFilter value={view.severity} onSeverity={(severity) => onView({ severity })} />
      <Select
        className={classes.filterChoice}
        value={view.state}
        onChange={(state) => onView({ state: state as AlertView['state'] })}
        data={ALERT_FILTER_STATES.map((value) => ({ value, label: t(`alerts.filter-${value}`) }))}
        placeholder={t('alerts.filter-state')}
        aria-label={t('alerts.filter-state')}
        clearButtonProps={clear}
        clearable
      />
      <Select
        className={classes.filterChoice}
        value={deployment}
        onChange={(value) => onView({ deployment: value })}
        data={choices}
        placeholder={t('alerts.filter-deployment')}
        aria-label={t('alerts.filter-deployment')}
        clearButtonProps={clear}
        limit={100}
        searchable
        clearable
      />
    </>
  )
}
