import { expect, test } from 'vitest'
import { columnOf } from '../../../../../src/main/engine/metrics/frame.ts'
import { keptValue, packValues, unpackRows } from '../../../../../src/main/engine/metrics/packing.ts'

test.each([
  [0, 0],
  [1, 1],
  [987_654_321_987_654, 987_654_321_987_654],
  [-17, -17],
  [37.5, 37.5],
  [0.1 + 0.2, 0.3],
  [33.333333333333336, 33.3333],
  [0.000123456789, 0.000123457],
  [1_234_567.8916, 1_234_567.892],
  [-2 / 3, -0.666667],
  [1e-20, 0],
  [1.5e300, 1.5e300],
  [null, null],
  [Number.NaN, null],
  [Number.POSITIVE_INFINITY, null],
])('%d is kept as %d', (value, kept) => {
  expect(keptValue(value)).toBe(kept)
})

test('what is kept is kept again as it is', () => {
  for (let value = 1e-6; value < 1e9; value *= 1.37) {
    const kept = keptValue(value)
    expect(keptValue(kept)).toBe(kept)
    expect(Math.abs((kept ?? 0) - value) / value).toBeLessThan(1e-5)
  }
})

test('rows of different shapes come back as columns; null and absent are not known, zero is', () => {
  const frame = unpackRows(
    [
      { at: 1, status: 1, metrics: [5, 9], packed: packValues(['a', 'b'], { a: 0, b: null }) },
      { at: 2, status: 2, metrics: [5], packed: packValues(['a'], { a: 1.25 }) },
      { at: 3, status: 1, metrics: [9, 7], packed: packValues(['b', 'c'], { b: 3, c: -4 }) },
    ],
    null,
  )
  expect([...frame.at]).toEqual([1, 2, 3])
  expect([...frame.status]).toEqual([1, 2, 1])
  expect([...(frame.columns.get(columnOf(5, 'mean')) ?? [])]).toEqual([0, 1.25, Number.NaN])
  expect([...(frame.columns.get(columnOf(9, 'mean')) ?? [])]).toEqual([Number.NaN, Number.NaN, 3])
  expect([...(frame.columns.get(columnOf(7, 'mean')) ?? [])]).toEqual([Number.NaN, Number.NaN, -4])
})

test('values of more than eight metrics keep their places', () => {
  const names = Array.from({ length: 19 }, (_, index) => `m${index}`)
  const values = Object.fromEntries(names.map((name, index) => [name, index % 4 === 1 ? null : index]))
  const metrics = names.map((_, index) => index)
  const frame = unpackRows(
    [{ at: 1, status: 1, metrics, packed: packValues(names, values) }],
    new Set([1, 8, 18]),
  )
  expect([...frame.columns].map(([column, [value]]) => [column, value])).toEqual([
    [columnOf(1, 'mean'), Number.NaN],
    [columnOf(8, 'mean'), 8],
    [columnOf(18, 'mean'), 18],
  ])
})
