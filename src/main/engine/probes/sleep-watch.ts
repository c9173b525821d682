/** Notices that time passed in which nothing ran: the machine slept, or the console was stopped and continued. */
import type { Clock } from '../clock.ts'

/** Two and a half of the shortest intervals: whatever was due has been due for longer than any look takes. */
export const GAP_MS = 12_500

export interface SleepWatch {
  /** Called whenever anything runs. @returns when the gap began (wall clock) where there was one, else `null` */
  check(): number | null
}

/** Some systems stop the monotonic clock in sleep and some do not: a leap of either is a gap. */
export function createSleepWatch(clock: Clock): SleepWatch {
  let wall = clock.now()
  let monotonic = clock.monotonic()
  return {
    check() {
      const since = wall
      const gone = Math.max(clock.now() - wall, clock.monotonic() - monotonic)
      wall = clock.now()
      monotonic = clock.monotonic()
      return gone > GAP_MS ? since : null
    },
  }
}
