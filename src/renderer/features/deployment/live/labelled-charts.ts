/** Charts of metrics with labels: queues, request paths, the profile's own queries. There are as many as were seen. Pure. */
import { LABELLED, type LabelledMetric, type Labels, readLabelled } from '#shared/catalogue/labelled.ts'
import type { Observation } from '#shared/model/observation.ts'
import type { RangeResult } from '#shared/model/range.ts'
import { withLatest } from '../../../components/charts/reading.ts'
import { type ChartSeries, type Columns, NO_COLUMNS } from '../../../components/charts/series.ts'
import type { LabelledChart } from './groups/definition.ts'

/** As many as can be told apart in a small chart; the others are in the history. */
const ROLES = ['primary', 'second', 'third'] as const

export interface LabelledSources {
  readonly target: string
  readonly observation: Observation | undefined
  readonly history: RangeResult | null
  readonly following: boolean
}

export interface SeriesOfChart {
  /** What the chart is called beside its title: the query; empty where there is one chart alone. */
  readonly name: string
  readonly series: readonly ChartSeries[]
}

interface Seen {
  readonly labels: Labels
  readonly kept: Columns
  readonly latest: number | null
}

/** The series of a definition's charts, those with the largest values first; none where nothing was seen. */
export function labelledSeries(chart: LabelledChart, sources: LabelledSources): SeriesOfChart[] {
  const seen = seenOf(chart.labelled, sources)
  const names =
    chart.per === undefined ? [''] : [...new Set(seen.map(({ labels }) => labels[chart.per ?? ''] ?? ''))]
  return names
    .sort((a, b) => a.localeCompare(b))
    .map((name) => {
      const ofChart = seen.filter(({ labels }) => chart.per === undefined || labels[chart.per] === name)
      const largest = ofChart
        .map((one) => ({
          ...one,
          height: one.latest ?? one.kept.mean.findLast((mean) => mean !== null) ?? 0,
        }))
        .sort(
          (a, b) => b.height - a.height || labelOf(chart, a.labels).localeCompare(labelOf(chart, b.labels)),
        )
        .slice(0, ROLES.length)
      return {
        name,
        series: largest.map((one, index) => seriesOf(chart, one, ROLES[index] ?? 'third', sources)),
      }
    })
    .filter(({ series }) => series.length > 0)
}

function seenOf(metric: LabelledMetric, { target, observation, history }: LabelledSources): Seen[] {
  const seen = new Map<string, Seen>()
  const keyOf = (labels: Labels) => LABELLED[metric].labels.map((name) => labels[name]).join('\n')
  for (const one of history?.series ?? []) {
    if (one.metric !== metric || one.target !== target || one.labels === undefined) continue
    seen.set(keyOf(one.labels), { labels: one.labels, kept: one, latest: null })
  }
  for (const [name, value] of Object.entries(observation?.values ?? {})) {
    if (!name.startsWith(`${metric}{`)) continue
    const labels = readLabelled(name)?.labels
    if (labels === undefined) continue
    const kept = seen.get(keyOf(labels))?.kept ?? NO_COLUMNS
    seen.set(keyOf(labels), { labels, kept, latest: value })
  }
  return [...seen.values()]
}

function seriesOf(
  chart: LabelledChart,
  { labels, kept, latest }: Seen,
  role: ChartSeries['role'],
  { observation, history, following }: LabelledSources,
): ChartSeries {
  const label = labelOf(chart, labels)
  const columns =
    following && observation !== undefined && latest !== null
      ? withLatest(kept, observation.at, latest, history?.stepMs ?? 1_000)
      : kept
  const { at, min, mean, max } = columns
  return { at, min, mean, max, key: `${chart.labelled} ${label}`, label, role, latest }
}

/** What tells a series from the others of its chart. */
function labelOf({ labelled, per, id }: LabelledChart, labels: Labels): string {
  const parts = LABELLED[labelled].labels.filter((name) => name !== per).map((name) => labels[name] ?? '')
  const told = parts.filter((part) => part !== '').join(' · ')
  // The one value of a query has no name but the query's.
  return told === '' ? ((per === undefined ? undefined : labels[per]) ?? id) : told
}
