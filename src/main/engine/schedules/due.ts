/** When something that is begun by the clock was due, and will be. Pure. */
import { type ClockSchedule, recurrences } from '#shared/model/clock-schedule.ts'
import { nextOccurrences, occurrencesBetween } from './occurrences.ts'

/** Further back nothing is made up for: a schedule comes again within a month. */
const FARTHEST_BACK_MS = 62 * 86_400_000

/**
 * The newest moment that it was due since it was last seen to; all that were missed before are one with it, so that a console that slept makes up for
 * them once. `null`: none.
 */
export function dueSince(schedule: ClockSchedule, seenTo: number, now: number): number | null {
  const from = Math.max(seenTo, now - FARTHEST_BACK_MS)
  const moments = recurrences(schedule)
    .flatMap((one) => occurrencesBetween(one, from, now + 1))
    .map(({ startsAt }) => startsAt)
    .filter((at) => at > seenTo && at <= now)
  return moments.length === 0 ? null : Math.max(...moments)
}

/** When it is due next; `null`: never. */
export function nextDue(schedule: ClockSchedule, now: number): number | null {
  const moments = recurrences(schedule)
    // The one that it is within began already.
    .flatMap((one) => nextOccurrences(one, now, 2))
    .map(({ startsAt }) => startsAt)
    .filter((at) => at > now)
  return moments.length === 0 ? null : Math.min(...moments)
}

/** How long after its moment something is begun, so that many with the same moment are not begun at once: the same for a name each time. */
export function spreadMs(name: string, withinMs: number): number {
  // FNV-1a, and one round that spreads what differs at its end alone over all of it.
  let hash = 0x811c9dc5
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return ((hash ^ (hash >>> 13)) >>> 0) % withinMs
}
