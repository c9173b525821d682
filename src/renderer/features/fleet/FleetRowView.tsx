/** One deployment's row: how it is and why, its last hour, and its four numbers. */
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { TONE } from '#shared/catalogue/statuses.ts'
import type { FleetRow } from '#shared/model/fleet.ts'
import { EnvironmentTag } from '../../components/EnvironmentTag.tsx'
import { Freshness, useStale } from '../../components/Freshness.tsx'
import { Heartbeat } from '../../components/Heartbeat.tsx'
import { useNow } from '../../components/now.ts'
import { StatusMark } from '../../components/StatusMark.tsx'
import { useQuantity } from '../../components/useQuantity.ts'
import { places } from '../../places.ts'
import { FleetAlertsCell } from './FleetAlertsCell.tsx'
import { FleetBackupCell } from './FleetBackupCell.tsx'
import { FleetMetricCell } from './FleetMetricCell.tsx'
import classes from './fleet.module.css'
import { useReasonWords } from './useReasonWords.ts'

interface FleetRowViewProps {
  readonly row: FleetRow
  readonly index: number
  /** Pixels from the top of the list. */
  readonly top: number
  readonly tabbable: boolean
  readonly onActive: (name: string) => void
  /** It has a person's attention: it may well be opened next. */
  readonly onMeant: (name: string) => void
}

export const FleetRowView = memo(function FleetRowView({
  row,
  index,
  top,
  tabbable,
  onActive,
  onMeant,
}: FleetRowViewProps) {
  const { t } = useTranslation()
  const stale = useStale(row.at) && !row.paused
  const reason = useReasonWords()(row)
  const place = places.deployment(row.name)
  return (
    <tr
      aria-rowindex={index + 2}
      className={classes.row}
      data-stale={stale || undefined}
      data-tone={TONE[row.status]}
      data-name={row.name}
      style={{ transform: `translateY(${top}px)` }}
      onPointerEnter={() => onMeant(row.name)}
    >
      <td className={classes.status}>
        <StatusMark status={row.status} />
        {row.since !== null && row.status !== 'HEALTHY' && <Since since={row.since} />}
      </td>
      <td className={classes.deployment}>
        <div className={classes.identity}>
          <Link
            href={place}
            className={classes.name}
            data-row={row.name}
            tabIndex={tabbable ? 0 : -1}
            onFocus={() => {
              onActive(row.name)
              onMeant(row.name)
            }}
          >
            {row.name}
          </Link>
          <EnvironmentTag environment={row.environment} />
          {row.tags.length > 0 && (
            <span className={classes.tags} title={row.tags.join(', ')}>
              {row.tags.join(' · ')}
            </span>
          )}
          {row.paused && <span className={classes.paused}>{t('fleet.paused')}</span>}
        </div>
        <p className={classes.reason} title={reason}>
          {reason}
        </p>
      </td>
      <td className={classes.heartbeat}>
        <Link href={place} tabIndex={-1}>
          <Heartbeat minutes={row.heartbeat} lastMinuteAt={row.heartbeatAt} />
        </Link>
      </td>
      <FleetAlertsCell row={row} />
      {row.sparklines.map((spark) => (
        <FleetMetricCell key={spark.metric} spark={spark} />
      ))}
      <FleetBackupCell row={row} />
      <td className={classes.seen}>
        <Freshness at={row.at} short />
      </td>
    </tr>
  )
})

function Since({ since }: { since: number }) {
  const { t } = useTranslation()
  const { duration } = useQuantity()
  return (
    <span className={classes.since}>
      {useNow((now) => t('fleet.since', { duration: duration(now - since, true) }))}
    </span>
  )
}
