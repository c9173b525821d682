/** What narrows the open alerts down: text, severity, deployment, state. */
import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { ALERT_FILTER_STATES, type AlertView } from '#shared/contract/console.ts'
import { FilterField } from '../../../shell/FilterField.tsx'
import classes from '../alerts.module.css'
import { SeverityFilter } from '../SeverityFilter.tsx'

interface Props {
  readonly view: AlertView
  /** Deployments that have some. */
  readonly deployments: readonly string[]
  readonly onView: (change: Partial<AlertView>) => void
}

export function AlertFilters({ view, deployments, onView }: Props) {
  const { t } = useTranslation()
  const clear = { 'aria-label': t('alerts.clear-filters') }
  // One that has none any more is still what the list is narrowed down by.
  const { deployment } = view
  const choices =
    deployment === null || deployments.includes(deployment) ? deployments : [...deployments, deployment]
  return (
    <search className={classes.filters}>
      <FilterField
        className={classes.filterText}
        label={t('alerts.filter')}
        clearLabel={clear['aria-label']}
        value={view.text}
        onText={(text) => onView({ text })}
      />
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
    </search>
  )
}
