/** The open alerts of a row by severity, and who has taken some; it leads to them. */
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
      <Link
        href={places.alerts('open', `in:${name}`)}
        tabIndex={-1}
        title={words}
        aria-label={t('fleet.alerts-of', { name, words })}
      >
        <span className={classes.alertCounts} data-quiet={!waits || undefined}>
          {counts.map((severity) => (
            <span key={severity}>
              <SeverityGlyph severity={severity} size={12} />
              {alerts.open[severity]}
            </span>
          ))}
        </span>
        <span className={classes.taken}>{taken !== '' ? taken : waits ? '' : t('fleet.alerts-quiet')}</span>
      </Link>
    </td>
  )
}
