import { expect, test } from 'vitest'
import {
  columnOf,
  type Frame,
  mergeFrames,
  sliceFrame,
} from '../../../../../src/main/engine/metrics/frame.ts'

const A = columnOf(1, 'mean')
const B = columnOf(2, 'mean')

function frame(rows: readonly (readonly [at: number, a: number])[], column = A): Frame {
  return {
    at: Float64Array.from(rows, ([at]) => at),
    status: new Uint8Array(rows.length).fill(1),
    columns: new Map([[column, Float64Array.from(rows, ([, value]) => value)]]),
  }
}
const rowsOf = ({ at, columns }: Frame) =>
  [...at].map((moment, row) => [moment, columns.get(A)?.[row], columns.get(B)?.[row]])

test.each([
  [
    'one after the other',
    [frame([[1, 10]]), frame([[2, 20]])],
    [
      [1, 10, undefined],
      [2, 20, undefined],
    ],
  ],
  [
    'one within the other',
    [
      frame([
        [1, 10],
        [4, 40],
      ]),
      frame([
        [2, 20],
        [3, 30],
      ]),
    ],
    [
      [1, 10, undefined],
      [2, 20, undefined],
      [3, 30, undefined],
      [4, 40, undefined],
    ],
  ],
  [
    'of the same times: the later frame counts',
    [
      frame([
        [1, 10],
        [2, 20],
      ]),
      frame([
        [2, 21],
        [3, 30],
      ]),
    ],
    [
      [1, 10, undefined],
      [2, 21, undefined],
      [3, 30, undefined],
    ],
  ],
  [
    'with different columns: what one lacks is not known',
    [frame([[1, 10]]), frame([[2, 5]], B)],
    [
      [1, 10, Number.NaN],
      [2, Number.NaN, 5],
    ],
  ],
  ['empty ones', [frame([]), frame([])], []],
])('merges frames %s', (_, frames, rows) => {
  expect(rowsOf(mergeFrames(frames))).toEqual(rows)
})

test.each([
  [0, 9, [1, 2, 3]],
  [1, 3, [1, 2]],
  [2, 2, []],
  [4, 9, []],
])('slices from %i up to, not including, %i', (from, to, at) => {
  const sliced = sliceFrame(
    frame([
      [1, 10],
      [2, 20],
      [3, 30],
    ]),
    from,
    to,
  )
  expect([...sliced.at]).toEqual(at)
  expect(rowsOf(sliced).map(([moment, value]) => [moment, value])).toEqual(
    at.map((moment) => [moment, moment * 10]),
  )
})
