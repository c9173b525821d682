/** A chart with its title, what it says now or at the cursor, its limits in words, and the table behind it. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MetricUnit } from '#shared/catalogue/metrics.ts'
import { useQuantity } from '../useQuantity.ts'
import { ChartMarks } from './ChartMarks.tsx'
import { ChartMenu } from './ChartMenu.tsx'
import { ChartTable } from './ChartTable.tsx'
import { ChartValues } from './ChartValues.tsx'
import classes from './charts.module.css'
import type { ChartCursor } from './cursor.ts'
import { type ChartMark, NO_MARKS } from './marks.ts'
import { Plot } from './Plot.tsx'
import type { PlotContent } from './plot.ts'
import { summarise } from './reading.ts'
import type { Stretch } from './series.ts'
import { TableToggle } from './TableToggle.tsx'
import { tickSteps, tickText } from './tick-text.ts'
import type { ValueScale } from './value-scale.ts'

interface Props {
  readonly id: string
  readonly title: string
  /** What the chart is of: `api-prod · Connection pool`. */
  readonly source?: string
  readonly unit: MetricUnit
  readonly scale: ValueScale
  readonly content: PlotContent
  /** What happened meanwhile. */
  readonly marks?: readonly ChartMark[]
  readonly cursor: ChartCursor
  readonly onSelect: (stretch: Stretch) => void
}

export function Chart({
  id,
  title,
  source = '',
  unit,
  scale,
  content,
  marks = NO_MARKS,
  cursor,
  onSelect,
}: Props) {
  const { t, i18n } = useTranslation()
  const [asTable, setAsTable] = useState(false)
  const { text } = useQuantity()
  const write = (value: number | null) => text(value, unit)
  const limits = content.limits
    .map(({ value, direction, severity }) =>
      t(`chart.limit-${direction}-${severity}`, { value: write(value) }),
    )
    .join(' · ')
  const known = content.series.some(({ mean }) => mean.some((value) => value !== null))
  const label = [
    title,
    ...content.series.map((series) => {
      const summary = summarise(series)
      return t(summary === null ? 'chart.summary-unknown' : 'chart.summary', {
        label: series.label,
        now: write(series.latest),
        min: write(summary?.min ?? null),
        mean: write(summary?.mean ?? null),
        max: write(summary?.max ?? null),
      })
    }),
    limits,
  ]
    .filter((part) => part !== '')
    .join('. ')

  return (
    <figure className={classes.chart} aria-labelledby={id}>
      <div className={classes.head}>
        <h4 id={id} className={classes.title}>
          {title}
        </h4>
        <span className={classes.limit} title={limits}>
          {limits}
        </span>
        <ChartMenu
          title={title}
          source={source}
          content={content}
          marks={marks}
          limits={limits}
          unit={unit}
          laneStepMs={null}
          write={write}
        />
        <TableToggle pressed={asTable} of={title} onToggle={() => setAsTable(!asTable)} />
      </div>
      <ChartValues series={content.series} cursor={cursor} withinMs={content.gapMs} write={write} />
      {asTable ? (
        <ChartTable caption={title} series={content.series} write={write} />
      ) : (
        <div className={classes.plot}>
          <Plot
            content={content}
            scale={scale}
            label={label}
            cursor={cursor}
            onSelect={onSelect}
            formatTick={(value, step) => tickText(i18n.language, t, value, unit, step)}
            valueSteps={tickSteps(unit)}
          />
          <ChartMarks marks={marks} window={content.window} />
          {!known && (
            <p className={classes.silent}>
              <span>{t('chart.nothing-yet')}</span>
            </p>
          )}
        </div>
      )}
    </figure>
  )
}
