import { describe, expect, it } from 'vitest'
import type { KeptSeries } from '../../../../../../src/main/engine/probes/exposition/kept-series.ts'
import { countedOf, toldValues } from '../../../../../../src/main/engine/probes/exposition/told-values.ts'
import { KeptMetric } from '../../../../../../src/shared/model/profile/exposition.ts'

const series = (
  kept: object,
  groups: Record<string, number>,
  over: Partial<KeptSeries> = {},
): KeptSeries => ({
  kept: KeptMetric.parse({ metric: 'm', ...kept }),
  groups: new Map(Object.entries(groups)),
  ...{ isCounter: false, isThere: true, cut: 0 },
  ...over,
})
const asText = ({ series: told }: { series: readonly { series: string; value: number }[] }) =>
  told.map((one) => `${one.series}=${one.value}`)

describe('gauges', () => {
  it.each<[string, KeptSeries, string[], { count: number; summed: boolean }]>([
    ['stand as they are', series({ by: ['q'] }, { a: 1, b: 2 }), ['b=2', 'a=1'], { count: 0, summed: false }],
    [
      'beyond the largest are one',
      series({ by: ['q'], most: 2 }, { a: 5, b: 4, c: 3, d: 2 }),
      ['a=5', 'b=4', 'other=5'],
      { count: 2, summed: true },
    ],
    [
      'that cannot be added up are left out',
      series({ by: ['q'], most: 1, fold: 'max' }, { a: 5, b: 4 }),
      ['a=5'],
      { count: 1, summed: false },
    ],
    [
      'of which some had no room have no sum',
      series({ by: ['q'], most: 1 }, { a: 5, b: 4 }, { cut: 7 }),
      ['a=5'],
      { count: 8, summed: false },
    ],
    [
      'with a bound below keep the smallest',
      series({ by: ['q'], most: 1, below: { warning: 1 } }, { a: 5, b: 0 }),
      ['b=0', 'other=5'],
      { count: 1, summed: true },
    ],
    [
      'of any size keep six digits',
      series({}, { '': 0.000123456789 }),
      ['=0.000123457'],
      { count: 0, summed: false },
    ],
  ])('%s', (_, one, expected, rest) => {
    const [told] = toldValues([one], null, 0)
    expect(told === undefined ? null : asText(told)).toEqual(expected)
    expect(told?.rest).toEqual(rest)
  })
})

describe('counters', () => {
  const counter = (groups: Record<string, number>, kept: object = { by: ['q'] }) =>
    series(kept, groups, { isCounter: true })
  const between = (
    before: Record<string, number>,
    now: Record<string, number>,
    ms = 10_000,
    kept?: object,
  ) => {
    const counted = countedOf([counter(before, kept)], 0)
    const [told] = toldValues([counter(now, kept)], counted, ms)
    return told === undefined ? null : asText(told)
  }

  it('are told per second over the interval', () => {
    expect(between({ a: 100, b: 50 }, { a: 150, b: 50 })).toEqual(['a=5', 'b=0'])
  })

  it('have no rate at the first look, after they started over, over a gap, and where they were not there before', () => {
    expect(toldValues([counter({ a: 5 })], null, 0)[0]?.series).toEqual([])
    expect(between({ a: 100, b: 50 }, { a: 3, b: 60, c: 1_000 })).toEqual(['b=1'])
    expect(between({ a: 100 }, { a: 150 }, 180_000)).toEqual([])
  })

  it('are told as they stand where that is wanted, and by their largest, of which no rate makes sense', () => {
    expect(between({ a: 1 }, { a: 2 }, 10_000, { by: ['q'], as: 'value' })).toEqual(['a=2'])
    expect(between({ a: 1 }, { a: 2 }, 10_000, { by: ['q'], fold: 'max' })).toEqual(['a=2'])
  })

  it('are what the profile says they are', () => {
    const wanted = { by: ['q'], as: 'rate' }
    const [told] = toldValues([series(wanted, { a: 30 })], countedOf([series(wanted, { a: 10 })], 0), 10_000)
    expect(told === undefined ? null : asText(told)).toEqual(['a=2'])
  })
})
