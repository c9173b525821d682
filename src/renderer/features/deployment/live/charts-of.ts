/** From history and the newest observations to what each chart draws. Pure: the screen calls it on every arrival. */
import { isLimited, LIMITS, type Limit } from '#shared/catalogue/limits.ts'
import type { MetricName } from '#shared/catalogue/metrics.ts'
import { PROBE_INTERVAL_MS, type ProbeId } from '#shared/catalogue/probes.ts'
import type { Observation } from '#shared/model/observation.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import type { RangeResult } from '#shared/model/range.ts'
import type { PlotContent } from '../../../components/charts/plot.ts'
import { ratePerMinute } from '../../../components/charts/rate.ts'
import { withLatest } from '../../../components/charts/reading.ts'
import {
  type ChartSeries,
  type Columns,
  type LimitLine,
  NO_COLUMNS,
  type Stretch,
} from '../../../components/charts/series.ts'
import { mergeStretches, stretchesWithoutPoints } from '../../../components/charts/stretches.ts'
import { CHART_GROUPS } from './chart-groups.ts'
import type {
  ChartDefinition,
  ChartedMetric,
  GroupDefinition,
  LabelledChart,
  LineDefinition,
} from './groups/definition.ts'
import { labelledSeries } from './labelled-charts.ts'

export interface ChartToDraw {
  readonly definition: ChartDefinition
  /** Which of a definition's charts this is; empty where there is one alone. */
  readonly name: string
  readonly content: PlotContent
}

export interface GroupToDraw {
  readonly definition: GroupDefinition
  readonly target: string
  readonly charts: readonly ChartToDraw[]
}

export interface ChartSources {
  readonly profile: DeploymentProfile
  readonly observations: readonly Observation[]
  /** `null` until the first answer came: charts then stand empty in their places. */
  readonly history: RangeResult | null
  readonly window: Stretch
  /** Whether the window reaches up to now, so that the newest observations belong into it. */
  readonly following: boolean
}

/** What a line is called: the caller's language. */
export type NameLine = (metric: ChartedMetric) => string

export function chartsOf(sources: ChartSources, nameLine: NameLine): GroupToDraw[] {
  return CHART_GROUPS.flatMap((definition) =>
    targetsOf(definition, sources).map((target) => ({
      definition,
      target,
      charts: [
        ...definition.charts
          .filter(({ probe }) => isWatched(probe, target, sources))
          .map((chart) => ({
            definition: chart,
            name: '',
            content: contentOf(chart, target, sources, nameLine),
          })),
        ...(definition.labelled ?? []).flatMap((chart) => labelledChartsOf(chart, target, sources)),
      ],
    })),
  )
}

/** The targets that a group is repeated for: those declared in the profile, and PostgreSQL under the probe's name for it. */
function targetsOf({ id }: GroupDefinition, { profile, observations, history }: ChartSources): string[] {
  switch (id) {
    case 'redis':
      return profile.redis.map(({ name }) => name)
    case 'host':
      return profile.hosts.map(({ name }) => name)
    case 'exposition':
      return profile.expositions.map(({ name }) => name)
    case 'service':
      return profile.services.map(({ name }) => name)
    case 'pool': {
      if (profile.postgres === undefined) return []
      const observed = observations.find(({ probe }) => probe === 'pool')?.target
      const remembered = history?.series.find(({ metric }) => metric.startsWith('db_'))?.target
      return [observed ?? remembered ?? 'postgres']
    }
  }
}

function isWatched(probe: ProbeId, target: string, { profile }: ChartSources): boolean {
  return (
    probe !== 'traffic' || profile.services.some(({ name, metrics }) => name === target && metrics !== null)
  )
}

function contentOf(
  chart: ChartDefinition,
  target: string,
  sources: ChartSources,
  nameLine: NameLine,
): PlotContent {
  const { history, window, profile, observations, following } = sources
  const stepMs = history?.stepMs ?? 1_000
  const gapMs = longestGapMs(chart.probe, stepMs)
  const observation = observations.find((one) => one.probe === chart.probe && one.target === target)
  const columnsOf = (metric: MetricName): Columns => {
    const kept = history?.series.find((one) => one.metric === metric && one.target === target) ?? NO_COLUMNS
    const value = observation?.values[metric]
    const fresh = following && observation !== undefined && value !== undefined
    return fresh ? withLatest(kept, observation.at, value, stepMs) : kept
  }
  const looks = chart.lines.map(({ metric }) => columnsOf(metric).at)
  const longest = looks.reduce<readonly number[]>((most, at) => (at.length > most.length ? at : most), [])
  const unobserved = history?.unobserved.filter((one) => one.probe === chart.probe && one.target === target)
  const stretches =
    history === null
      ? []
      : mergeStretches([
          ...(unobserved ?? []),
          ...stretchesWithoutPoints(longest, window, gapMs, Math.max(stepMs, PROBE_INTERVAL_MS[chart.probe])),
        ])
  return {
    series: chart.lines.map((line) => seriesOf(line, columnsOf(line.metric), observation, gapMs, nameLine)),
    stretches,
    limits: chart.limits === undefined ? [] : limitLines(chart.limits, profile),
    window,
    gapMs,
  }
}

/** A label that was not there is no hole in the watch: nothing is hatched but what nobody looked at. */
function labelledChartsOf(chart: LabelledChart, target: string, sources: ChartSources): ChartToDraw[] {
  const { history, window, profile, observations, following } = sources
  const observation = observations.find((one) => one.probe === chart.probe && one.target === target)
  const unobserved = history?.unobserved.filter((one) => one.probe === chart.probe && one.target === target)
  return labelledSeries(chart, { target, observation, history, following }).map(({ name, series }) => ({
    definition: chart.unitOf === undefined ? chart : { ...chart, unit: chart.unitOf(name) },
    name,
    content: {
      series,
      stretches: mergeStretches(unobserved ?? []),
      limits: chart.limits === undefined ? [] : limitLines(chart.limits, profile),
      window,
      gapMs: longestGapMs(chart.probe, history?.stepMs ?? 1_000),
    },
  }))
}

function seriesOf(
  line: LineDefinition,
  columns: Columns,
  observation: Observation | undefined,
  gapMs: number,
  nameLine: NameLine,
): ChartSeries {
  const { metric, role } = line
  const label = nameLine(metric)
  if (line.rate !== true) {
    return { ...columns, key: metric, label, role, latest: observation?.values[metric] ?? null }
  }
  const rate = ratePerMinute(columns, gapMs)
  const known = observation?.values[metric] ?? null
  return { ...rate, key: metric, label, role, latest: known === null ? null : (rate.mean.at(-1) ?? null) }
}

/** Two looks in a row may be late or missed before a line breaks: one late look is no hole in the watch. */
export function longestGapMs(probe: ProbeId, stepMs: number): number {
  return Math.max(3 * PROBE_INTERVAL_MS[probe], 2.5 * stepMs)
}

/** The limits of a metric in force for a deployment: the profile's, else the catalogue's. */
export function limitLines(metric: MetricName, profile: DeploymentProfile): LimitLine[] {
  if (!isLimited(metric)) return []
  const catalogue: Limit = LIMITS[metric]
  const override = profile.limits[metric]
  return (['warning', 'critical'] as const).flatMap((severity) => {
    const value = override?.[severity] ?? catalogue[severity]
    return value === undefined ? [] : [{ value, severity, direction: catalogue.direction }]
  })
}
