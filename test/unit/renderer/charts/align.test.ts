import { describe, expect, it } from 'vitest'
import { alignColumns, lonePoints } from '../../../../src/renderer/components/charts/align.ts'

const line = (at: number[], values: (number | null)[]) => ({ at, min: values, mean: values, max: values })

describe('alignColumns', () => {
  it('puts several series on one axis and leaves cells of other series undefined, so that they break no line', () => {
    const data = alignColumns([line([0, 10], [1, 2]), line([5, 10], [7, 8])], [], 100)
    expect(data[0]).toEqual([0, 5, 10])
    expect(data[1]).toEqual([1, undefined, 2])
    expect(data[4]).toEqual([undefined, 7, 8])
  })

  it('breaks a line where two points are further apart than the gap', () => {
    const data = alignColumns([line([0, 10, 100], [1, 2, 3])], [], 30)
    expect(data[0]).toEqual([0, 10, 11, 100])
    expect(data[1]).toEqual([1, 2, null, 3])
  })

  it('breaks a line where an unobserved stretch lies between two points, however close they are', () => {
    const data = alignColumns([line([0, 10], [1, 2])], [{ from: 3, to: 6 }], 100)
    expect(data[1]).toEqual([1, null, 2])
  })

  it('keeps what is observed and not known as a break, never as zero', () => {
    const data = alignColumns([line([0, 10, 20], [1, null, 3])], [], 100)
    expect(data[1]).toEqual([1, null, 3])
  })
})

describe('lonePoints', () => {
  it('finds points that no line leads to, over the cells of other series', () => {
    expect(lonePoints([undefined, 4, undefined, null, 5, undefined, 6, null, 7])).toEqual([1, 8])
  })
})
