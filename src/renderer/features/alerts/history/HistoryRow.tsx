/** One alert of before: how long it lasted, who took it and when, how it ended. */
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { ruleName, subjectOf } from '#shared/locales/alert-words.ts'
import { Moment } from '../../../components/Moment.tsx'
import { SeverityMark } from '../../../components/SeverityMark.tsx'
import { useQuantity } from '../../../components/useQuantity.ts'
import classes from '../alerts.module.css'
import { lengthsOf, type PastAlert } from './lengths.ts'

interface Props {
  readonly alert: PastAlert
  readonly index: number
  /** Pixels from the top of the list. */
  readonly top: number
  readonly height: number
  readonly place: string
  readonly tabbable: boolean
  /** It is the one that is open beside the list. */
  readonly isOpen: boolean
  readonly onActive: (id: string) => void
}

export const HistoryRow = memo(function HistoryRow(props: Props) {
  const { alert, index, top, height, place, tabbable, isOpen, onActive } = props
  const { t, i18n } = useTranslation()
  const { duration } = useQuantity()
  const { id, severity, deployment, reason, ending, resolvedBy, acknowledgedBy, reopened } = alert
  const { lasted, taken } = lengthsOf(alert)
  const subject = subjectOf(alert)
  const { text } = reason
  return (
    <tr
      aria-rowindex={index + 2}
      className={classes.row}
      data-open={isOpen || undefined}
      style={{ transform: `translateY(${top}px)`, height }}
    >
      <td>
        <SeverityMark severity={severity} />
      </td>
      <th scope="row" className={classes.what}>
        <p>
          <Link
            href={place}
            replace
            className={classes.link}
            data-row={id}
            tabIndex={tabbable ? 0 : -1}
            onFocus={() => onActive(id)}
          >
            {ruleName(i18n, alert)}
          </Link>
          {subject !== null && <span className={classes.subject}>{subject}</span>}
        </p>
        <p className={classes.quiet} title={text}>
          {text}
        </p>
      </th>
      <td className={classes.what} title={deployment}>
        <p>{deployment}</p>
      </td>
      <td>
        <Moment at={Date.parse(alert.since)} show="absolute" />
      </td>
      <td className={classes.what}>
        <p>{lasted === null ? t('alerts.goes-on') : duration(lasted, true)}</p>
        <p className={classes.quiet}>
          {ending !== null && t(`alerts.ending-${ending}`, { name: resolvedBy ?? '' })}
          {ending === null && reopened > 0 && t('alerts.reopened', { count: reopened })}
        </p>
      </td>
      <td className={classes.what}>
        <p className={acknowledgedBy === null ? classes.quiet : undefined}>
          {acknowledgedBy ?? t('alerts.by-nobody')}
        </p>
        {taken !== null && (
          <p className={classes.quiet}>{t('alerts.after', { duration: duration(taken, true) })}</p>
        )}
      </td>
    </tr>
  )
})
