/** The history as a table for spreadsheets: moments in UTC, lengths in seconds. */
import { useTranslation } from 'react-i18next'
import { ruleName } from '#shared/locales/alert-words.ts'
import type { CsvTable } from '../../../components/table/csv.ts'
import { lengthsOf, type PastAlert } from './lengths.ts'

export function useHistoryCsv(): (alerts: readonly PastAlert[]) => CsvTable {
  const { t, i18n } = useTranslation()
  const seconds = (ms: number | null) => (ms === null ? null : Math.round(ms / 1_000))
  return (alerts) => ({
    headings: [
      t('alerts.column-severity'),
      t('alerts.filter-rule'),
      t('alerts.filter-deployment'),
      t('alerts.column-subject'),
      t('alerts.column-reason'),
      t('alerts.column-began'),
      t('alerts.ended'),
      t('alerts.column-how-ended'),
      t('alerts.column-lasted-seconds'),
      t('alerts.column-taken-by'),
      t('alerts.column-taken-seconds'),
      t('alerts.note'),
      'id',
    ],
    rows: alerts.map((alert) => {
      const { lasted, taken } = lengthsOf(alert)
      const { subject, endedAt, ending, resolvedBy } = alert
      return [
        t(`severity.${alert.severity}`),
        ruleName(i18n, alert),
        alert.deployment,
        [subject.target, ...Object.values(subject.labels)].filter(Boolean).join(' · '),
        alert.reason.text,
        new Date(alert.since),
        endedAt === null ? null : new Date(endedAt),
        ending === null ? null : t(`alerts.ending-${ending}`, { name: resolvedBy ?? '' }),
        seconds(lasted),
        alert.acknowledgedBy,
        seconds(taken),
        alert.note,
        alert.id,
      ]
    }),
  })
}
