import { describe, expect, it } from 'vitest'
import { ratePerMinute } from '../../../../src/renderer/components/charts/rate.ts'

const counter = (at: number[], values: (number | null)[]) => ({ at, min: values, mean: values, max: values })
const every = (ms: number, values: (number | null)[]) =>
  counter(
    values.map((_, index) => index * ms),
    values,
  )

describe('ratePerMinute', () => {
  it('says how much a counter grew per minute between points that are a minute or more apart', () => {
    expect(ratePerMinute(every(60_000, [10, 12, 20]), 180_000).mean).toEqual([null, 2, 8])
    expect(ratePerMinute(every(120_000, [10, 12, 20]), 300_000).mean).toEqual([null, 1, 4])
  })

  it('counts over the last minute where points are closer: one event is one a minute, not twelve', () => {
    const values = Array.from({ length: 40 }, (_, index) => (index >= 20 ? 8 : 7))
    const { mean } = ratePerMinute(every(5_000, values), 15_000)
    expect(mean[19]).toBe(0)
    expect(mean.slice(20, 32)).toEqual(Array(12).fill(1))
    expect(mean[32]).toBe(0)
  })

  it('leaves a gap where the counter went backwards: that is a restart, not a negative rate', () => {
    expect(ratePerMinute(every(60_000, [100, 103, 3, 5]), 90_000).mean).toEqual([null, 3, null, 2])
  })

  it('leaves a gap over a stretch that was not observed, instead of spreading the growth over it', () => {
    expect(ratePerMinute(counter([0, 60_000, 600_000, 660_000], [0, 1, 50, 51]), 90_000).mean).toEqual([
      null,
      1,
      null,
      1,
    ])
  })

  it('starts anew after a value that was not known', () => {
    expect(ratePerMinute(every(60_000, [1, null, 5, 6]), 90_000).mean).toEqual([null, null, null, 1])
  })

  it('says nothing of a start that is too short to tell', () => {
    expect(ratePerMinute(every(5_000, [1, 2, 3]), 15_000).mean).toEqual([null, null, null])
  })
})
