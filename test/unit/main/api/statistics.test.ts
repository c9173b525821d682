import { expect, it } from 'vitest'
import { summarize } from '../../../../src/main/api/statistics.ts'

const columns = (min: (number | null)[], mean: (number | null)[], max: (number | null)[]) => ({
  metric: 'm',
  target: 't',
  at: mean.map((_, index) => index),
  min,
  mean,
  max,
})

it('takes the smallest, the mean and the largest of what is known', () => {
  expect(summarize([columns([1, null, 3], [2, null, 4], [3, null, 9])], 7)).toEqual({
    min: 1,
    mean: 3,
    max: 9,
    last: 7,
  })
})

it('takes the newest known mean where nothing is known now', () => {
  expect(summarize([columns([1, 2, null], [1, 2, null], [1, 2, null])], null).last).toBe(2)
})

it('knows nothing of nothing', () => {
  expect(summarize([], null)).toEqual({ min: null, mean: null, max: null, last: null })
  expect(summarize([columns([null], [null], [null])], null)).toEqual({
    min: null,
    mean: null,
    max: null,
    last: null,
  })
})

it('takes a column that is longer than an argument list may be', () => {
  const long = Array.from({ length: 200_000 }, (_, index) => index)
  expect(summarize([columns(long, long, long)], null).max).toBe(199_999)
})
