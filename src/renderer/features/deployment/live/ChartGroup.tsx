/** The charts of one target: a pool, a Redis, a service, a host. */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Chart } from '../../../components/charts/Chart.tsx'
import type { ChartCursor } from '../../../components/charts/cursor.ts'
import { LaneChart } from '../../../components/charts/LaneChart.tsx'
import type { ChartMark } from '../../../components/charts/marks.ts'
import type { Stretch } from '../../../components/charts/series.ts'
import classes from '../deployment.module.css'
import type { GroupToDraw } from './charts-of.ts'

interface Props {
  /** Of the deployment. */
  readonly name: string
  readonly group: GroupToDraw
  /** What changed, on every chart of the group. */
  readonly marks: readonly ChartMark[]
  readonly stepMs: number
  readonly cursor: ChartCursor
  readonly onSelect: (stretch: Stretch) => void
  /** What belongs below the charts of this target. */
  readonly below?: ReactNode
}

export function ChartGroup({
  name,
  group: { definition, target, charts },
  marks,
  stepMs,
  cursor,
  onSelect,
  below,
}: Props) {
  const { t } = useTranslation()
  const source = `${name} · ${t(`group.${definition.id}`, { target })}`
  const heading = `charts-${definition.id}-${target}`
  return (
    <section className={classes.group} aria-labelledby={heading}>
      <h3 id={heading}>{t(`group.${definition.id}`, { target })}</h3>
      <div className={classes.grid}>
        {charts.map(({ definition: chart, name: of, content }) => {
          const id = `${heading}-${chart.id}${of === '' ? '' : `-${of}`}`
          const title = t(`live.chart-${chart.id}`, { name: of })
          return chart.lanes === true ? (
            <LaneChart
              key={id}
              id={id}
              title={title}
              source={source}
              content={content}
              marks={marks}
              stepMs={stepMs}
              cursor={cursor}
            />
          ) : (
            <Chart
              key={id}
              id={id}
              title={title}
              source={source}
              unit={chart.unit}
              scale={chart.scale}
              content={content}
              marks={marks}
              cursor={cursor}
              onSelect={onSelect}
            />
          )
        })}
      </div>
      {below}
    </section>
  )
}
