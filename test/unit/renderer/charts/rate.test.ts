import { describe, expect, it } from 'vitest'
import { ratePerMinute } from '../../../../src/renderer/components/charts/rate.ts'

const counter = (at: number[], values: (number | null)[]) => ({ at, min: values, mean: values, max: values })

describe('ratePerMinute', () => {
  it('says how much a counter grew per minute between neighbouring points', () => {
    const rate = ratePerMinute(counter([0, 30_000, 60_000], [10, 11, 15]), 90_000)
    expect(rate.at).toEqual([30_000, 60_000])
    expect(rate.mean).toEqual([2, 8])
  })

  it('leaves a gap where the counter went backwards: that is a restart, not a negative rate', () => {
    expect(ratePerMinute(counter([0, 60_000, 120_000], [100, 3, 5]), 90_000).mean).toEqual([null, 2])
  })

  it('leaves a gap over a stretch that was not observed, instead of spreading the growth over it', () => {
    expect(ratePerMinute(counter([0, 600_000, 660_000], [0, 50, 51]), 90_000).mean).toEqual([null, 1])
  })

  it('starts anew after a value that was not known', () => {
    const rate = ratePerMinute(counter([0, 60_000, 120_000, 180_000], [1, null, 5, 6]), 90_000)
    expect(rate.at).toEqual([60_000, 180_000])
    expect(rate.mean).toEqual([null, 1])
  })
})
