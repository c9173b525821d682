/** Which stretch of time the charts show, and the one readout of the moment that is pointed at. */
import { ActionIcon, Button, SegmentedControl, Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { type ChartCursor, useCursorMoment } from '../../../components/charts/cursor.ts'
import type { Stretch } from '../../../components/charts/series.ts'
import { Kbd } from '../../../components/Kbd.tsx'
import { clock, universal } from '../../../components/moment.ts'
import { useQuantity } from '../../../components/useQuantity.ts'
import { useLogsAt } from '../logs/logs-at.ts'
import classes from './live.module.css'
import { FIRST_VIEW, pan, SPANS, type View, zoom } from './view.ts'

interface Props {
  readonly view: View
  readonly window: Stretch
  /** Width of a point; `null` until history has answered. */
  readonly stepMs: number | null
  readonly cursor: ChartCursor
  readonly onView: (view: View) => void
}

export function RangeBar({ view, window, stepMs, cursor, onView }: Props) {
  const { t } = useTranslation()
  const span = view.kind === 'following' ? SPANS.find(({ spanMs }) => spanMs === view.spanMs) : undefined
  const logs = useLogsAt()(view.kind === 'fixed' ? (window.from + window.to) / 2 : window.to)
  const steps = [
    { label: t('live.earlier'), sign: '←', to: () => pan(view, -1, Date.now()) },
    { label: t('live.later'), sign: '→', to: () => pan(view, 1, Date.now()), off: view.kind === 'following' },
    { label: t('live.zoom-out'), sign: '−', to: () => zoom(view, 2, Date.now()) },
    { label: t('live.zoom-in'), sign: '+', to: () => zoom(view, 0.5, Date.now()) },
  ]
  return (
    <div className={classes.bar}>
      <SegmentedControl
        aria-label={t('live.range')}
        value={span?.key ?? ''}
        data={SPANS.map(({ key }) => ({ value: key, label: t(`live.span-${key}`) }))}
        onChange={(key) => {
          const chosen = SPANS.find((one) => one.key === key)
          if (chosen !== undefined) onView({ kind: 'following', spanMs: chosen.spanMs })
        }}
      />
      <ActionIcon.Group>
        {steps.map(({ label, sign, to, off }) => (
          <Tooltip key={sign} label={label}>
            <ActionIcon
              variant="default"
              size={30}
              aria-label={label}
              disabled={off === true}
              onClick={() => onView(to())}
            >
              {sign}
            </ActionIcon>
          </Tooltip>
        ))}
      </ActionIcon.Group>
      {view.kind === 'fixed' && (
        <Button variant="default" onClick={() => onView(FIRST_VIEW)}>
          {t('live.follow')}
        </Button>
      )}
      {logs !== null && (
        <Button
          variant="default"
          component={Link}
          href={logs}
          aria-keyshortcuts="l"
          title={t('logs.key-moment')}
          rightSection={<Kbd keys="l" />}
        >
          {t('logs.at-moment')}
        </Button>
      )}
      <Readout view={view} window={window} stepMs={stepMs} cursor={cursor} />
    </div>
  )
}

function Readout({ view, window, stepMs, cursor }: Omit<Props, 'onView'>) {
  const { t, i18n } = useTranslation()
  const { duration } = useQuantity()
  const moment = useCursorMoment(cursor)
  const format = clock(i18n.language, 'recent')
  if (moment !== null) {
    return (
      <span className={classes.readout}>
        <time dateTime={new Date(moment).toISOString()}>{format.format(moment)}</time>
        {` · ${universal(moment)}`}
      </span>
    )
  }
  return (
    <span className={classes.readout} title={view.kind === 'following' ? t('live.point-at') : undefined}>
      {view.kind === 'following' ? (
        `${t('live.following')} · ${t('live.keys')}`
      ) : (
        <Tooltip label={`${universal(window.from)} – ${universal(window.to)}`}>
          <time>{format.formatRange(window.from, window.to)}</time>
        </Tooltip>
      )}
      {stepMs !== null && stepMs >= 10_000 && ` · ${t('live.step', { step: duration(stepMs) })}`}
    </span>
  )
}
