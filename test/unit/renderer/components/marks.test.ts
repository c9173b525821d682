import { describe, expect, it } from 'vitest'
import {
  type ChartMark,
  clusterMarks,
  type MarkShape,
  toldMarks,
} from '../../../../src/renderer/components/charts/marks.ts'

const mark = (at: number, shape: MarkShape): ChartMark => ({ key: at, at, shape, text: `${shape} ${at}` })

describe('marks that lie too close together', () => {
  const crowd = [...[1, 2, 3, 4, 5, 6].map((at) => mark(at, 'alert')), mark(7, 'deploy'), mark(8, 'alert')]

  it('are one, in the shape of what is likeliest to be behind the others', () => {
    const [only, ...others] = clusterMarks(crowd, { from: 0, to: 100_000 })
    expect([only?.shape, only?.marks.length, others]).toEqual(['deploy', 8, []])
  })

  it('tell of a few, in the order of time, and never leave the deploy out for alerts', () => {
    expect(toldMarks(crowd, 3).map(({ text }) => text)).toEqual(['alert 1', 'alert 2', 'deploy 7'])
    expect(toldMarks(crowd.slice(0, 2), 3)).toEqual(crowd.slice(0, 2))
  })
})
