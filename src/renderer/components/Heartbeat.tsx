/** The last hour by minute: taller is worse, so that it reads without colour; minutes not observed are hatched. */
import { Tooltip } from '@mantine/core'
import { memo, type PointerEvent, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Status, Tone } from '#shared/catalogue/statuses.ts'
import classes from './Heartbeat.module.css'
import { heartbeatSummary, heartPaths } from './heartbeat.ts'
import { clock } from './moment.ts'

interface HeartbeatProps {
  /** A status for each minute, oldest first. */
  readonly minutes: readonly Status[]
  /** Start of the last minute, milliseconds since the epoch. */
  readonly lastMinuteAt: number
}

const MINUTE_MS = 60_000
const TONES: readonly Tone[] = ['good', 'warning', 'bad', 'unknown']

export const Heartbeat = memo(function Heartbeat({ minutes, lastMinuteAt }: HeartbeatProps) {
  const { t } = useTranslation()
  const [hovered, setHovered] = useState<number | null>(null)
  const paths = useMemo(() => heartPaths(minutes), [minutes])
  const label = heartbeatSummary(minutes)
    .map(({ status, count }) => t('heartbeat.part', { status: t(`status.${status}`), count }))
    .join(', ')

  function hover(event: PointerEvent<SVGSVGElement>) {
    const box = event.currentTarget.getBoundingClientRect()
    const index = Math.floor(((event.clientX - box.left) / box.width) * minutes.length)
    setHovered(index >= 0 && index < minutes.length ? index : null)
  }

  return (
    <span className={classes.heartbeat}>
      <svg
        className={classes.bar}
        viewBox={`0 0 ${minutes.length * 4} 16`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('heartbeat.label', { parts: label })}
        onPointerMove={hover}
        onPointerLeave={() => setHovered(null)}
      >
        {TONES.map(
          (tone) =>
            paths[tone] !== '' && (
              <path key={tone} d={paths[tone]} fill={`var(--tone-${tone}-fill)`} data-tone={tone} />
            ),
        )}
        <path
          d={paths.unobserved}
          stroke="var(--hatch)"
          strokeWidth="1.2"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      {hovered !== null && (
        <HoveredMinute
          left={(hovered + 0.5) / minutes.length}
          status={minutes[hovered] ?? 'UNOBSERVED'}
          at={lastMinuteAt - (minutes.length - 1 - hovered) * MINUTE_MS}
        />
      )}
    </span>
  )
})

function HoveredMinute({ left, status, at }: { left: number; status: Status; at: number }) {
  const { t, i18n } = useTranslation()
  return (
    <Tooltip
      label={`${clock(i18n.language, 'minute').format(at)} · ${t(`status.${status}`)}`}
      opened
      transitionProps={{ duration: 0 }}
    >
      <span className={classes.anchor} style={{ left: `${left * 100}%` }} />
    </Tooltip>
  )
}
