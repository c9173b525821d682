import { expect, test } from 'vitest'
import { createByteReader, createByteWriter } from '../../../../../src/main/engine/metrics/bytes.ts'
import { readColumn, writeColumn } from '../../../../../src/main/engine/metrics/number-column.ts'
import { createRandom } from '../../../../bench/synthetic-day.ts'

function bytesOf(column: readonly number[]): Uint8Array {
  const writer = createByteWriter()
  writeColumn(writer, Float64Array.from(column))
  return writer.finish()
}

function roundTrip(column: readonly number[]): number[] {
  const reader = createByteReader(bytesOf(column))
  const read = [...readColumn(reader, column.length)]
  expect(() => reader.byte(), 'everything that was written was read').toThrow(RangeError)
  return read
}

const random = createRandom(7)
const many = (make: (index: number) => number) => Array.from({ length: 720 }, (_, index) => make(index))

test.each([
  ['nothing', []],
  ['one number', [42]],
  ['zeros', [0, 0, 0]],
  ['a constant', many(() => 16_777_216)],
  ['negative numbers', [-1, -2.5, 3, -1e6]],
  ['a counter', many((index) => 987_654_321_012 + index * 17)],
  ['a counter that started again', [1e12, 1e12 + 5, 3, 9]],
  ['the largest whole numbers', [Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER, 0]],
  ['times', many((index) => 1_700_000_000_000 + index * 5_000 + Math.floor(random() * 60))],
  ['decimals', many(() => Math.round(random() * 1e6) / 1e4)],
  ['tenths that floats cannot hold', [0.1, 0.2, 0.1 + 0.2, 1.1, 2.2]],
  ['floats', many(() => random() * 100)],
  ['tiny and huge ones', [Number.MIN_VALUE, Number.MAX_VALUE, 1e-300, Math.PI, 5e300]],
  ['a minus zero', [-0, 0, 1]],
  ['nothing known', [Number.NaN, Number.NaN]],
  ['some unknown', many((index) => (index % 3 === 0 ? Number.NaN : index / 8))],
  ['unknown but for one', [Number.NaN, 7, Number.NaN]],
  ['unknown among floats', [Number.NaN, Math.E, Number.NaN, Math.PI]],
])('%s come back exactly', (_, column) => {
  const read = roundTrip(column)
  expect(read).toHaveLength(column.length)
  column.forEach((value, index) => {
    expect(Object.is(read[index], value), `${read[index]} for ${value} at ${index}`).toBe(true)
  })
})

test('unknown is kept apart from zero', () => {
  expect(roundTrip([0, Number.NaN, 0])).toEqual([0, Number.NaN, 0])
})

test('a counter takes one byte a number, and a constant none', () => {
  expect(bytesOf(many((index) => 987_654_321_012 + index * 17)).length).toBeLessThan(740)
  expect(bytesOf(many(() => 40)).length).toBeLessThan(20)
})
