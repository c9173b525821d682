/** Alerts of before as rows; arrows move between them, and `Enter` opens one beside the list. */
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Moment } from '../../../components/Moment.tsx'
import { SeverityMark } from '../../../components/SeverityMark.tsx'
import { useActiveRow } from '../../../components/table/useActiveRow.ts'
import { useQuantity } from '../../../components/useQuantity.ts'
import { ruleName } from '../alert-words.ts'
import own from './history.module.css'
import { lengthsOf, type PastAlert } from './lengths.ts'

interface Props {
  readonly alerts: readonly PastAlert[]
  /** The one that is open beside the list. */
  readonly opened: string | null
  readonly placeOf: (id: string) => string
}

export function HistoryTable({ alerts, opened, placeOf }: Props) {
  const { t, i18n } = useTranslation()
  const { duration } = useQuantity()
  const body = useRef<HTMLTableSectionElement>(null)
  const ids = alerts.map(({ id }) => id)
  const { active, activate, onKeyDown } = useActiveRow(ids, body, (index) =>
    body.current?.rows[index]?.scrollIntoView({ block: 'nearest' }),
  )
  return (
    <table className={own.table} aria-label={t('alerts.section-history')}>
      <thead>
        <tr>
          <th scope="col">{t('alerts.column-severity')}</th>
          <th scope="col">{t('alerts.column-alert')}</th>
          <th scope="col">{t('alerts.filter-deployment')}</th>
          <th scope="col">{t('alerts.column-began')}</th>
          <th scope="col">{t('alerts.column-lasted')}</th>
          <th scope="col">{t('alerts.acknowledged')}</th>
        </tr>
      </thead>
      <tbody ref={body} onKeyDown={onKeyDown}>
        {alerts.map((alert) => {
          const { id, deployment, ending, resolvedBy, acknowledgedBy, subject, reopened } = alert
          const { lasted, taken } = lengthsOf(alert)
          const of = [subject.target, ...Object.values(subject.labels)].filter(Boolean).join(' · ')
          return (
            <tr key={id} data-open={id === opened || undefined}>
              <td>
                <SeverityMark severity={alert.severity} />
              </td>
              <th scope="row">
                <Link
                  href={placeOf(id)}
                  replace
                  data-row={id}
                  tabIndex={id === active ? 0 : -1}
                  onFocus={() => activate(id)}
                >
                  {ruleName(i18n, alert)}
                </Link>
                {of !== '' && <span className={own.quiet}> {of}</span>}
                <p className={own.reason}>{alert.reason.text}</p>
              </th>
              <td>{deployment}</td>
              <td>
                <Moment at={Date.parse(alert.since)} show="absolute" />
              </td>
              <td>
                {lasted === null ? t('alerts.goes-on') : duration(lasted, true)}
                <p className={own.reason}>
                  {ending !== null && t(`alerts.ending-${ending}`, { name: resolvedBy ?? '' })}
                  {ending === null && reopened > 0 && t('alerts.reopened', { count: reopened })}
                </p>
              </td>
              <td>
                {acknowledgedBy ?? <span className={own.quiet}>{t('alerts.by-nobody')}</span>}
                {taken !== null && (
                  <p className={own.reason}>{t('alerts.after', { duration: duration(taken, true) })}</p>
                )}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
