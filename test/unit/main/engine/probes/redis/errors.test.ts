import { expect, it } from 'vitest'
import { errorRates, errorValues, MOST_CODES } from '../../../../../../src/main/engine/probes/redis/errors.ts'

const of = (errorsByCode: Record<string, number> | null) => ({ errorsByCode })

it('counts errors by their code, also one that comes for the first time', () => {
  const rates = errorRates(of({ OOM: 12, WRONGTYPE: 3, NOAUTH: 1 }), of({ OOM: 10, WRONGTYPE: 3 }), 6_000)
  expect(rates).toEqual({ OOM: 20, WRONGTYPE: 0, NOAUTH: 10 })
  expect(errorValues([rates])).toEqual({
    'redis_errors_per_minute{error="OOM"}': 20,
    'redis_errors_per_minute{error="NOAUTH"}': 10,
    'redis_errors_per_minute{error="WRONGTYPE"}': 0,
  })
})

it.each([
  ['where the server does not tell', of(null), of({ OOM: 1 })],
  ['at the first look', of({ OOM: 1 }), null],
  ['where it did not tell before', of({ OOM: 1 }), of(null)],
])('knows nothing %s', (_, now, before) => {
  expect(errorRates(now, before, 5_000)).toBeNull()
  expect(errorValues([null])).toEqual({})
})

it('leaves out a code that was counted anew', () => {
  expect(errorRates(of({ OOM: 1, ERR: 5 }), of({ OOM: 9, ERR: 5 }), 5_000)).toEqual({ ERR: 0 })
})

it('adds up the nodes of a cluster, and keeps to twenty codes', () => {
  const many = Object.fromEntries(Array.from({ length: 128 }, (_, at) => [`CODE${at}`, 1]))
  const values = errorValues([many, { ERR: 3 }, { ERR: 4 }, null])
  expect(Object.keys(values)).toHaveLength(MOST_CODES)
  expect(values['redis_errors_per_minute{error="ERR"}']).toBe(7)
})
