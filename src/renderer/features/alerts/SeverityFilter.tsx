/** Narrows alerts down to those that are as urgent as chosen, or more. */
import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { SEVERITIES, type Severity } from '#shared/catalogue/severities.ts'
import classes from './alerts.module.css'

interface Props {
  /** `null`: any. */
  readonly value: Severity | null
  readonly onSeverity: (severity: Severity | null) => void
}

export function SeverityFilter({ value, onSeverity }: Props) {
  const { t } = useTranslation()
  return (
    <Select
      className={classes.filterChoice}
      value={value}
      onChange={(severity) => onSeverity(SEVERITIES.find((one) => one === severity) ?? null)}
      data={SEVERITIES.slice(1).map((one) => ({
        value: one,
        label:
          one === 'EMERGENCY'
            ? t('alerts.severity-only')
            : t('alerts.severity-from', { severity: t(`severity.${one}`) }),
      }))}
      placeholder={t('alerts.filter-severity')}
      aria-label={t('alerts.filter-severity')}
      clearButtonProps={{ 'aria-label': t('alerts.clear-filters') }}
      clearable
    />
  )
}
