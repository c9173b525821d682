import { describe, expect, test } from 'vitest'
import { ChunkError, decodeChunk, encodeChunk } from '../../../../../src/main/engine/metrics/chunk.ts'
import { columnOf, type Frame } from '../../../../../src/main/engine/metrics/frame.ts'
import { createRandom } from '../../../../bench/synthetic-day.ts'

const random = createRandom(3)
const ROWS = 720
const frame: Frame = {
  at: Float64Array.from({ length: ROWS }, (_, row) => 1_700_000_000_000 + row * 5_000 + (row % 7)),
  status: Uint8Array.from({ length: ROWS }, (_, row) => (row % 100 === 0 ? 3 : 1)),
  columns: new Map([
    [columnOf(1, 'mean'), Float64Array.from({ length: ROWS }, () => random() * 100)],
    [
      columnOf(2, 'mean'),
      Float64Array.from({ length: ROWS }, (_, row) => (row % 2 === 0 ? row : Number.NaN)),
    ],
    [columnOf(300, 'max'), new Float64Array(ROWS).fill(Number.NaN)],
  ]),
}

test('a frame comes back as it was', () => {
  expect(decodeChunk(encodeChunk(frame), null)).toEqual(frame)
})

test('a frame without rows is one too', () => {
  const empty = { at: new Float64Array(), status: new Uint8Array(), columns: new Map() }
  expect(decodeChunk(encodeChunk(empty), null)).toEqual(empty)
})

test('only the metrics that are wanted are read', () => {
  const some = decodeChunk(encodeChunk(frame), new Set([2, 300, 999]))
  expect([...some.columns.keys()]).toEqual([columnOf(2, 'mean'), columnOf(300, 'max')])
  expect(some.columns.get(columnOf(2, 'mean'))).toEqual(frame.columns.get(columnOf(2, 'mean')))
})

describe('a damaged chunk is noticed', () => {
  test.each([0, 10, 500, 2_000])('at byte %i', (at) => {
    const blob = Uint8Array.from(encodeChunk(frame))
    blob[at] = (blob[at] ?? 0) ^ 0x55
    expect(() => decodeChunk(blob, null)).toThrow(ChunkError)
  })

  test.each([0, 3, 1_000])('cut after %i bytes', (length) => {
    expect(() => decodeChunk(encodeChunk(frame).subarray(0, length), null)).toThrow(ChunkError)
  })
})
