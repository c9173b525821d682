import { describe, expect, it } from 'vitest'
import { laneRuns } from '../../../../src/renderer/components/charts/lanes.ts'
import { tickText } from '../../../../src/renderer/components/charts/tick-text.ts'
import { createTickLabels, timeTicks } from '../../../../src/renderer/components/charts/time-axis.ts'
import { valueRange } from '../../../../src/renderer/components/charts/value-scale.ts'

const limit = (value: number) => ({ value, severity: 'warning' as const, direction: 'above' as const })

describe('valueRange', () => {
  it('always shows the whole of a share, so that 3 % looks like 3 %', () => {
    expect(valueRange({ kind: 'percent', atLeast: 100 }, 3, [])).toEqual([0, 100])
  })

  it('takes a limit into view once the values come near it', () => {
    const scale = { kind: 'from-zero', atLeast: 1 } as const
    expect(valueRange(scale, 60, [limit(100)])[1]).toBeGreaterThan(100)
    expect(valueRange(scale, 20, [limit(100)])[1]).toBeLessThan(25)
  })

  it('does not blow noise near zero up to the height of the chart', () => {
    expect(valueRange({ kind: 'from-zero', atLeast: 4 }, 0.2, [])[1]).toBeGreaterThan(4)
    expect(valueRange({ kind: 'from-zero', atLeast: 4 }, null, [])[0]).toBe(0)
  })
})

describe('timeTicks', () => {
  it('stand at round local times', () => {
    const from = new Date(2026, 10, 3, 9, 58, 12).getTime()
    const ticks = timeTicks(from, from + 15 * 60_000, 5 * 60_000)
    expect(ticks.map((tick) => new Date(tick).getMinutes())).toEqual([0, 5, 10])
  })

  it('of days stand at midnight, and are labelled with the date', () => {
    const from = new Date(2026, 10, 3, 9).getTime()
    const ticks = timeTicks(from, from + 3 * 86_400_000, 86_400_000)
    expect(ticks.map((tick) => new Date(tick).getHours())).toEqual([0, 0, 0])
    expect(createTickLabels('en')(ticks, 86_400_000)).toEqual(['Nov 4', 'Nov 5', 'Nov 6'])
    expect(createTickLabels('ru')(ticks, 86_400_000)[0]).toMatch(/^4 нояб/)
  })
})

describe('tickText', () => {
  const words = (key: string) => key.replace('unit.', '')

  it('is short, in the language, and says zero plainly', () => {
    expect(tickText('en', words, 0, 'bytes', 1)).toBe('0')
    expect(tickText('en', words, 12_500, 'per-second', 2_500)).toBe('12.5K')
    expect(tickText('ru', words, 0.5, 'load', 0.5)).toBe('0,5')
  })

  it('counts time in one unit along an axis', () => {
    expect(tickText('ru', words, 1.5, 'seconds', 0.5)).toBe('1,5\u00a0seconds')
    expect(tickText('en', words, 75, 'seconds', 5)).toBe('75\u00a0seconds')
    expect(tickText('en', words, 600, 'seconds', 300)).toBe('10\u00a0minutes')
    expect(tickText('ru', words, 7_500, 'milliseconds', 2_500)).toBe('7,5\u00a0seconds')
    expect(tickText('en', words, 150, 'milliseconds', 50)).toBe('150')
  })
})

describe('laneRuns', () => {
  it('joins points of one state into runs and leaves out what nobody saw', () => {
    const flags = { at: [0, 10, 20, 100], min: [1, 1, 0, 1], mean: [1, 1, 0.5, 1], max: [1, 1, 1, 1] }
    expect(laneRuns(flags, 30, 10)).toEqual([
      { state: 'yes', from: 0, to: 20 },
      { state: 'partly', from: 20, to: 30 },
      { state: 'yes', from: 100, to: 110 },
    ])
  })

  it('tells "no" from "not known"', () => {
    const flags = { at: [0, 10], min: [0, null], mean: [0, null], max: [0, null] }
    expect(laneRuns(flags, 30, 10).map(({ state }) => state)).toEqual(['no', 'unknown'])
  })
})
