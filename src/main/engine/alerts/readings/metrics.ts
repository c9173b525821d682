/** The worst of some metrics of a target, and metrics with labels one by one. */
import { isLabelled, type Labels, readLabelled } from '#shared/catalogue/labelled.ts'
import type { MetricValues, Observation } from '#shared/model/observation.ts'
import { NO_LABELS, type Reader, type Reading } from './reading.ts'

type Direction = 'above' | 'below'

/** Whether `a` is the worse of two. */
export function isWorse(direction: Direction, a: number, b: number): boolean {
  return direction === 'above' ? a > b : a < b
}

export function readMetrics(metrics: readonly string[], direction: Direction): Reader {
  const [first] = metrics
  if (first !== undefined && isLabelled(first)) {
    return ({ values }) =>
      [...labelledValues(values, metrics)].map(([, { labels, known }]) => worstOf(known, direction, labels))
  }
  // What a rule looks at most of the time, and nothing else to do for it.
  if (metrics.length === 1 && first !== undefined) {
    const unknown: readonly Reading[] = [{ labels: NO_LABELS, value: null, of: 0, unknown: 1 }]
    return ({ values }) => {
      const value = values[first]
      if (value === null || value === undefined) return unknown
      return [{ labels: NO_LABELS, value, of: 0, unknown: 0 }]
    }
  }
  return ({ values }) => [
    worstOf(
      metrics.map((name) => values[name] ?? null),
      direction,
      NO_LABELS,
    ),
  ]
}

function worstOf(known: readonly (number | null)[], direction: Direction, labels: Labels): Reading {
  let value: number | null = null
  let of = 0
  let unknown = 0
  known.forEach((one, index) => {
    if (one === null) unknown |= 1 << index
    else if (value === null || isWorse(direction, one, value)) {
      value = one
      of = index
    }
  })
  return { labels, value, of, unknown }
}

/** Values of metrics with labels, together by their labels. */
export function labelledValues(
  values: MetricValues,
  metrics: readonly string[],
): Map<string, { readonly labels: Labels; readonly known: (number | null)[] }> {
  const found = new Map<string, { labels: Labels; known: (number | null)[] }>()
  for (const name in values) {
    const brace = name.indexOf('{')
    if (brace < 0) continue
    const index = metrics.findIndex((metric) => metric.length === brace && name.startsWith(metric))
    if (index < 0) continue
    const key = name.slice(brace)
    const known = found.get(key) ?? {
      labels: readLabelled(name)?.labels ?? NO_LABELS,
      known: metrics.map(() => null),
    }
    known.known[index] = values[name] ?? null
    found.set(key, known)
  }
  return found
}

/** A value by the name that an observation has it under. */
export function figure({ values }: Pick<Observation, 'values'>, name: string): number | null {
  return values[name] ?? null
}
