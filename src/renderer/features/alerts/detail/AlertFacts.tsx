/** What is known of an alert: value and limit, its moments, and who has done what. */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { MetricUnit } from '#shared/catalogue/metrics.ts'
import type { Alert } from '#shared/model/alert.ts'
import { Moment } from '../../../components/Moment.tsx'
import { useQuantity } from '../../../components/useQuantity.ts'
import { Value } from '../../../components/Value.tsx'
import classes from './detail.module.css'

interface Props {
  readonly alert: Alert
  /** What the alert in front of it is called. */
  readonly behind: string | null
}

export function AlertFacts({ alert, behind }: Props) {
  const { t } = useTranslation()
  const { duration } = useQuantity()
  const { acknowledgedAt, acknowledgedBy, since, pendingSince, endedAt, ending, resolvedBy } = alert
  const facts: [string, ReactNode][] = [
    [
      t('alerts.value'),
      // A flag says no more than the words above.
      alert.unit === 'flag' ? null : (
        <Value
          key="value"
          value={alert.value}
          unit={alert.unit as MetricUnit}
          limit={alert.threshold}
          direction={alert.direction}
        />
      ),
    ],
    [t('alerts.column-since'), <Moment key="since" at={since} />],
    [t('alerts.first-seen'), pendingSince === since ? null : <Moment key="seen" at={pendingSince} />],
    [t('alerts.behind-label'), alert.inhibitedBy === null ? null : (behind ?? t('alerts.behind-gone'))],
    [
      t('alerts.acknowledged'),
      acknowledgedBy === null ? null : (
        <span key="by">
          {acknowledgedBy}
          {acknowledgedAt !== null && (
            <>
              , <Moment at={acknowledgedAt} /> ·{' '}
              {t('alerts.after', { duration: duration(Math.max(0, acknowledgedAt - since), true) })}
            </>
          )}
        </span>
      ),
    ],
    [t('alerts.note'), alert.note],
    [
      t('rules.checklist'),
      alert.checklist === null ? null : (
        <a key="checklist" href={alert.checklist} target="_blank" rel="noreferrer">
          {alert.checklist}
        </a>
      ),
    ],
    [
      t('alerts.silenced'),
      alert.silencedUntil === null || endedAt !== null ? null : (
        <Moment key="until" at={alert.silencedUntil} />
      ),
    ],
    [
      t('alerts.ended'),
      endedAt === null || ending === null ? null : (
        <span key="ended">
          <Moment at={endedAt} /> · {t('alerts.after', { duration: duration(endedAt - since, true) })} ·{' '}
          {t(`alerts.ending-${ending}`, { name: resolvedBy ?? '' })}
        </span>
      ),
    ],
    [
      t('alerts.returns'),
      alert.reopened === 0 ? null : (
        <span key="returns">
          {t('alerts.reopened', { count: alert.reopened })}
          {alert.flapping && ` · ${t('alerts.flapping')}`}
        </span>
      ),
    ],
  ]
  return (
    <dl className={classes.facts}>
      {facts.map(
        ([label, value]) =>
          value !== null && (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  )
}
