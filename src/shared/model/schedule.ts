/**
 * When something is: once, or again and again by the clock on the wall of a place. The messages of these schemas are keys of
 * `locales/<language>/profile.ts`.
 */
import { z } from 'zod'
import { TimeZone } from './time-zone.ts'

/** `2026-03-29` */
export const LocalDate = z.iso.date('bad-date')
/** `02:30` */
export const LocalTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'bad-time')
/** Monday is 1, Sunday 7. */
export const Weekday = z.number().int().min(1).max(7)

/** Of a month: a day by its number (where a month is shorter, its last one), or the first to fourth or last (`-1`) of a weekday. */
export const DayOfMonth = z.union([
  z.strictObject({ day: z.number().int().min(1).max(31) }),
  z.strictObject({
    week: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(-1)]),
    weekday: Weekday,
  }),
])

/** The longest that each may last, in minutes: it is over before it begins again. */
export const LONGEST_MINUTES = { daily: 1_440, weekly: 7 * 1_440, monthly: 28 * 1_440 } as const

const again = (longest: number) => ({
  zone: TimeZone,
  /** When it begins. Where the clock leaps over that, it begins as much later; where it shows that twice, the first time. */
  time: LocalTime,
  /** How long it lasts, as time goes by: it is not shorter or longer where the clock is moved in between. */
  minutes: z.number().int().min(1).max(longest, 'schedule-too-long'),
  /** The first and the last date on which it may begin. */
  from: LocalDate.nullable().default(null),
  until: LocalDate.nullable().default(null),
})

const Once = z.strictObject({
  kind: z.literal('once'),
  /** What its times are shown in. */
  zone: TimeZone,
  from: z.iso.datetime({ offset: true, message: 'bad-moment' }),
  to: z.iso.datetime({ offset: true, message: 'bad-moment' }),
})
const Daily = z.strictObject({ kind: z.literal('daily'), ...again(LONGEST_MINUTES.daily) })
const Weekly = z.strictObject({
  kind: z.literal('weekly'),
  days: z.array(Weekday).min(1, 'schedule-no-days').max(7),
  ...again(LONGEST_MINUTES.weekly),
})
const Monthly = z.strictObject({
  kind: z.literal('monthly'),
  on: DayOfMonth,
  ...again(LONGEST_MINUTES.monthly),
})

export const Schedule = z
  .discriminatedUnion('kind', [Once, Daily, Weekly, Monthly])
  .superRefine((schedule, context) => {
    if (schedule.kind === 'once') {
      if (Date.parse(schedule.to) <= Date.parse(schedule.from)) {
        context.addIssue({ code: 'custom', path: ['to'], message: 'schedule-ends-first' })
      }
    } else if (schedule.from !== null && schedule.until !== null && schedule.until < schedule.from) {
      context.addIssue({ code: 'custom', path: ['until'], message: 'schedule-ends-first' })
    }
  })
export type Schedule = z.infer<typeof Schedule>
export type ScheduleInput = z.input<typeof Schedule>
/** One that comes again. */
export type Recurring = Exclude<Schedule, { kind: 'once' }>

/** One time that it is; milliseconds since the epoch, the end is not in it. */
export interface Occurrence {
  readonly startsAt: number
  readonly endsAt: number
}
