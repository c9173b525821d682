import { describe, expect, it } from 'vitest'
import { dueSince, nextDue, spreadMs } from '../../../../../src/main/engine/schedules/due.ts'
import type { ClockSchedule } from '../../../../../src/shared/model/clock-schedule.ts'

const at = (text: string) => Date.parse(text)
const shown = (moment: number | null) => (moment === null ? null : new Date(moment).toISOString())

const NIGHTLY: ClockSchedule = { kind: 'daily', zone: 'Europe/Berlin', times: ['02:30'] }
const TWICE: ClockSchedule = { kind: 'daily', zone: 'UTC', times: ['14:30', '02:30'] }
const SUNDAYS: ClockSchedule = { kind: 'weekly', days: [7], zone: 'UTC', times: ['05:00'] }
const LAST_DAY: ClockSchedule = { kind: 'monthly', on: { day: 31 }, zone: 'UTC', times: ['00:10'] }

describe('what is due', () => {
  it.each([
    ['nothing before its time', NIGHTLY, '2026-11-27T12:00Z', '2026-11-28T01:29:59Z', null],
    ['at its very moment', NIGHTLY, '2026-11-27T12:00Z', '2026-11-28T01:30:00Z', '2026-11-28T01:30:00.000Z'],
    ['once it was seen to, not again', NIGHTLY, '2026-11-28T01:30:00Z', '2026-11-28T20:00Z', null],
    [
      'of many that were missed the newest',
      NIGHTLY,
      '2026-11-20T12:00Z',
      '2026-11-28T20:00Z',
      '2026-11-28T01:30:00.000Z',
    ],
    [
      'after two years the newest',
      NIGHTLY,
      '2024-11-20T12:00Z',
      '2026-11-28T20:00Z',
      '2026-11-28T01:30:00.000Z',
    ],
    [
      'of several times a day the newest',
      TWICE,
      '2026-11-28T02:30Z',
      '2026-11-28T20:00Z',
      '2026-11-28T14:30:00.000Z',
    ],
    ['on its day of the week', SUNDAYS, '2026-11-21T00:00Z', '2026-11-28T20:00Z', '2026-11-22T05:00:00.000Z'],
    [
      'on the last day of a shorter month',
      LAST_DAY,
      '2026-11-01T00:00Z',
      '2026-11-30T20:00Z',
      '2026-11-30T00:10:00.000Z',
    ],
    [
      'where the clock leaps over it, as much later',
      NIGHTLY,
      '2026-03-28T12:00Z',
      '2026-03-29T12:00Z',
      '2026-03-29T01:30:00.000Z',
    ],
    [
      'where the clock shows it twice, the first time',
      NIGHTLY,
      '2026-10-24T12:00Z',
      '2026-10-25T12:00Z',
      '2026-10-25T00:30:00.000Z',
    ],
  ])('is %s', (_, schedule, seenTo, now, expected) => {
    expect(shown(dueSince(schedule, at(seenTo), at(now)))).toBe(expected)
  })

  it('comes next after this moment', () => {
    expect(shown(nextDue(TWICE, at('2026-11-28T02:30:00Z')))).toBe('2026-11-28T14:30:00.000Z')
    expect(shown(nextDue(TWICE, at('2026-11-28T14:30:30Z')))).toBe('2026-11-29T02:30:00.000Z')
    expect(shown(nextDue(SUNDAYS, at('2026-11-28T20:00Z')))).toBe('2026-11-29T05:00:00.000Z')
  })

  it('is spread by name: the same each time, and within bounds', () => {
    const names = Array.from({ length: 100 }, (_, index) => `backup shop-${index}`)
    const spread = names.map((name) => spreadMs(name, 300_000))
    expect(names.map((name) => spreadMs(name, 300_000))).toEqual(spread)
    expect(Math.max(...spread)).toBeLessThan(300_000)
    expect(new Set(spread).size).toBeGreaterThan(50)
  })
})
