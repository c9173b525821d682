/** The other alerts of an incident: they were told together. */
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Alert } from '#shared/model/alert.ts'
import { Moment } from '../../../components/Moment.tsx'
import { SeverityGlyph } from '../../../components/SeverityMark.tsx'
import { useAlertWords } from '../alert-words.ts'
import classes from './detail.module.css'

interface Props {
  readonly of: Alert
  readonly incident: readonly Alert[]
  readonly placeOf: (id: string) => string
}

export function IncidentAlerts({ of, incident, placeOf }: Props) {
  const { t } = useTranslation()
  const wordsOf = useAlertWords()
  const others = incident.filter(({ id }) => id !== of.id)
  if (others.length === 0) return null
  return (
    <section className={classes.part}>
      <h3>{t('alerts.incident', { count: others.length })}</h3>
      <ul className={classes.others}>
        {others.map((alert) => {
          const { rule, subject } = wordsOf(alert)
          const whose = alert.deployment === of.deployment ? [subject] : [alert.deployment, subject]
          return (
            <li key={alert.id}>
              <SeverityGlyph severity={alert.severity} size={12} />
              <Link href={placeOf(alert.id)} replace>
                {rule}
              </Link>
              <span className={classes.quiet}>
                {whose.flatMap((part) => (part === null ? [] : `${part} · `))}
                {alert.state === 'resolved' ? t('alerts.state-resolved') : null}{' '}
                <Moment at={alert.endedAt ?? alert.since} show="absolute" />
              </span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
