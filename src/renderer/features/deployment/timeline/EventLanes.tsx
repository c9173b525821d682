/** One line of time for each thing that is watched: where events crowd, and what came first. */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { MarkGlyph } from '../../../components/charts/MarkGlyph.tsx'
import { clusterMarks } from '../../../components/charts/marks.ts'
import type { Stretch } from '../../../components/charts/series.ts'
import { clock } from '../../../components/moment.ts'
import { LANES, type Lane, laneOf, type ToldEvent } from './events.ts'
import classes from './timeline.module.css'

interface Props {
  readonly events: readonly ToldEvent[]
  readonly window: Stretch
  /** An event is to be shown in the list. */
  readonly onShow: (id: number) => void
}

export function EventLanes({ events, window, onShow }: Props) {
  const { t, i18n } = useTranslation()
  const format = clock(i18n.language, 'recent')
  return (
    <div className={classes.lanes}>
      {LANES.map((lane) => (
        <LaneOf
          key={lane}
          lane={lane}
          events={events.filter((event) => laneOf(event) === lane)}
          window={window}
          onShow={onShow}
        />
      ))}
      <div className={classes.ends} aria-hidden="true">
        <span>{format.format(window.from)}</span>
        <span>{format.format(window.to)}</span>
      </div>
      <p className={classes.unseen}>{t('timeline.lanes')}</p>
    </div>
  )
}

function LaneOf({ lane, events, window, onShow }: Props & { lane: Lane }) {
  const { t, i18n } = useTranslation()
  const format = clock(i18n.language, 'recent')
  const clusters = useMemo(() => {
    const marks = events.map(({ id, at, kind }) => ({ key: id, at: Date.parse(at), shape: kind, text: '' }))
    return clusterMarks(marks, window)
  }, [events, window])
  const label = t(`timeline.lane-${lane}`)
  return (
    <div className={classes.lane}>
      <span className={classes.laneName}>{label}</span>
      <fieldset
        className={classes.laneLine}
        aria-label={t('timeline.lane-summary', { lane: label, count: events.length })}
      >
        {clusters.map(({ key, share, shape, marks }) => (
          // The list below is the way for keys; these only bring it to a place.
          <button
            key={key}
            type="button"
            tabIndex={-1}
            className={classes.laneMark}
            style={{ left: `${share * 100}%` }}
            aria-label={t('timeline.lane-summary', {
              lane: format.format(window.from + share * (window.to - window.from)),
              count: marks.length,
            })}
            onClick={() => onShow(Number(marks.at(-1)?.key))}
          >
            <MarkGlyph shape={shape} size={13} />
            {marks.length > 1 && marks.length}
          </button>
        ))}
      </fieldset>
    </div>
  )
}
