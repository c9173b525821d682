/** What became of one message on each channel: taken, on its way or refused, and what was answered. */
import { useTranslation } from 'react-i18next'
import { Moment } from '../../../components/Moment.tsx'
import type { AnyStatus } from '../../../components/StatusGlyph.tsx'
import { StatusGlyph } from '../../../components/StatusGlyph.tsx'
import { useQuantity } from '../../../components/useQuantity.ts'
import classes from './detail.module.css'
import type { Delivery } from './verdict.ts'

/** The statuses whose colours and shapes say the same. */
const LOOK: Record<Delivery['state'], AnyStatus> = {
  waiting: 'CONNECTING',
  delivered: 'HEALTHY',
  refused: 'CRITICAL',
  'given-up': 'CRITICAL',
  dropped: 'UNKNOWN',
}

export function Deliveries({ deliveries }: { deliveries: readonly Delivery[] }) {
  const { t } = useTranslation()
  const { text } = useQuantity()
  if (deliveries.length === 0) return <p className={classes.quiet}>{t('trace.nobody')}</p>
  return (
    <ul className={classes.deliveries}>
      {deliveries.map(({ channel, state, attempts, tried, nextAt, possibleRepeat }) => {
        const last = tried.at(-1)?.answer
        return (
          <li key={channel}>
            <p>
              <StatusGlyph status={LOOK[state]} size={12} />
              <strong>{channel}</strong> {t(`trace.delivery-${state}`)}
              {last !== undefined && (
                <span className={classes.quiet}>
                  {' · '}
                  {last.code === null ? t('channels.no-answer') : t('channels.code', { code: last.code })}
                  {' · '}
                  {text(last.ms, 'milliseconds')}
                </span>
              )}
              {attempts > 1 && (
                <span className={classes.quiet}> · {t('trace.attempts', { count: attempts })}</span>
              )}
              {nextAt !== null && attempts > 0 && (
                <span className={classes.quiet}>
                  {' · '}
                  {t('trace.next')} <Moment at={Date.parse(nextAt)} show="relative" />
                </span>
              )}
              {possibleRepeat && <span className={classes.quiet}> · {t('trace.possible-repeat')}</span>}
            </p>
            {last != null && last.failure !== null && state !== 'delivered' && (
              <p className={classes.quiet}>{last.failure.text}</p>
            )}
          </li>
        )
      })}
    </ul>
  )
}
