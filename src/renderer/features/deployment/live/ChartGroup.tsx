/** The charts of one target: a pool, a Redis, a service, a host. */
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Chart } from '../../../components/charts/Chart.tsx'
import type { ChartCursor } from '../../../components/charts/cursor.ts'
import { LaneChart } from '../../../components/charts/LaneChart.tsx'
import type { ChartMark } from '../../../components/charts/marks.ts'
import type { Stretch } from '../../../components/charts/series.ts'
import classes from '../deployment.module.css'
import type { ChartToDraw, GroupToDraw } from './charts-of.ts'
import own from './live.module.css'

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
  const title = t(`group.${definition.id}`, { target })
  const source = `${name} · ${title}`
  const heading = `charts-${definition.id}-${target}`
  const titleOf = ({ definition: chart, name: of }: ChartToDraw) => t(`live.chart-${chart.id}`, { name: of })
  const draw = (one: ChartToDraw) => {
    const { definition: chart, name: of, content } = one
    const id = `${heading}-${chart.id}${of === '' ? '' : `-${of}`}`
    const shared = { id, title: titleOf(one), source, content, marks, cursor }
    return chart.lanes === true ? (
      <LaneChart key={id} {...shared} stepMs={stepMs} />
    ) : (
      <Chart key={id} {...shared} unit={chart.unit} scale={chart.scale} onSelect={onSelect} />
    )
  }
  const further = charts.filter((one) => one.definition.further === true)
  return (
    <section className={classes.group} aria-labelledby={heading}>
      <h3 id={heading}>{title}</h3>
      <div className={own.grid}>{charts.filter((one) => one.definition.further !== true).map(draw)}</div>
      {further.length > 0 && <FurtherCharts titles={further.map(titleOf)}>{further.map(draw)}</FurtherCharts>}
      {below}
    </section>
  )
}

/** What few look for: drawn once it is opened. */
function FurtherCharts({ titles, children }: { titles: readonly string[]; children: ReactNode }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  // Not `Intl.ListFormat`: for units it has no commas in Russian.
  const list = titles.join(', ')
  return (
    <details className={classes.fold} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span>{t('group.further')}</span>
        {!open && <span className={classes.foldHint}>{list}</span>}
      </summary>
      {open && <div className={own.grid}>{children}</div>}
    </details>
  )
}
