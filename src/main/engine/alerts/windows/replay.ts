/** What a maintenance window would have kept quiet: pure, over alerts that there were. */
import type { Alert } from '#shared/model/alert.ts'
import type { Occurrence, Schedule } from '#shared/model/schedule.ts'
import type { WindowMatchers } from '#shared/model/window.ts'
import { nextOccurrences, occurrencesBetween } from '../../schedules/occurrences.ts'
import { isMatched } from '../silences/silencing.ts'

const PREVIEWED = 5

export interface Replayed {
  readonly next: readonly Occurrence[]
  /** How often it would have been in that time. */
  readonly times: number
  readonly matched: readonly Alert[]
  /** Of those, the ones that began while it would have been in force. */
  readonly hidden: readonly Alert[]
}

/** @param alerts all that began between `from` and `now` */
export function replayWindow(
  { schedule, matchers }: { readonly schedule: Schedule; readonly matchers: WindowMatchers },
  alerts: readonly Alert[],
  from: number,
  now: number,
): Replayed {
  // One that begins next month is to be judged by the nights before it, too.
  const unbounded: Schedule = schedule.kind === 'once' ? schedule : { ...schedule, from: null, until: null }
  const times = occurrencesBetween(unbounded, from, now)
  const matched = alerts.filter((alert) => isMatched({ alert: null, ...matchers }, alert))
  return {
    next: nextOccurrences(schedule, now, PREVIEWED),
    times: times.length,
    matched,
    hidden: matched.filter(({ since }) =>
      times.some(({ startsAt, endsAt }) => startsAt <= since && since < endsAt),
    ),
  }
}
