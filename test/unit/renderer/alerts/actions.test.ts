import { describe, expect, it } from 'vitest'
import { momentToType } from '../../../../src/renderer/components/typed-moment.ts'
import { atOnce } from '../../../../src/renderer/features/alerts/actions/at-once.ts'
import { durationOf } from '../../../../src/renderer/features/alerts/actions/silence-for.ts'
import { toggled } from '../../../../src/renderer/features/alerts/open/use-selection.ts'
import { NOON } from '../support/fleet-row.ts'

it.each([
  [{ length: '30', until: '' }, { minutes: 30 }],
  [{ length: 'clears', until: '' }, { untilClears: true }],
  [{ length: 'until', until: momentToType(NOON + 3_600_000) }, { until: '2026-11-21T13:00:00.000Z' }],
  [{ length: 'until', until: momentToType(NOON - 60_000) }, null],
  [{ length: 'until', until: '+2h' }, { until: '2026-11-21T14:00:00.000Z' }],
  [{ length: 'until', until: 'tomorrow' }, null],
  [{ length: 'until', until: '' }, null],
] as const)('%j lasts %j', (lasts, duration) => {
  expect(durationOf(lasts, NOON)).toEqual(duration)
})

describe('what is done to several', () => {
  it('is one call, and as few as may be where there are more than a call takes', async () => {
    const ids = Array.from({ length: 12_000 }, (_, index) => String(index))
    const calls: number[] = []
    const outcome = await atOnce(ids, async (alerts) => {
      calls.push(alerts.length)
      const [over = '', unknown = '', ...done] = alerts
      return { done, over: [over], unknown: [unknown], stillTrue: [] }
    })
    expect(calls).toEqual([5_000, 5_000, 2_000])
    expect(outcome).toEqual({ done: 11_994, over: 6, stillTrue: 0 })
  })
})

describe('a selection', () => {
  const listed = ['a', 'b', 'c', 'd']
  const selected = (chosen: string[], id: string, from: string | null) => [
    ...toggled(new Set(chosen), listed, id, from),
  ]

  it('takes one in or out', () => {
    expect(selected([], 'b', null)).toEqual(['b'])
    expect(selected(['b', 'c'], 'b', null)).toEqual(['c'])
  })

  it('takes all between two, in either direction', () => {
    expect(selected(['b'], 'd', 'b')).toEqual(['b', 'c', 'd'])
    expect(selected(['d'], 'b', 'd')).toEqual(['d', 'b', 'c'])
    expect(selected(['b', 'c', 'd'], 'd', 'c')).toEqual(['b'])
  })

  it('takes one alone where what was chosen before is gone', () => {
    expect(selected([], 'c', 'gone')).toEqual(['c'])
  })
})
