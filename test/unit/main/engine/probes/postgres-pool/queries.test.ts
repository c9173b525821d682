import { describe, expect, it } from 'vitest'
import { crossedBound } from '../../../../../../src/main/engine/probes/bounds.ts'
import {
  boundedSql,
  MOST_SERIES,
  pauseMs,
  readRows,
} from '../../../../../../src/main/engine/probes/postgres-pool/queries.ts'

describe('rows of a query', () => {
  it.each([
    ['one value', undefined, [{ count: '42' }], [['', 42]]],
    [
      'one value for each column',
      undefined,
      [{ a: 1, b: '2.5', c: 'text', d: null, e: true }],
      [
        ['a', 1],
        ['b', 2.5],
        ['e', 1],
      ],
    ],
    [
      'a series for each row',
      'status',
      [
        { status: 'paid', n: '3' },
        { status: null, n: 4 },
      ],
      [
        ['paid', 3],
        ['', 4],
      ],
    ],
    [
      'rows whose names are numbers',
      'code',
      [
        { code: 200, n: 3 },
        { code: 500, n: 4 },
      ],
      [
        ['200', 3],
        ['500', 4],
      ],
    ],
    [
      'several numbers for each row',
      's',
      [{ s: 'paid', n: 1, sum: 2 }],
      [
        ['paid n', 1],
        ['paid sum', 2],
      ],
    ],
    ['nothing', undefined, [], []],
    ['nothing known', undefined, [{ lag: null }], []],
  ] as const)('give %s', (_, by, rows, expected) => {
    const read = readRows({ name: 'q', by }, rows)
    expect(read.fault).toBeNull()
    expect(read.series.map(({ series, value }) => [series, value])).toEqual(expected)
  })

  it.each([
    ['pool-query-many-rows', undefined, [{ n: 1 }, { n: 2 }]],
    ['pool-query-without-column', 'state', [{ status: 'a', n: 2 }]],
    ['pool-query-no-number', undefined, [{ a: 'text', b: 'NaN' }]],
  ] as const)('are faulty as %s', (code, by, rows) => {
    expect(readRows({ name: 'q', by }, rows).fault?.code).toBe(code)
  })

  it('are bounded', () => {
    const rows = Array.from({ length: 500 }, (_, n) => ({ s: `s${n}`, n }))
    expect(readRows({ name: 'q', by: 's' }, rows).series).toHaveLength(MOST_SERIES)
  })
})

it.each([
  ['SELECT 1;', 'SELECT * FROM (\nSELECT 1\n) AS asked LIMIT 51'],
  ['SELECT 1 -- one', 'SELECT * FROM (\nSELECT 1 -- one\n) AS asked LIMIT 51'],
  ['SHOW work_mem', 'SHOW work_mem'],
])('%j is bounded', (sql, expected) => expect(boundedSql(sql)).toBe(expected))

it.each([
  ['as often as said while it is quick', 5, 0, 60_000],
  ['so that it takes a hundredth of the time', 1_500, 0, 150_000],
  ['more and more rarely while it fails', 5, 2, 240_000],
  ['within the hour, however often it failed', 2_000, 30, 3_600_000],
])('a query is asked %s', (_, tookMs, failures, expected) => {
  expect(pauseMs({ every: 60 }, tookMs, failures)).toBe(expected)
})

it('a query that is asked once a day is not asked more often because it failed', () => {
  expect(pauseMs({ every: 86_400 }, 5, 3)).toBe(86_400_000)
})

it.each([
  [5, { above: { warning: 5 } }, null],
  [6, { above: { warning: 5 } }, 'WARNING'],
  [60, { above: { warning: 5, critical: 50 } }, 'CRITICAL'],
  [0, { below: { critical: 1 } }, 'CRITICAL'],
  [1, { below: { critical: 1 }, above: { warning: 10 } }, null],
  [1, {}, null],
])('%d within %j is %s', (value, bounds, level) => {
  expect(crossedBound(value, bounds)?.level ?? null).toBe(level)
})
