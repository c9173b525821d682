/** Flags over time: a lane for each, on the same time axis and with the same cursor as the charts beside it. */
import { type PointerEvent, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ChartMarks } from './ChartMarks.tsx'
import { ChartMenu } from './ChartMenu.tsx'
import { ChartTable } from './ChartTable.tsx'
import { ChartValues } from './ChartValues.tsx'
import classes from './charts.module.css'
import { type ChartCursor, useCursorMoment } from './cursor.ts'
import { laneRuns } from './lanes.ts'
import { type ChartMark, NO_MARKS } from './marks.ts'
import { MARGIN_LEFT_PX, MARGIN_RIGHT_PX, type PlotContent } from './plot.ts'
import { summarise } from './reading.ts'
import type { Stretch } from './series.ts'
import { TableToggle } from './TableToggle.tsx'

/** The lanes are as wide as the plots beside them, so that all times stand below each other. */
const MARGINS_PX = MARGIN_LEFT_PX + MARGIN_RIGHT_PX
const WIDTH = 1000

interface Props {
  readonly id: string
  readonly title: string
  /** What the chart is of: `api-prod · Service web`. */
  readonly source?: string
  readonly content: PlotContent
  /** What happened meanwhile. */
  readonly marks?: readonly ChartMark[]
  readonly stepMs: number
  readonly cursor: ChartCursor
}

export function LaneChart({ id, title, source = '', content, marks = NO_MARKS, stepMs, cursor }: Props) {
  const { t } = useTranslation()
  const [asTable, setAsTable] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const { window, series, stretches, gapMs } = content
  const write = (value: number | null) =>
    t(
      value === null
        ? 'chart.flag-unknown'
        : value >= 1
          ? 'chart.flag-yes'
          : value > 0
            ? 'chart.flag-partly'
            : 'chart.flag-no',
    )
  const share = (moment: number) => ((moment - window.from) / (window.to - window.from)) * WIDTH

  function point(event: PointerEvent) {
    const frame = box.current?.getBoundingClientRect()
    if (frame === undefined) return
    const along = (event.clientX - frame.left - MARGIN_LEFT_PX) / (frame.width - MARGINS_PX)
    cursor.set(along < 0 || along > 1 ? null : window.from + along * (window.to - window.from))
  }

  return (
    <figure className={classes.chart} aria-labelledby={id}>
      <div className={classes.head}>
        <h4 id={id} className={classes.title}>
          {title}
        </h4>
        <ChartMenu
          title={title}
          source={source}
          content={content}
          marks={marks}
          limits=""
          unit={null}
          laneStepMs={stepMs}
          write={write}
        />
        <TableToggle pressed={asTable} of={title} onToggle={() => setAsTable(!asTable)} />
      </div>
      <ChartValues series={series} cursor={cursor} withinMs={gapMs} write={write} />
      {asTable ? (
        <ChartTable caption={title} series={series} write={write} />
      ) : (
        <div
          ref={box}
          className={classes.lanes}
          onPointerMove={point}
          onPointerLeave={() => cursor.set(null)}
        >
          {series.map((line) => (
            <div key={line.key} className={classes.laneRow}>
              <span className={classes.laneName}>{line.label}</span>
              <svg
                className={classes.lane}
                viewBox={`0 0 ${WIDTH} 18`}
                preserveAspectRatio="none"
                role="img"
                aria-label={t('chart.lane-summary', {
                  label: line.label,
                  share: Math.round((summarise(line)?.mean ?? 0) * 100),
                })}
              >
                <Unobserved stretches={stretches} share={share} />
                {laneRuns(line, gapMs, stepMs).map((run) => (
                  <rect
                    key={run.from}
                    data-state={run.state}
                    className={classes.laneRun}
                    x={share(run.from)}
                    y={run.state === 'yes' ? 6 : 0}
                    width={Math.max(2, share(run.to) - share(run.from))}
                    height={run.state === 'yes' ? 6 : 18}
                  />
                ))}
              </svg>
            </div>
          ))}
          <ChartMarks marks={marks} window={window} />
          <LaneCursor cursor={cursor} window={window} />
        </div>
      )}
    </figure>
  )
}

function Unobserved({
  stretches,
  share,
}: {
  stretches: readonly Stretch[]
  share: (moment: number) => number
}) {
  const pattern = useId()
  return (
    <>
      <pattern
        id={pattern}
        width="10"
        height="18"
        patternUnits="userSpaceOnUse"
        patternTransform="skewX(-30)"
      >
        <rect width="2" height="18" fill="var(--chart-hatch)" />
      </pattern>
      {stretches.map(({ from, to }) => (
        <rect
          key={from}
          x={share(from)}
          y="0"
          width={share(to) - share(from)}
          height="18"
          fill={`url(#${pattern})`}
        />
      ))}
    </>
  )
}

function LaneCursor({ cursor, window }: { cursor: ChartCursor; window: Stretch }) {
  const moment = useCursorMoment(cursor)
  if (moment === null || moment < window.from || moment > window.to) return null
  const along = (moment - window.from) / (window.to - window.from)
  return (
    <div
      className={classes.laneCursor}
      style={{ left: `calc(${MARGIN_LEFT_PX}px + (100% - ${MARGINS_PX}px) * ${along})` }}
    />
  )
}
