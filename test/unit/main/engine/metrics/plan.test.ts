import { describe, expect, test } from 'vitest'
import { DEFAULT_RETENTION } from '../../../../../src/main/engine/metrics/history.ts'
import { planRange } from '../../../../../src/main/engine/metrics/plan.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const NOW = Date.UTC(2026, 5, 1, 12, 34, 56)

const plan = (length: number, points: number, endsAgo = 0) =>
  planRange({ from: NOW - endsAgo - length, to: NOW - endsAgo, points }, DEFAULT_RETENTION, NOW)

test.each([
  ['5 minutes', 5 * MINUTE, 300, 0, 'raw', 2_000],
  ['an hour', HOUR, 300, 0, 'raw', 15_000],
  ['6 hours', 6 * HOUR, 300, 0, 'raw', 2 * MINUTE],
  ['a day', DAY, 300, 0, 'minute', 5 * MINUTE],
  ['a day on a wide screen', DAY, 2_000, 0, 'raw', MINUTE],
  ['a week', 7 * DAY, 300, 0, 'minute', HOUR],
  ['a month', 30 * DAY, 300, 0, 'hour', 3 * HOUR],
  ['a month on a wide screen', 30 * DAY, 2_000, 0, 'minute', 30 * MINUTE],
  ['a quarter', 89 * DAY, 300, 0, 'hour', 8 * HOUR],
  ['two years', 730 * DAY, 300, 0, 'hour', 4 * DAY],
  ['an hour of last month: observations are gone', HOUR, 300, 30 * DAY, 'minute', MINUTE],
  ['a day of last year: minutes are gone', DAY, 300, 300 * DAY, 'hour', HOUR],
])('%s', (_, length, points, endsAgo, source, stepMs) => {
  expect(plan(length, points, endsAgo)).toEqual({ source, stepMs })
})

describe('never touches more steps than there are points', () => {
  test.each([2, 3, 10, 299, 300, 2_000])('%i points', (points) => {
    for (let length = 1; length < 1_000 * DAY; length = length * 1.7 + 1) {
      for (const offset of [0, 1, 999, 12_345]) {
        const from = NOW - Math.ceil(length) - offset
        const to = NOW - offset
        const { stepMs } = planRange({ from, to, points }, DEFAULT_RETENTION, NOW)
        const touched = Math.floor(to / stepMs) - Math.floor(from / stepMs) + 1
        expect(touched, `${points} points in ${length} ms`).toBeLessThanOrEqual(points)
      }
    }
  })
})
