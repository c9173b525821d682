/** The open alerts of a row by severity, and who has taken some; it leads to them. */
import { VisuallyHidden } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { SEVERITIES } from '#shared/catalogue/severities.ts'
import type { FleetRow } from '#shared/model/fleet.ts'
import { SeverityGlyph } from '../../components/SeverityMark.tsx'
import { places } from '../../places.ts'
import classes from './fleet.module.css'

const MOST_URGENT_FIRST = SEVERITIES.toReversed()

export function FleetAlertsCell({ row: { name, alerts } }: { row: FleetRow }) {
  const { t } = useTranslation()
  const counts = MOST_URGENT_FIRST.filter((severity) => alerts.open[severity] > 0)
  const waits = SEVERITIES.some((severity) => alerts.waiting[severity] > 0)
  const taken = alerts.acknowledgedBy.join(', ')
  if (counts.length === 0) {
    return (
      <td className={classes.alerts}>
        <span className={classes.nothing} title={t('fleet.no-alerts')}>
          –
        </span>
      </td>
    )
  }
  const words = [
    ...counts.map((severity) => `${alerts.open[severity]} ${t(`severity.${severity}`)}`),
    taken === ''
      ? waits
        ? t('fleet.alerts-wait')
        : t('fleet.alerts-quiet')
      : t('fleet.alerts-taken', { names: taken }),
  ].join(', ')
  return (
    <td className={classes.alerts}>
      {/* What is read and what is heard begin alike: no label stands in the place of what is shown. */}
      <Link href={places.alerts('open', `in:${name}`)} tabIndex={-1} title={words}>
        <VisuallyHidden>{t('fleet.alerts-of', { name })} </VisuallyHidden>
        <span className={classes.alertCounts} data-quiet={!waits || undefined}>
          {counts.map((severity) => (
            <span key={severity}>
              <SeverityGlyph severity={severity} size={12} />
              {alerts.open[severity]} <VisuallyHidden>{t(`severity.${severity}`)}</VisuallyHidden>
            </span>
          ))}
        </span>
        <span className={classes.taken}>
          {taken !== '' && <VisuallyHidden>{t('fleet.column-taken')} </VisuallyHidden>}
          {taken !== '' ? taken : waits ? '' : t('fleet.alerts-quiet')}
        </span>
      </Link>
    </td>
  )
}
