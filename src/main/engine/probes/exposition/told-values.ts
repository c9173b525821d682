/** From what was kept of an exposition to values: counters as rates, the largest series by name, the rest as one or left out. Pure. */
import type { KeptMetric } from '#shared/model/profile/exposition.ts'
import { perSecond } from '../figures.ts'
import type { KeptSeries } from './kept-series.ts'

/** What the series that are not kept by name are together, where they can be added up. */
export const OTHERS = 'other'

/** What the last look counted, by metric and series; monotonic milliseconds. */
export interface Counted {
  readonly at: number
  readonly totals: ReadonlyMap<string, ReadonlyMap<string, number>>
}

export interface Told {
  readonly kept: KeptMetric
  readonly series: readonly { readonly series: string; readonly value: number }[]
  /** Series beyond those that are kept by name, and what became of them. */
  readonly rest: { readonly count: number; readonly summed: boolean }
}

export function isRate({ kept, isCounter }: Pick<KeptSeries, 'kept' | 'isCounter'>): boolean {
  return kept.as === undefined ? isCounter && kept.fold === 'sum' : kept.as === 'rate'
}

/** What the next look compares with. */
export function countedOf(series: readonly KeptSeries[], at: number): Counted {
  return {
    at,
    totals: new Map(series.filter(isRate).map(({ kept, groups }) => [kept.metric, groups])),
  }
}

export function toldValues(series: readonly KeptSeries[], before: Counted | null, now: number): Told[] {
  return series.map((one) => {
    const values = isRate(one) ? ratesOf(one, before, now) : [...one.groups]
    return choose(one, values)
  })
}

/**
 * A counter that went backwards started over, and one that was not there before may have been away: neither has a rate until
 * the next look.
 */
function ratesOf({ kept, groups }: KeptSeries, before: Counted | null, now: number): [string, number][] {
  const then = before?.totals.get(kept.metric)
  if (before === null || then === undefined) return []
  return [...groups].flatMap(([name, total]): [string, number][] => {
    const rate = perSecond(then.get(name), total, now - before.at)
    return rate === null ? [] : [[name, rate]]
  })
}

function choose({ kept, cut }: KeptSeries, values: readonly [string, number][]): Told {
  const most = kept.by.length === 0 ? 1 : kept.most
  // With bounds below, the smallest are what matters.
  const direction = kept.below !== undefined && kept.above === undefined ? -1 : 1
  const sorted = values.toSorted(([one, a], [other, b]) => direction * (b - a) || (one < other ? -1 : 1))
  const named = sorted.slice(0, most).map(([series, value]) => ({ series, value: rounded(value) }))
  const others = sorted.slice(most)
  // What there was no room for is missing in a sum.
  const summed = kept.fold === 'sum' && others.length > 0 && cut === 0
  const sum = others.reduce((total, [, value]) => total + value, 0)
  return {
    kept,
    series: summed ? [...named, { series: OTHERS, value: rounded(sum) }] : named,
    rest: { count: others.length + cut, summed },
  }
}

/** Units are anybody's: six significant digits, whatever the size. */
function rounded(value: number): number {
  return Number(value.toPrecision(6))
}
