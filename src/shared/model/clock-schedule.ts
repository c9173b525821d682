/**
 * When something is begun, again and again, by the clock on the wall of a place: as `schedule.ts`, but for what takes as long as it takes, and
 * at several times of a day. The messages of these schemas are keys of `locales/<language>/profile.ts`.
 */
import { z } from 'zod'
import { DayOfMonth, LocalTime, type Recurring, Weekday } from './schedule.ts'
import { TimeZone } from './time-zone.ts'

const clock = {
  zone: TimeZone,
  times: z
    .array(LocalTime)
    .min(1, 'schedule-no-times')
    .max(24)
    .refine((times) => new Set(times).size === times.length, 'schedule-time-twice'),
}

export const ClockSchedule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('daily'), ...clock }),
  z.strictObject({
    kind: z.literal('weekly'),
    days: z.array(Weekday).min(1, 'schedule-no-days').max(7),
    ...clock,
  }),
  z.strictObject({ kind: z.literal('monthly'), on: DayOfMonth, ...clock }),
])
export type ClockSchedule = z.infer<typeof ClockSchedule>

/** The same as schedules of one time a day each. */
export function recurrences({ times, ...rest }: ClockSchedule): Recurring[] {
  return times.map((time) => ({ ...rest, time, minutes: 1, from: null, until: null }))
}
