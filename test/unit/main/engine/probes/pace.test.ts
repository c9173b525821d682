import { describe, expect, it } from 'vitest'
import { addedDelay, untilMark } from '../../../../../src/main/engine/probes/pace.ts'

describe('first looks of what is added one by one', () => {
  it.each([
    ['nothing was added before', 0, 0, { delayMs: 0, aheadMs: 20 }],
    ['nothing was added before, by chance', 0, 1, { delayMs: 20, aheadMs: 20 }],
    ['a hundred were added just before', 2_000, 0.5, { delayMs: 2_010, aheadMs: 2_020 }],
    ['the whole interval is taken', 5_000, 0.5, { delayMs: 2_500, aheadMs: 5_000 }],
  ])('%s', (_what, aheadMs, random, expected) => {
    expect(addedDelay(5_000, aheadMs, random)).toEqual(expected)
  })

  it.each([3, 250, 1_000])(
    'of %i series are spread evenly, and none waits for longer than its interval',
    (count) => {
      let ahead = 0
      const delays = Array.from({ length: count }, (_, at) => {
        const { delayMs, aheadMs } = addedDelay(5_000, ahead, ((at * 7_919) % 1_000) / 1_000)
        ahead = aheadMs
        return delayMs
      })
      expect(Math.max(...delays)).toBeLessThanOrEqual(5_000)
      const perSecond = [0, 1, 2, 3, 4].map(
        (second) => delays.filter((delay) => Math.floor(delay / 1_000) === second).length,
      )
      expect(Math.max(...perSecond)).toBeLessThanOrEqual(Math.max(50, 1.25 * (count / 5)))
    },
  )
})

describe('looks that begin together', () => {
  it.each([
    [1_000, 5_000, 5_000],
    [1_001, 5_000, 5_049],
    [1_049.5, 5_000, 5_000.5],
    [12.25, 100, 137.75],
  ])('at %d, in %d ms or a little later', (now, delay, expected) => {
    expect(untilMark(now, delay)).toBeCloseTo(expected, 9)
  })
})
