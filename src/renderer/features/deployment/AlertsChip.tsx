/** The open alerts of a deployment in its head; it leads to them. */
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { SEVERITIES } from '#shared/catalogue/severities.ts'
import type { FleetAlerts } from '#shared/model/fleet.ts'
import { SeverityGlyph } from '../../components/SeverityMark.tsx'
import { places } from '../../places.ts'
import classes from './deployment.module.css'

interface Props {
  readonly name: string
  readonly alerts: FleetAlerts
}

export function AlertsChip({ name, alerts }: Props) {
  const { t } = useTranslation()
  const counts = SEVERITIES.toReversed().filter((severity) => alerts.open[severity] > 0)
  if (counts.length === 0) return null
  const count = counts.reduce((sum, severity) => sum + alerts.open[severity], 0)
  const taken = alerts.acknowledgedBy.join(', ')
  return (
    <Link href={places.alerts('open', `in:${name}`)} className={classes.alertsChip}>
      {counts.map((severity) => (
        <span key={severity} title={t(`severity.${severity}`)}>
          <SeverityGlyph severity={severity} size={12} />
          {alerts.open[severity]}
        </span>
      ))}
      {t('deployment.alerts', { count })}
      {taken !== '' && <span className={classes.quiet}>{t('fleet.alerts-taken', { names: taken })}</span>}
    </Link>
  )
}
