import { describe, expect, test } from 'vitest'
import { calendarDays, dateOf, weeksKnown } from '../../../../src/renderer/features/backups/calendar-days.ts'

/** Noon by the clock of whoever runs this. */
const noon = (month: number, day: number) => new Date(2026, month - 1, day, 12).toISOString()
const good = (at: string) => ({ startedAt: at, partial: false, problem: null })
const NOTHING = { backups: [], failures: [], letGo: [], zone: null, expectedOn: null, knownSince: null }
/** A Saturday. */
const TODAY = '2026-11-28'
const EVERY_DAY = new Set([0, 1, 2, 3, 4, 5, 6])

function stateOn(date: string, inputs: Partial<Parameters<typeof calendarDays>[0]>) {
  return calendarDays({ ...NOTHING, ...inputs }, TODAY, 4).find((day) => day.date === date)?.state
}

describe('the days of the calendar', () => {
  test('are whole weeks from Monday on, and end today', () => {
    const days = calendarDays(NOTHING, TODAY, 3)
    expect(days).toHaveLength(2 * 7 + 6)
    expect(days[0]).toMatchObject({ date: '2026-11-09', weekday: 0 })
    expect(days.at(-1)).toMatchObject({ date: TODAY, weekday: 5 })
  })

  test('go over the end of a month and of a year without losing one', () => {
    const dates = calendarDays(NOTHING, '2027-01-03', 8).map(({ date }) => date)
    expect(new Set(dates).size).toBe(dates.length)
    expect(dates).toContain('2026-11-30')
    expect(dates).toContain('2026-12-31')
  })

  test('with a good backup are good, whatever failed before it', () => {
    const at = noon(11, 24)
    expect(stateOn('2026-11-24', { backups: [good(at)] })).toBe('good')
    expect(stateOn('2026-11-24', { backups: [good(at)], failures: [at] })).toBe('good')
  })

  test('with nothing but a failure, or a backup of no use, failed', () => {
    const at = noon(11, 24)
    expect(stateOn('2026-11-24', { failures: [at] })).toBe('failed')
    expect(stateOn('2026-11-24', { backups: [{ ...good(at), problem: { code: 'file-altered' } }] })).toBe(
      'failed',
    )
  })

  test('on which one was due and none was made are missing, but not before anything is known, and not today', () => {
    const knownSince = Date.parse(noon(11, 20))
    const inputs = { expectedOn: EVERY_DAY, knownSince }
    expect(stateOn('2026-11-19', inputs)).toBe('none')
    expect(stateOn('2026-11-21', inputs)).toBe('missing')
    expect(stateOn(TODAY, inputs)).toBe('none')
  })

  test('on which none was due are nobody’s fault', () => {
    const inputs = { expectedOn: new Set([6]), knownSince: Date.parse(noon(11, 1)) }
    expect(stateOn('2026-11-24', inputs)).toBe('none')
    expect(stateOn('2026-11-22', inputs)).toBe('missing')
  })

  test('on which one was made that is not kept any more are missed by nobody', () => {
    const due = { expectedOn: EVERY_DAY, knownSince: Date.parse(noon(11, 1)) }
    const letGo = [noon(11, 24)]
    expect(stateOn('2026-11-24', { ...due, letGo })).toBe('let-go')
    expect(stateOn('2026-11-24', { ...due, letGo, failures: letGo })).toBe('let-go')
    expect(stateOn('2026-11-24', { ...due, letGo, backups: [good(noon(11, 24))] })).toBe('good')
  })

  test('are those of the schedule’s place', () => {
    // Half past midnight of a Monday in Moscow is a Sunday evening further west.
    const backups = [good('2026-11-22T21:30:00.000Z')]
    const due = { expectedOn: new Set([0]), knownSince: Date.parse('2026-11-01T12:00:00.000Z') }
    const inputs = { ...due, backups, zone: 'Europe/Moscow' }
    expect([stateOn('2026-11-22', inputs), stateOn('2026-11-23', inputs)]).toEqual(['none', 'good'])
    expect(stateOn('2026-11-23', { ...inputs, zone: 'Europe/London' })).toBe('missing')
  })

  test.each([
    ['all of them, where all is known', null, 26],
    ['those that begin behind the day from which on all is known', '2026-11-15T12:00:00.000Z', 2],
    ['not one that begins on it', '2026-11-16T12:00:00.000Z', 1],
    ['the last one always', '2026-11-27T12:00:00.000Z', 1],
    ['no more than are shown', '2020-11-27T12:00:00.000Z', 26],
  ])('are %s', (_, since, weeks) => {
    expect(weeksKnown(since === null ? null : Date.parse(since), 'UTC', TODAY, 26)).toBe(weeks)
  })

  test('a partial one does not stand in for the one that was due', () => {
    const backups = [{ ...good(noon(11, 24)), partial: true }]
    expect(stateOn('2026-11-24', { backups })).toBe('partial')
    const due = { expectedOn: EVERY_DAY, knownSince: Date.parse(noon(11, 1)) }
    expect(stateOn('2026-11-24', { backups, ...due })).toBe('missing')
  })

  test('a moment is on the date that the reader’s clock shows', () => {
    expect(dateOf(new Date(2026, 10, 8, 23, 59).getTime())).toBe('2026-11-08')
    expect(dateOf(new Date(2026, 10, 8, 0, 0).getTime())).toBe('2026-11-08')
  })
})
