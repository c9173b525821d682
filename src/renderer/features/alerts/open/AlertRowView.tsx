/** One open alert: how urgent, what and why, since when, and who has it. */
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Alert } from '#shared/model/alert.ts'
import { Moment } from '../../../components/Moment.tsx'
import { SEVERITY_TONE, SeverityMark } from '../../../components/SeverityMark.tsx'
import { useAlertWords } from '../alert-words.ts'
import classes from '../alerts.module.css'
import type { Placed } from './arrange.ts'
import { StateWords } from './StateWords.tsx'

interface Props {
  readonly placed: Placed
  /** The head of its group says what it comes from. */
  readonly isCauseAbove: boolean
  /** Pixels from the top of the list. */
  readonly top: number
  readonly height: number
  readonly index: number
  readonly place: string
  readonly tabbable: boolean
  readonly isSelected: boolean
  /** It is the one that is open beside the list. */
  readonly isOpen: boolean
  readonly behind: Alert | null
  readonly onActive: (id: string) => void
  readonly onToggle: (id: string, range: boolean) => void
}

export const AlertRowView = memo(function AlertRowView({
  placed: { alert, isConsequence, isShared },
  isCauseAbove,
  top,
  height,
  index,
  place,
  tabbable,
  isSelected,
  isOpen,
  behind,
  onActive,
  onToggle,
}: Props) {
  const { t } = useTranslation()
  const wordsOf = useAlertWords()
  const { rule, subject, reason, chain } = wordsOf(alert)
  const { id, severity, state, since } = alert
  return (
    <tr
      aria-rowindex={index + 2}
      className={classes.row}
      data-alert={id}
      data-tone={SEVERITY_TONE[severity]}
      data-state={state}
      data-consequence={isConsequence || undefined}
      data-selected={isSelected || undefined}
      data-open={isOpen || undefined}
      style={{ transform: `translateY(${top}px)`, height }}
    >
      <td className={classes.check}>
        <input
          type="checkbox"
          tabIndex={-1}
          checked={isSelected}
          aria-label={t('alerts.select', { rule })}
          onChange={(event) => onToggle(id, (event.nativeEvent as MouseEvent).shiftKey)}
        />
      </td>
      <td className={classes.severity}>
        <SeverityMark severity={severity} />
      </td>
      <td className={classes.what}>
        <p className={classes.name}>
          <Link
            href={place}
            replace
            className={classes.link}
            data-row={id}
            tabIndex={tabbable ? 0 : -1}
            onFocus={() => onActive(id)}
          >
            {rule}
          </Link>
          {isShared && <span className={classes.subject}>{alert.deployment}</span>}
          {subject !== null && <span className={classes.subject}>{subject}</span>}
        </p>
        <p className={classes.reason} title={reason}>
          {reason}
        </p>
        {chain.length > 0 && !isCauseAbove && (
          <p className={classes.chain} title={chain.join(' ← ')}>
            <span className={classes.quiet}>← </span>
            {chain.join(' ← ')}
          </p>
        )}
      </td>
      <td className={classes.who}>
        <StateWords alert={alert} behind={behind === null ? null : wordsOf(behind).rule} />
      </td>
      <td className={classes.since} aria-label={t('alerts.column-since')}>
        <Moment at={since} show="relative" />
        <span className={classes.quiet}>
          <Moment at={since} show="absolute" />
        </span>
      </td>
    </tr>
  )
})
