import { describe, expect, it } from 'vitest'
import {
  nextOccurrences,
  occurrenceAt,
  occurrencesBetween,
} from '../../../../../src/main/engine/schedules/occurrences.ts'
import { Schedule, type ScheduleInput } from '../../../../../src/shared/model/schedule.ts'
import { createRandom } from '../../../../support/random.ts'

const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  // Half an hour of summer time.
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'America/Sao_Paulo',
  'Pacific/Apia',
  'UTC',
] as const
const HOUR_MS = 3_600_000
const ms = Date.parse
const iso = (at: number) => new Date(at).toISOString().replace('.000Z', 'Z')

/** The first `count` from a moment on, as `begin/end` in UTC. */
function next(schedule: ScheduleInput, from: string, count: number): string[] {
  return nextOccurrences(Schedule.parse(schedule), ms(from), count).map(
    ({ startsAt, endsAt }) => `${iso(startsAt)}/${iso(endsAt)}`,
  )
}

const daily = (zone: string, time: string, minutes: number) => ({
  kind: 'daily' as const,
  ...{ zone, time, minutes },
})

describe('the clock of a place that is moved', () => {
  it.each([
    {
      what: 'leaps over 02:30: it begins an hour later by that clock, and lasts as long',
      schedule: daily('Europe/Berlin', '02:30', 60),
      from: '2026-03-28T00:00Z',
      is: [
        '2026-03-28T01:30:00Z/2026-03-28T02:30:00Z',
        '2026-03-29T01:30:00Z/2026-03-29T02:30:00Z',
        '2026-03-30T00:30:00Z/2026-03-30T01:30:00Z',
      ],
    },
    {
      what: 'shows 02:30 twice: it begins at the first, once',
      schedule: daily('Europe/Berlin', '02:30', 60),
      from: '2026-10-24T12:00Z',
      is: ['2026-10-25T00:30:00Z/2026-10-25T01:30:00Z', '2026-10-26T01:30:00Z/2026-10-26T02:30:00Z'],
    },
    {
      what: 'leaps in New York',
      schedule: daily('America/New_York', '02:30', 30),
      from: '2026-03-08T05:00Z',
      is: ['2026-03-08T07:30:00Z/2026-03-08T08:00:00Z', '2026-03-09T06:30:00Z/2026-03-09T07:00:00Z'],
    },
    {
      what: 'shows 01:30 twice in New York',
      schedule: daily('America/New_York', '01:30', 30),
      from: '2026-11-01T04:00Z',
      is: ['2026-11-01T05:30:00Z/2026-11-01T06:00:00Z', '2026-11-02T06:30:00Z/2026-11-02T07:00:00Z'],
    },
    {
      what: 'leaps over half an hour on Lord Howe',
      schedule: daily('Australia/Lord_Howe', '02:15', 45),
      from: '2026-10-03T12:00Z',
      is: ['2026-10-03T15:45:00Z/2026-10-03T16:30:00Z', '2026-10-04T15:15:00Z/2026-10-04T16:00:00Z'],
    },
    {
      what: 'shows half an hour twice on Lord Howe',
      schedule: daily('Australia/Lord_Howe', '01:45', 45),
      from: '2026-04-04T12:00Z',
      is: ['2026-04-04T14:45:00Z/2026-04-04T15:30:00Z', '2026-04-05T15:15:00Z/2026-04-05T16:00:00Z'],
    },
    {
      what: 'is never moved in Kolkata',
      schedule: daily('Asia/Kolkata', '02:30', 60),
      from: '2026-03-28T12:00Z',
      is: ['2026-03-28T21:00:00Z/2026-03-28T22:00:00Z', '2026-03-29T21:00:00Z/2026-03-29T22:00:00Z'],
    },
    {
      what: 'leaves a day out: the one after it is not begun twice',
      schedule: daily('Pacific/Apia', '02:00', 60),
      from: '2011-12-29T00:00Z',
      is: ['2011-12-29T12:00:00Z/2011-12-29T13:00:00Z', '2011-12-30T12:00:00Z/2011-12-30T13:00:00Z'],
    },
    {
      what: 'is moved while it lasts: that makes it neither longer nor shorter',
      schedule: daily('Europe/Berlin', '23:00', 480),
      from: '2026-10-24T12:00Z',
      is: ['2026-10-24T21:00:00Z/2026-10-25T05:00:00Z'],
    },
  ])('$what', ({ schedule, from, is }) => {
    expect(next(schedule, from, is.length)).toEqual(is)
  })
})

describe('a schedule', () => {
  it.each([
    {
      what: 'once',
      schedule: {
        ...{ kind: 'once', zone: 'Europe/Berlin' },
        ...{ from: '2026-05-01T10:00:00+02:00', to: '2026-05-01T12:00:00+02:00' },
      },
      is: ['2026-05-01T08:00:00Z/2026-05-01T10:00:00Z'],
    },
    {
      what: 'on Mondays and Thursdays',
      schedule: {
        ...{ kind: 'weekly', days: [4, 1], zone: 'Europe/Berlin', time: '22:00', minutes: 120 },
      },
      is: [
        '2026-05-04T20:00:00Z/2026-05-04T22:00:00Z',
        '2026-05-07T20:00:00Z/2026-05-07T22:00:00Z',
        '2026-05-11T20:00:00Z/2026-05-11T22:00:00Z',
      ],
    },
    {
      what: 'on the 31st, and on the last day where a month is shorter',
      schedule: { kind: 'monthly', on: { day: 31 }, zone: 'UTC', time: '00:00', minutes: 60 },
      is: [
        '2026-05-31T00:00:00Z/2026-05-31T01:00:00Z',
        '2026-06-30T00:00:00Z/2026-06-30T01:00:00Z',
        '2026-07-31T00:00:00Z/2026-07-31T01:00:00Z',
      ],
    },
    {
      what: 'on the second Tuesday of a month',
      schedule: { kind: 'monthly', on: { week: 2, weekday: 2 }, zone: 'UTC', time: '03:00', minutes: 60 },
      is: ['2026-05-12T03:00:00Z/2026-05-12T04:00:00Z', '2026-06-09T03:00:00Z/2026-06-09T04:00:00Z'],
    },
    {
      what: 'on the last Sunday of a month',
      schedule: { kind: 'monthly', on: { week: -1, weekday: 7 }, zone: 'UTC', time: '03:00', minutes: 60 },
      is: ['2026-05-31T03:00:00Z/2026-05-31T04:00:00Z', '2026-06-28T03:00:00Z/2026-06-28T04:00:00Z'],
    },
    {
      what: 'from one date to another, both of them in it',
      schedule: { ...daily('UTC', '10:00', 30), from: '2026-05-10', until: '2026-05-11' },
      is: ['2026-05-10T10:00:00Z/2026-05-10T10:30:00Z', '2026-05-11T10:00:00Z/2026-05-11T10:30:00Z'],
    },
  ] as { what: string; schedule: ScheduleInput; is: string[] }[])('$what', ({ schedule, is }) => {
    const isAllThereIs = schedule.kind === 'once' || schedule.until != null
    expect(next(schedule, '2026-05-01T00:00Z', isAllThereIs ? 9 : is.length)).toEqual(is)
  })

  it('is within one from its first millisecond on, and not at its end', () => {
    const schedule = Schedule.parse(daily('UTC', '10:00', 30))
    const at = (text: string) => occurrenceAt(schedule, ms(text))
    expect(at('2026-05-01T09:59:59.999Z')).toBeNull()
    expect(at('2026-05-01T10:00:00.000Z')).toEqual({
      startsAt: ms('2026-05-01T10:00Z'),
      endsAt: ms('2026-05-01T10:30Z'),
    })
    expect(at('2026-05-01T10:29:59.999Z')).not.toBeNull()
    expect(at('2026-05-01T10:30:00.000Z')).toBeNull()
  })

  it.each([
    [{ ...daily('Mars/Olympus', '10:00', 30) }, 'zone'],
    [{ ...daily('UTC', '24:00', 30) }, 'time'],
    [{ ...daily('UTC', '10:00', 1_441) }, 'minutes'],
    [{ ...daily('UTC', '10:00', 30), from: '2026-05-02', until: '2026-05-01' }, 'until'],
    [{ kind: 'weekly', days: [], zone: 'UTC', time: '10:00', minutes: 5 }, 'days'],
    [{ kind: 'once', zone: 'UTC', from: '2026-05-02T00:00:00Z', to: '2026-05-02T00:00:00Z' }, 'to'],
  ])('is refused where it cannot be: %o', (schedule, path) => {
    expect(Schedule.safeParse(schedule).error?.issues.map((issue) => issue.path.join('.'))).toEqual([path])
  })
})

/** Any schedule that comes again. */
function randomSchedule(random: ReturnType<typeof createRandom>): Schedule {
  const two = (value: number) => String(value).padStart(2, '0')
  const common = {
    zone: random.one(ZONES),
    // Around the hours in which clocks are moved more often than not.
    time: `${two(random.chance(0.6) ? random.whole(0, 4) : random.whole(0, 24))}:${two(random.whole(0, 60))}`,
    minutes: random.one([1, 30, 60, 90, 240, 1_440] as const),
  }
  const weekday = random.whole(1, 8)
  return Schedule.parse(
    random.one<ScheduleInput>([
      { kind: 'daily', ...common },
      { kind: 'weekly', days: [weekday, random.whole(1, 8)], ...common },
      { kind: 'monthly', on: { day: random.whole(1, 32) }, ...common },
      { kind: 'monthly', on: { week: random.one([1, 2, 3, 4, -1] as const), weekday }, ...common },
    ]),
  )
}

it.each(Array.from({ length: 60 }, (_, index) => index + 1))(
  'any schedule at any moment: in order, as long as it says, none missed, none twice (%i)',
  (seed) => {
    const random = createRandom(seed)
    const schedule = randomSchedule(random)
    if (schedule.kind === 'once') throw new Error('not one that comes again')
    const { zone, time, minutes } = schedule
    const from = Date.UTC(2026, 0, 1) + random.whole(0, 365 * 24) * HOUR_MS + random.whole(0, 3_600_000)
    const all = occurrencesBetween(schedule, from, from + 400 * 24 * HOUR_MS)
    expect(all.length).toBeGreaterThanOrEqual(schedule.kind === 'monthly' ? 12 : 50)
    const wall = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    })
    const dates = new Intl.DateTimeFormat('en-CA', { timeZone: zone })
    let moved = 0
    all.forEach(({ startsAt, endsAt }, index) => {
      expect(endsAt - startsAt).toBe(minutes * 60_000)
      expect(startsAt).toBeGreaterThan(all[index - 1]?.startsAt ?? Number.NEGATIVE_INFINITY)
      if (wall.format(startsAt) !== time) moved += 1
      // Within it, whenever in it that is asked, and whatever else touches it.
      const inside = startsAt + random.whole(0, minutes * 60_000)
      const found = occurrenceAt(schedule, inside)
      expect(found?.startsAt).toBeGreaterThanOrEqual(startsAt)
      expect(found?.startsAt).toBeLessThanOrEqual(inside)
      expect(found?.endsAt).toBeGreaterThan(inside)
    })
    // Once on each date that it is on: none is missed and none is there twice.
    const on = all.map(({ startsAt }) => dates.format(startsAt))
    expect(new Set(on).size).toBe(on.length)
    // Only in nights in which the clock leaps is it not at its time: two of them at most in 400 days.
    expect(moved).toBeLessThanOrEqual(2)
    if (schedule.kind === 'daily') {
      const days = Math.round((ms(`${on.at(-1)}T00:00Z`) - ms(`${on[0]}T00:00Z`)) / (24 * HOUR_MS))
      expect(on).toHaveLength(days + 1)
    }
  },
)
