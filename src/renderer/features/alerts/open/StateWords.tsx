/** What people have done about an alert, or why it is quiet, in words. */
import { useTranslation } from 'react-i18next'
import type { Alert } from '#shared/model/alert.ts'
import { absolute, universal } from '../../../components/moment.ts'
import { useNow } from '../../../components/now.ts'
import classes from '../alerts.module.css'

interface Props {
  readonly alert: Alert
  /** What the alert in front of it is called; `null`: it is not behind one, or that is not known. */
  readonly behind: string | null
}

export function StateWords({ alert, behind }: Props) {
  const { t } = useTranslation()
  const { state, acknowledgedBy, note, inhibitedBy, flapping, reopened } = alert
  const over = state === 'resolved'
  return (
    <>
      <span className={classes.state} data-state={inhibitedBy === null ? state : 'inhibited'}>
        {over
          ? t('alerts.state-resolved')
          : inhibitedBy !== null
            ? behind === null
              ? t('alerts.behind-gone')
              : t('alerts.behind', { rule: behind })
            : acknowledgedBy !== null
              ? t('alerts.acknowledged-by', { name: acknowledgedBy })
              : state === 'silenced'
                ? null
                : t('alerts.state-firing')}
        {!over && alert.silencedUntil !== null && (
          <>
            {(acknowledgedBy !== null || inhibitedBy !== null) && <br />}
            <SilencedUntil at={alert.silencedUntil} />
          </>
        )}
      </span>
      {!over && note !== null && (
        <span className={classes.note} title={note}>
          {note}
        </span>
      )}
      {!over && note === null && (flapping || reopened > 0) && (
        <span className={classes.note}>
          {flapping ? t('alerts.flapping') : t('alerts.reopened', { count: reopened })}
        </span>
      )}
    </>
  )
}

function SilencedUntil({ at }: { at: number }) {
  const { t, i18n } = useTranslation()
  const moment = useNow((now) => absolute(i18n.language, at, now))
  return <span title={universal(at)}>{t('alerts.silenced-until', { moment })}</span>
}
