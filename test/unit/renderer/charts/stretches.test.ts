import { describe, expect, it } from 'vitest'
import {
  mergeStretches,
  stretchesWithoutPoints,
} from '../../../../src/renderer/components/charts/stretches.ts'

describe('stretchesWithoutPoints', () => {
  it('takes the time before the first point and after the last one as not observed', () => {
    expect(stretchesWithoutPoints([50, 60], { from: 0, to: 200 }, 30, 10)).toEqual([
      { from: 0, to: 50 },
      { from: 70, to: 200 },
    ])
  })

  it('takes a hole between points as not observed from where the point before it ends', () => {
    expect(stretchesWithoutPoints([0, 10, 100, 110], { from: 0, to: 120 }, 30, 10)).toEqual([
      { from: 20, to: 100 },
    ])
  })

  it('hatches wherever two points are too far apart for a line, however much of that the first one speaks for', () => {
    expect(stretchesWithoutPoints([0, 72, 288], { from: 0, to: 300 }, 180, 72)).toEqual([
      { from: 144, to: 288 },
    ])
  })

  it('does not hatch a look that came a little late', () => {
    expect(stretchesWithoutPoints([0, 10, 35, 45], { from: 0, to: 60 }, 30, 10)).toEqual([])
  })

  it('hatches the whole window where there is no point at all', () => {
    expect(stretchesWithoutPoints([], { from: 0, to: 100 }, 30, 10)).toEqual([{ from: 0, to: 100 }])
  })

  it('reaches back to the edge where a point before the window still speaks for its start', () => {
    expect(stretchesWithoutPoints([-5, 5, 15], { from: 0, to: 20 }, 12, 10)).toEqual([])
  })
})

describe('mergeStretches', () => {
  it('joins those that overlap or touch, and drops empty ones', () => {
    expect(
      mergeStretches([
        { from: 30, to: 40 },
        { from: 0, to: 10 },
        { from: 10, to: 20 },
        { from: 35, to: 50 },
        { from: 60, to: 60 },
      ]),
    ).toEqual([
      { from: 0, to: 20 },
      { from: 30, to: 50 },
    ])
  })
})
