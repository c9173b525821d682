import { expect, test } from 'vitest'
import type { Status } from '#shared/catalogue/statuses.ts'
import { columnOf, type Frame } from '../../../../../src/main/engine/metrics/frame.ts'
import { rollUp } from '../../../../../src/main/engine/metrics/rollup.ts'
import { statusCode, statusOf } from '../../../../../src/main/engine/metrics/status-codes.ts'

function raw(rows: readonly (readonly [at: number, status: Status, value: number])[]): Frame {
  return {
    at: Float64Array.from(rows, ([at]) => at),
    status: Uint8Array.from(rows, ([, status]) => statusCode(status)),
    columns: new Map([[columnOf(1, 'mean'), Float64Array.from(rows, ([, , value]) => value)]]),
  }
}

function rowsOf({ at, status, columns }: Frame) {
  const column = (aggregate: 'min' | 'mean' | 'max' | 'known') => columns.get(columnOf(1, aggregate))
  return [...at].map((moment, row) => [
    moment,
    statusOf(status[row] ?? 0),
    column('min')?.[row],
    column('mean')?.[row],
    column('max')?.[row],
    column('known')?.[row],
  ])
}

const NOT_KNOWN = Number.NaN

test('keeps the smallest, the mean and the largest of each step, and its worst status', () => {
  const rolled = rollUp(
    raw([
      [61, 'HEALTHY', 4],
      [70, 'CRITICAL', 9],
      [119, 'HEALTHY', 2],
      [180, 'WARNING', 7],
    ]),
    60,
  )
  expect(rowsOf(rolled)).toEqual([
    [60, 'CRITICAL', 2, 5, 9, 3],
    [180, 'WARNING', 7, 7, 7, 1],
  ])
})

test('what is not known is not counted, and a step without anything known has nothing', () => {
  const rolled = rollUp(
    raw([
      [0, 'UNKNOWN', NOT_KNOWN],
      [10, 'HEALTHY', 6],
      [60, 'UNKNOWN', NOT_KNOWN],
    ]),
    60,
  )
  expect(rowsOf(rolled)).toEqual([
    [0, 'UNKNOWN', 6, 6, 6, 1],
    [60, 'UNKNOWN', NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, 0],
  ])
})

test('what was observed outranks what was not', () => {
  const rolled = rollUp(
    raw([
      [0, 'UNOBSERVED', NOT_KNOWN],
      [10, 'HEALTHY', 1],
      [60, 'UNOBSERVED', NOT_KNOWN],
    ]),
    60,
  )
  expect(rowsOf(rolled).map(([, status]) => status)).toEqual(['HEALTHY', 'UNOBSERVED'])
})

test('rolled up twice or at once, it is the same', () => {
  const rows = Array.from({ length: 100 }, (_, index) => {
    const value = index % 9 === 0 ? NOT_KNOWN : (index * 37) % 50
    return [index * 7, index === 50 ? 'DOWN' : 'HEALTHY', value] as const
  })
  expect(rowsOf(rollUp(rollUp(raw(rows), 20), 200))).toEqual(
    rowsOf(rollUp(raw(rows), 200)).map((row) =>
      row.map((cell) => (typeof cell === 'number' && !Number.isNaN(cell) ? expect.closeTo(cell, 3) : cell)),
    ),
  )
})

test('a mean never leaves its minimum and maximum', () => {
  const [row] = rowsOf(
    rollUp(
      raw([
        [0, 'HEALTHY', 0.1],
        [1, 'HEALTHY', 0.1],
        [2, 'HEALTHY', 0.1],
      ]),
      60,
    ),
  )
  expect(row).toEqual([0, 'HEALTHY', 0.1, 0.1, 0.1, 3])
})
