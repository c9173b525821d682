/** What narrows the open alerts down: text, severity, deployment, state. */
import { CloseButton, Select, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { SEVERITIES } from '#shared/catalogue/severities.ts'
import { ALERT_FILTER_STATES, type AlertView } from '#shared/contract/console.ts'
import { Kbd } from '../../../components/Kbd.tsx'
import { useFilterKey } from '../../../shell/useFilterKey.ts'
import classes from '../alerts.module.css'

interface Props {
  readonly view: AlertView
  /** Deployments that have some. */
  readonly deployments: readonly string[]
  readonly onView: (change: Partial<AlertView>) => void
}

export function AlertFilters({ view, deployments, onView }: Props) {
  const { t } = useTranslation()
  const field = useFilterKey()

  const clear = { 'aria-label': t('alerts.clear-filters') }
  // One that has none any more is still what the list is narrowed down by.
  const { deployment } = view
  const choices =
    deployment === null || deployments.includes(deployment) ? deployments : [...deployments, deployment]
  return (
    <search className={classes.filters}>
      <TextInput
        ref={field}
        className={classes.filterText}
        value={view.text}
        maxLength={200}
        onChange={(event) => onView({ text: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onView({ text: '' })
        }}
        placeholder={t('alerts.filter')}
        aria-label={t('alerts.filter')}
        rightSection={
          view.text === '' ? (
            <Kbd keys="/" />
          ) : (
            <CloseButton size="xs" {...clear} onClick={() => onView({ text: '' })} />
          )
        }
      />
      <Select
        className={classes.filterChoice}
        value={view.severity}
        onChange={(severity) => onView({ severity: severity as AlertView['severity'] })}
        data={SEVERITIES.slice(1).map((value) => ({
          value,
          label:
            value === 'EMERGENCY'
              ? t('alerts.severity-only')
              : t('alerts.severity-from', { severity: t(`severity.${value}`) }),
        }))}
        placeholder={t('alerts.filter-severity')}
        aria-label={t('alerts.filter-severity')}
        clearButtonProps={clear}
        clearable
      />
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
