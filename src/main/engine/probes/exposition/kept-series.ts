/** What of an exposition is kept: its series folded by labels, in bounded memory whatever its cardinality. Pure. */
import type { KeptMetric } from '#shared/model/profile/exposition.ts'
import { readExposition, type Sample } from '../prometheus/exposition.ts'

/** Combinations of labels that one metric is told apart by while it is read. */
export const MOST_GROUPS = 2_000
/** What a label that a series does not have is called. */
const NO_LABEL = '–'

export interface KeptSeries {
  readonly kept: KeptMetric
  readonly isCounter: boolean
  /** Whether the exposition knows the metric at all. */
  readonly isThere: boolean
  /** By the values of its labels; one with an empty name where it is not told apart. */
  readonly groups: ReadonlyMap<string, number>
  /** Samples of combinations that there was no room for. */
  readonly cut: number
}

interface Taken {
  readonly kept: KeptMetric
  readonly groups: Map<string, number>
  isThere: boolean
  cut: number
}

const FOLD = { sum: (a: number, b: number) => a + b, max: Math.max, min: Math.min } as const

/** @returns what is kept, in the order of the profile, and how many samples there were in all */
export function readKept(
  body: Buffer,
  keep: readonly KeptMetric[],
): { series: KeptSeries[]; samples: number } {
  const types = new Map<string, string>()
  const taken = new Map(
    keep.map((kept): [string, Taken] => [
      kept.metric,
      { kept, groups: new Map<string, number>(), isThere: false, cut: 0 },
    ]),
  )
  const families = new Set(keep.flatMap(({ metric }) => familiesOf(metric)))
  const samples = readExposition(body, {
    wanted: (name) => taken.has(name),
    declared(name, type) {
      if (families.has(name)) types.set(name, type)
    },
    sample(sample) {
      const into = taken.get(sample.name)
      if (into !== undefined) take(into, sample)
    },
  })
  const series = [...taken.values()].map(({ kept, groups, isThere, cut }) => {
    const type = familiesOf(kept.metric)
      .map((family) => types.get(family))
      .find((found) => found !== undefined)
    const isCounter = isCounterName(kept.metric, type)
    return { kept, groups, cut, isCounter, isThere: isThere || type !== undefined }
  })
  return { series, samples }
}

function take(into: Taken, { value, label }: Sample): void {
  const { kept, groups } = into
  into.isThere = true
  if (!Number.isFinite(value)) return
  if (Object.entries(kept.where).some(([name, wanted]) => (label(name) ?? '') !== wanted)) return
  const name = nameOf(kept.by, label)
  const known = groups.get(name)
  if (known !== undefined) groups.set(name, FOLD[kept.fold](known, value))
  else if (groups.size < MOST_GROUPS) groups.set(name, value)
  else into.cut++
}

/** One label is told by its value alone. */
function nameOf(by: readonly string[], label: Sample['label']): string {
  const value = (name: string) => label(name) || NO_LABEL
  const [only, ...others] = by
  if (only === undefined) return ''
  return others.length === 0 ? value(only) : by.map((name) => `${name}=${value(name)}`).join(' ')
}

const PARTS = ['_total', '_count', '_sum', '_bucket']

/** Under which names its type may stand: its own, or that of the family that it is a part of. */
function familiesOf(metric: string): string[] {
  const part = PARTS.find((one) => metric.endsWith(one))
  return part === undefined ? [metric] : [metric, metric.slice(0, -part.length)]
}

/** What counts, by its declared type; by its name where that says nothing. */
function isCounterName(metric: string, type: string | undefined): boolean {
  switch (type) {
    case 'counter':
      return true
    case 'histogram':
    case 'summary':
      return ['_count', '_sum', '_bucket'].some((part) => metric.endsWith(part))
    case undefined:
    case 'untyped':
    case 'unknown':
      return metric.endsWith('_total')
    default:
      return false
  }
}
