/** How a deployment stands with its backups: what would be lost, how long it would take, what comes next. */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Moment } from '../../components/Moment.tsx'
import { useNow } from '../../components/now.ts'
import { StatusGlyph } from '../../components/StatusGlyph.tsx'
import { useQuantity } from '../../components/useQuantity.ts'
import type { StandingView } from './backup-view.ts'
import classes from './backups.module.css'

export function Standing({ standing }: { standing: StandingView }) {
  const { t } = useTranslation()
  const { duration, took, text } = useQuantity()
  const {
    recoveryPoint,
    lastComplete,
    lastDrill,
    recoveryMs,
    recoveryOn,
    next,
    notBegun,
    count,
    bytes,
    faulty,
    place,
  } = standing
  const { ageSeconds, limitSeconds, isStale } = recoveryPoint
  const age = useNow((now) =>
    lastComplete === null
      ? t('backups.none-yet')
      : duration(Math.max(0, now - Date.parse(lastComplete.startedAt)), true),
  )
  return (
    <div className={classes.standing}>
      <dl className={classes.standingFacts}>
        <Fact
          label={t('backups.recovery-point')}
          hint={t('backups.recovery-point-means')}
          value={
            <>
              <StatusGlyph status={isStale ? 'CRITICAL' : ageSeconds === null ? 'WARNING' : 'HEALTHY'} />{' '}
              {age}
            </>
          }
          more={
            limitSeconds !== null &&
            t(isStale ? 'backups.limit-passed' : 'backups.limit', {
              limit: duration(limitSeconds * 1_000, true),
            })
          }
        />
        <Fact
          label={t('backups.last')}
          value={
            lastComplete === null ? t('backups.none-yet') : <Moment at={Date.parse(lastComplete.startedAt)} />
          }
          more={lastComplete !== null && text(lastComplete.bytes, 'bytes')}
        />
        <Fact
          label={t('backups.recovery-time')}
          hint={t('backups.recovery-time-means')}
          value={
            recoveryMs === null ? (
              t('backups.not-measured')
            ) : (
              <>
                {took(recoveryMs)}{' '}
                <span className={classes.quiet}>
                  {recoveryOn === null
                    ? t('backups.measured-here')
                    : t('backups.measured-on', { name: recoveryOn })}
                </span>
              </>
            )
          }
          more={
            lastDrill === null ? (
              t('backups.no-drill')
            ) : lastDrill.problem === null ? (
              <>
                {t('backups.drilled')} <Moment at={Date.parse(lastDrill.at)} show="relative" />
              </>
            ) : (
              <span className={classes.failed}>
                {t('backups.drill-failed')} <Moment at={Date.parse(lastDrill.at)} show="relative" />
              </span>
            )
          }
        />
        <Fact
          label={t('backups.next')}
          value={
            next.backup === null ? (
              t('backups.no-schedule')
            ) : (
              <Moment at={Date.parse(next.backup)} show="absolute" />
            )
          }
          more={
            <>
              {next.drill === null ? (
                t('backups.no-drill-schedule')
              ) : (
                <>
                  {t('backups.next-drill')} <Moment at={Date.parse(next.drill)} show="absolute" />
                </>
              )}
              {notBegun.map(({ what, at, waits, reason }) => (
                <span key={what} className={`${classes.waiting} ${waits ? '' : classes.failed}`}>
                  {t(`backups.${waits ? 'waits' : 'missed'}-${what}`)} (
                  <Moment at={Date.parse(at)} show="absolute" />
                  ): {reason.text}
                </span>
              ))}
            </>
          }
        />
        <Fact
          label={t('backups.kept')}
          value={`${t('backups.count', { count })} · ${text(bytes, 'bytes')}`}
          more={
            <>
              {place}
              {faulty > 0 && (
                <span className={classes.failed}> · {t('backups.faulty-count', { count: faulty })}</span>
              )}
            </>
          }
        />
      </dl>
      {/* It may be long, and a column is narrow. */}
      {lastDrill !== null && lastDrill.problem !== null && (
        <p className={classes.failed}>{lastDrill.problem.text}</p>
      )}
    </div>
  )
}

function Fact({
  label,
  hint,
  value,
  more,
}: {
  label: string
  hint?: string
  value: ReactNode
  more: ReactNode
}) {
  return (
    <div>
      <dt title={hint}>{label}</dt>
      <dd data-figures>{value}</dd>
      {more !== false && <dd className={classes.quiet}>{more}</dd>}
    </div>
  )
}
