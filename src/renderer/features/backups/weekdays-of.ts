/** On which weekdays a schedule makes something; 0: Monday. Pure. */
import type { ClockSchedule } from '#shared/model/clock-schedule.ts'

/** `null` where that is not a matter of weekdays: a day of a month without one is not missing. */
export function weekdaysOf(schedule: ClockSchedule): ReadonlySet<number> | null {
  switch (schedule.kind) {
    case 'daily':
      return new Set([0, 1, 2, 3, 4, 5, 6])
    case 'weekly':
      return new Set(schedule.days.map((day) => day - 1))
    case 'monthly':
      return null
  }
}
