/** What a chart is taken along as: its points as a table, and the layout of its picture. */
import { describe, expect, it } from 'vitest'
import { chartCsv } from '../../../../src/renderer/components/charts/chart-csv.ts'
import { flow, wrap } from '../../../../src/renderer/components/charts/picture.ts'
import type { ChartSeries } from '../../../../src/renderer/components/charts/series.ts'

const WORDS = { time: 'Time', of: { min: 'min', mean: 'mean', max: 'max' }, unit: '%' }

function line(label: string, points: readonly (readonly [at: number, value: number | null])[]): ChartSeries {
  const values = points.map(([, value]) => value)
  const at = points.map(([moment]) => moment)
  return { key: label, label, latest: null, role: 'primary', at, min: values, mean: values, max: values }
}

describe('the points of a chart as CSV', () => {
  it('names line, column and unit, and gives the newest moment first', () => {
    expect(
      chartCsv(
        [
          line('in use', [
            [1_000, 40],
            [2_000, 95.5],
          ]),
        ],
        WORDS,
      ),
    ).toEqual({
      headings: ['Time', 'in use min (%)', 'in use mean (%)', 'in use max (%)'],
      rows: [
        [new Date(2_000), 95.5, 95.5, 95.5],
        [new Date(1_000), 40, 40, 40],
      ],
    })
  })

  it('leaves a line empty at the moments of another one', () => {
    const { rows } = chartCsv(
      [
        line('a', [[1_000, 1]]),
        line('b', [
          [2_000, null],
          [3_000, 3],
        ]),
      ],
      WORDS,
    )
    expect(rows).toEqual([
      [new Date(3_000), null, null, null, 3, 3, 3],
      [new Date(2_000), null, null, null, null, null, null],
      [new Date(1_000), 1, 1, 1, null, null, null],
    ])
  })

  it('writes no brackets where there is no unit', () => {
    expect(chartCsv([line('live', [])], { ...WORDS, unit: '' }).headings[1]).toBe('live min')
  })
})

describe('the layout of a picture', () => {
  it('puts the legend in rows that fit', () => {
    expect(flow([40, 50, 30], 100)).toEqual([
      { x: 0, row: 0 },
      { x: 40, row: 0 },
      { x: 0, row: 1 },
    ])
  })

  it('leaves what is wider than the picture in a row of its own', () => {
    expect(flow([400, 50], 100)).toEqual([
      { x: 0, row: 0 },
      { x: 0, row: 1 },
    ])
  })

  it('breaks long notes between words', () => {
    expect(wrap('deploy of shop 1.2', 10, (text) => text.length)).toEqual(['deploy of', 'shop 1.2'])
    expect(wrap('unbreakable-words stay', 5, (text) => text.length)).toEqual(['unbreakable-words', 'stay'])
  })
})
