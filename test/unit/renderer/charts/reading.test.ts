import { describe, expect, it } from 'vitest'
import { readingAt, summarise, withLatest } from '../../../../src/renderer/components/charts/reading.ts'

const columns = { at: [0, 10, 20], min: [1, null, 3], mean: [2, null, 5], max: [3, null, 9] }

describe('readingAt', () => {
  it('reads the nearest point', () => {
    expect(readingAt(columns, 17, 10)).toEqual({ at: 20, min: 3, mean: 5, max: 9 })
    expect(readingAt(columns, -3, 10)?.at).toBe(0)
  })

  it('reads nothing where no point is near enough: the other side of a gap says nothing of this one', () => {
    expect(readingAt(columns, 60, 10)).toBeNull()
    expect(readingAt({ at: [], min: [], mean: [], max: [] }, 0, 10)).toBeNull()
  })

  it('keeps what was not known as not known', () => {
    expect(readingAt(columns, 10, 0)).toEqual({ at: 10, min: null, mean: null, max: null })
  })
})

describe('summarise', () => {
  it('takes extremes from the extremes of the steps, and leaves out what was not known', () => {
    expect(summarise(columns)).toEqual({ min: 1, mean: 3.5, max: 9 })
  })

  it('is null where nothing was known', () => {
    expect(summarise({ at: [0], min: [null], mean: [null], max: [null] })).toBeNull()
  })
})

describe('withLatest', () => {
  it('adds an observation of a later step', () => {
    expect(withLatest(columns, 31, 7, 10).mean).toEqual([2, null, 5, 7])
  })

  it('leaves the last step as history tells it while it lasts', () => {
    expect(withLatest(columns, 25, 7, 10)).toBe(columns)
  })
})
