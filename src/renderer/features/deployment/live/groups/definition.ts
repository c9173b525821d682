/** What a group of charts is made of. */
import type { LabelledMetric } from '#shared/catalogue/labelled.ts'
import type { MetricName, MetricUnit } from '#shared/catalogue/metrics.ts'
import type { ProbeId } from '#shared/catalogue/probes.ts'
import type { uiDeployment } from '#shared/locales/en/ui-deployment.ts'
import type { ChartSeries } from '../../../../components/charts/series.ts'
import type { ValueScale } from '../../../../components/charts/value-scale.ts'

/** Metrics that have a name on a chart. */
export type ChartedMetric = MetricName & NameIn<'metric.'>
type NameIn<Prefix extends string> = keyof typeof uiDeployment extends infer Key
  ? Key extends `${Prefix}${infer Rest}`
    ? Rest
    : never
  : never

export interface LineDefinition {
  readonly metric: ChartedMetric
  readonly role: ChartSeries['role']
  /** Drawn as increase per minute: for counters. */
  readonly rate?: true
}

export interface ChartDefinition {
  /** Key of its title: `live.chart-ID`. */
  readonly id: NameIn<'live.chart-'>
  readonly probe: ProbeId
  readonly unit: MetricUnit
  readonly scale: ValueScale
  readonly lines: readonly LineDefinition[]
  /** The metric whose limits are drawn. */
  readonly limits?: MetricName
  /** Folded away: for who looks for something particular. */
  readonly further?: true
  /** Flags are drawn as lanes. */
  readonly lanes?: true
}

/** A chart whose lines are the labels of a metric; there is none while nothing was seen of it. */
export interface LabelledChart extends ChartDefinition {
  readonly labelled: LabelledMetric
  /** A label for each of whose values there is a chart of its own. */
  readonly per?: string
  /** The unit of the chart that bears this name, where they differ. */
  readonly unitOf?: (name: string) => MetricUnit
}

export interface GroupDefinition {
  readonly id: 'pool' | 'redis' | 'host' | 'service' | 'exposition'
  /** The probes whose targets the group is repeated for. */
  readonly probes: readonly ProbeId[]
  readonly charts: readonly ChartDefinition[]
  readonly labelled?: readonly LabelledChart[]
}

export const PERCENT: ValueScale = { kind: 'percent', atLeast: 100 }
export const COUNT: ValueScale = { kind: 'from-zero', atLeast: 4 }
export const SECONDS: ValueScale = { kind: 'from-zero', atLeast: 2 }
export const MILLISECONDS: ValueScale = { kind: 'from-zero', atLeast: 2 }
export const SMALL: ValueScale = { kind: 'from-zero', atLeast: 1 }

export const line = (metric: ChartedMetric, role: ChartSeries['role'] = 'primary'): LineDefinition => ({
  metric,
  role,
})
export const rate = (metric: ChartedMetric, role: ChartSeries['role'] = 'primary'): LineDefinition => ({
  metric,
  role,
  rate: true,
})
