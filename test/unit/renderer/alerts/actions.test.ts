import { describe, expect, it } from 'vitest'
import { momentToType } from '../../../../src/renderer/components/typed-moment.ts'
import { forAll } from '../../../../src/renderer/features/alerts/actions/for-all.ts'
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
  it('is done a few at a time, and what fails keeps the rest from nothing', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => String(index))
    let [running, most] = [0, 0]
    const { done, failed } = await forAll(ids, async (id) => {
      running += 1
      most = Math.max(most, running)
      await Promise.resolve()
      running -= 1
      if (id === '7') throw new Error('over')
    })
    expect(done.length).toBe(29)
    expect(failed).toMatchObject([{ id: '7', error: { message: 'over' } }])
    expect(most).toBeLessThanOrEqual(8)
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
