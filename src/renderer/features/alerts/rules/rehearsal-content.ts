/** What the chart of a rehearsal draws: the metrics, the rule's lines, and when it would have fired. Pure. */
import { urgency } from '#shared/catalogue/severities.ts'
import type { RangeResult, RangeSeries } from '#shared/model/range.ts'
import type { PlotContent } from '../../../components/charts/plot.ts'
import type { ChartSeries, LimitLine, Stretch } from '../../../components/charts/series.ts'
import { mergeStretches, stretchesWithoutPoints } from '../../../components/charts/stretches.ts'
import type { Definition } from './draft.ts'

const ROLES = ['primary', 'second', 'third'] as const

export interface Drawn {
  readonly content: PlotContent
  /** Series that there was no room for. */
  readonly left: number
}

type Lines = Pick<Definition, 'levels' | 'direction'>

interface Sources {
  readonly range: Pick<RangeResult, 'series' | 'stepMs'> | null
  readonly window: Stretch
  readonly firing: readonly Stretch[]
  /** `null`: what is drawn is not what the lines are of. */
  readonly lines: Lines | null
}

export function rehearsalContent({ range, window, firing, lines }: Sources): Drawn {
  const direction = lines?.direction ?? 'above'
  const all = (range?.series ?? []).toSorted((a, b) => worst(b, direction) - worst(a, direction))
  const shown = all.slice(0, ROLES.length)
  const stepMs = range?.stepMs ?? 1
  const gapMs = stepMs * 3
  const moments = [...new Set(shown.flatMap(({ at }) => at))].toSorted((a, b) => a - b)
  return {
    left: all.length - shown.length,
    content: {
      series: shown.map((series, index) => lineOf(series, ROLES[index] ?? 'third')),
      stretches: mergeStretches(stretchesWithoutPoints(moments, window, gapMs, stepMs)),
      limits: lines === null ? [] : limitsOf(lines),
      firing,
      window,
      gapMs,
    },
  }
}

function lineOf(
  { metric, target, labels, at, min, mean, max }: RangeSeries,
  role: ChartSeries['role'],
): ChartSeries {
  const label = [target, ...Object.values(labels ?? {}), metric].filter((part) => part !== '').join(' · ')
  return { key: label, label, latest: mean.at(-1) ?? null, role, at, min, mean, max }
}

/** The thresholds, and the line below or above which it is over. */
function limitsOf({ levels, direction }: Lines): LimitLine[] {
  const [first] = levels
  const lines = levels.map(
    ({ threshold, severity }): LimitLine => ({
      ...{ value: threshold, direction },
      severity: urgency(severity) >= urgency('CRITICAL') ? 'critical' : 'warning',
    }),
  )
  const clear: LimitLine[] =
    first === undefined || first.clear === first.threshold
      ? []
      : [{ value: first.clear, severity: 'good', direction }]
  return [...lines, ...clear].filter(({ value }) => Number.isFinite(value))
}

/** How bad a series was at the worst, comparable. */
function worst({ min, max }: RangeSeries, direction: 'above' | 'below'): number {
  const column = direction === 'above' ? max : min
  const known = column.filter((value) => value !== null)
  if (known.length === 0) return Number.NEGATIVE_INFINITY
  return direction === 'above'
    ? known.reduce((a, b) => Math.max(a, b))
    : -known.reduce((a, b) => Math.min(a, b))
}

/** A console that has not watched for long: what it has seen fills the chart. */
const SHORT_MS = 86_400_000

/** @param series of the whole of it */
export function observedWindow(series: readonly Pick<RangeSeries, 'at'>[], { from, to }: Stretch): Stretch {
  const first = Math.min(...series.map(({ at }) => at[0] ?? to))
  if (!Number.isFinite(first) || to - first > SHORT_MS) return { from, to }
  const seen = to - first
  return { from: Math.max(from, first - seen * 0.1), to }
}

/** A moment that is so many times further away than the lines would leave nothing of them. */
export const FAR = 5

/** Without what is beyond a value. */
export function nearBy(series: readonly RangeSeries[], most: number): RangeSeries[] {
  const near = (column: readonly (number | null)[]) =>
    column.map((value) => (value === null || value > most ? null : value))
  return series.map(({ min, mean, max, ...rest }) => ({
    ...rest,
    ...{ min: near(min), mean: near(mean), max: near(max) },
  }))
}
