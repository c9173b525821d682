/** The head of a deployment: its name and environment, the worst status with its reason, and pause. */
import { useTranslation } from 'react-i18next'
import { reasonText } from '#shared/locales/translate.ts'
import type { FleetRow } from '#shared/model/fleet.ts'
import { EnvironmentTag } from '../../components/EnvironmentTag.tsx'
import { Freshness } from '../../components/Freshness.tsx'
import { Moment } from '../../components/Moment.tsx'
import { useNow } from '../../components/now.ts'
import { StatusMark } from '../../components/StatusMark.tsx'
import { useQuantity } from '../../components/useQuantity.ts'
import { AlertsChip } from './AlertsChip.tsx'
import classes from './deployment.module.css'
import { LeaseNote } from './LeaseNote.tsx'
import { PauseButton } from './PauseButton.tsx'

export function DeploymentHeader({ row }: { row: FleetRow }) {
  const { t, i18n } = useTranslation()
  return (
    <header className={classes.header}>
      <div className={classes.titleRow}>
        <EnvironmentTag environment={row.environment} />
        <h1>{row.name}</h1>
        {row.description !== null && <span className={classes.quiet}>{row.description}</span>}
        <AlertsChip name={row.name} alerts={row.alerts} />
        <div className={classes.actions}>
          <PauseButton name={row.name} paused={row.paused} />
        </div>
      </div>
      <div className={classes.verdict} aria-live="polite">
        <StatusMark status={row.status} size="lg" />
        {/* What it comes from says it better, and stands right below; so does what a pause means. */}
        {row.cause === null && !row.paused && (
          <span className={classes.reason}>{reasonText(i18n, row.reason)}</span>
        )}
        <span className={classes.quiet}>
          {row.since !== null && <Since at={row.since} />}
          {!row.paused && (
            <>
              {row.since !== null && ' · '}
              <Freshness at={row.at} worded />
            </>
          )}
        </span>
      </div>
      {!row.paused && <LeaseNote name={row.name} />}
      {row.paused && <p className={classes.notice}>{t('deployment.paused')}</p>}
    </header>
  )
}

function Since({ at }: { at: number }) {
  const { t } = useTranslation()
  const { duration } = useQuantity()
  const length = useNow((now) => duration(Math.max(0, now - at), true))
  return (
    <>
      {t('deployment.for', { duration: length })} <Moment at={at} show="absolute" />
    </>
  )
}
