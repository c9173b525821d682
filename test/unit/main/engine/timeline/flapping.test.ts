import { describe, expect, it } from 'vitest'
import { collapse, type Flapping } from '../../../../../src/main/engine/timeline/flapping.ts'
import type { Status } from '../../../../../src/shared/catalogue/statuses.ts'
import { createTranslator, eventText } from '../../../../../src/shared/locales/translate.ts'

/** Statuses with the second at which each came; the first is what was there before. */
function told(first: Status, ...turns: [Status, number][]) {
  const events: {
    id: number
    at: number
    status: Status | null
    times: unknown
    seconds: unknown
    text: string
  }[] = []
  let flapping: Flapping | undefined
  let from = first
  for (const [status, second] of turns) {
    const reason = { code: 'redis-save-failing', params: { because: null } }
    const draft = {
      at: second * 1000,
      kind: 'status' as const,
      probe: 'redis' as const,
      target: 'cache',
      reason,
      status,
    }
    const { amends, draft: said, flapping: next } = collapse(flapping, from, draft, events.length + 1)
    const { times, flappedSeconds } = said.reason.params
    const event = { id: next.id, at: said.at, status: said.status, times, seconds: flappedSeconds }
    const text = eventText(createTranslator('en'), said.reason)
    if (amends === null) events.push({ ...event, text })
    else events[amends - 1] = { ...event, text }
    flapping = next
    from = status
  }
  return events
}

describe('a status that comes and goes', () => {
  it('within a minute is one event', () => {
    expect(told('HEALTHY', ['CRITICAL', 0], ['HEALTHY', 20])).toMatchObject([
      { at: 0, status: 'HEALTHY', times: 1, seconds: 20 },
    ])
  })

  it('again and again is one event with a count', () => {
    const turns = ['CRITICAL', 'HEALTHY', 'CRITICAL', 'HEALTHY', 'CRITICAL', 'HEALTHY'] as const
    const [event, ...others] = told(
      'HEALTHY',
      ...turns.map((one, index): [Status, number] => [one, index * 50]),
    )
    expect(others).toEqual([])
    expect(event).toMatchObject({ at: 0, status: 'HEALTHY', times: 3, seconds: 250 })
    expect(event?.text).toMatch(/\(came and went 3 times within 4 min\)$/)
  })

  it('after more than a minute is an event of its own', () => {
    expect(told('HEALTHY', ['CRITICAL', 0], ['HEALTHY', 61]).map(({ status }) => status)).toEqual([
      'CRITICAL',
      'HEALTHY',
    ])
  })

  it('is something else than one that gets worse and worse', () => {
    expect(told('HEALTHY', ['WARNING', 0], ['CRITICAL', 5]).map(({ status }) => status)).toEqual([
      'WARNING',
      'CRITICAL',
    ])
  })

  it('is told anew where the clock was set back', () => {
    expect(told('HEALTHY', ['CRITICAL', 500], ['HEALTHY', 20])).toHaveLength(2)
  })
})
