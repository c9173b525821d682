/** What narrows the history down: text, deployment, rule, severity. The console sends no more than what fits. */
import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Severity } from '#shared/catalogue/severities.ts'
import { useApi } from '../../../client/console.tsx'
import { useFleet } from '../../../client/live.ts'
import { FilterField } from '../../../shell/FilterField.tsx'
import classes from '../alerts.module.css'
import { SeverityFilter } from '../SeverityFilter.tsx'

export interface HistoryView {
  readonly text: string
  readonly deployment: string | null
  readonly rule: string | null
  readonly severity: Severity | null
}

export const NO_HISTORY_FILTER: HistoryView = { text: '', deployment: null, rule: null, severity: null }

interface Props {
  readonly view: HistoryView
  readonly onView: (change: Partial<HistoryView>) => void
}

export function HistoryFilters({ view, onView }: Props) {
  const { t } = useTranslation()
  const rules = useQuery(useApi().alerts.rules.queryOptions()).data?.items ?? []
  const names = useFleet().data?.rows.map(({ name }) => name) ?? []
  const clear = { 'aria-label': t('alerts.clear-filters') }
  return (
    <search className={classes.filters}>
      <FilterField
        className={classes.filterText}
        label={t('alerts.history-search')}
        clearLabel={clear['aria-label']}
        value={view.text}
        onText={(text) => onView({ text })}
      />
      <Select
        className={classes.filterChoice}
        value={view.rule}
        onChange={(rule) => onView({ rule })}
        data={rules.map(({ id, name }) => ({ value: id, label: name }))}
        placeholder={t('alerts.filter-rule')}
        aria-label={t('alerts.filter-rule')}
        clearButtonProps={clear}
        searchable
        clearable
      />
      <SeverityFilter value={view.severity} onSeverity={(severity) => onView({ severity })} />
      <Select
        className={classes.filterChoice}
        value={view.deployment}
        onChange={(deployment) => onView({ deployment })}
        data={names.toSorted((a, b) => a.localeCompare(b))}
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
