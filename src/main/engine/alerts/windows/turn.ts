/** What a maintenance window comes to at a moment, and when to ask again: pure. */
import type { Occurrence, Schedule } from '#shared/model/schedule.ts'
import type { Silence } from '#shared/model/silence.ts'
import type { MaintenanceWindow, WindowState } from '#shared/model/window.ts'
import { nextOccurrences, occurrenceAt } from '../../schedules/occurrences.ts'

export type WindowTurn =
  | { readonly kind: 'begin'; readonly occurrence: Occurrence }
  /** It is in force, and what it is or how long it lasts was changed. */
  | { readonly kind: 'adjust'; readonly occurrence: Occurrence }
  | { readonly kind: 'end'; readonly ending: 'expired' | 'window-changed' }
  | null

/**
 * @param silence of the window, as far as one is in force
 * @param isEnded whether somebody ended the silence of the occurrence that began at a moment: it is not begun again
 */
export function turnOfWindow(
  window: MaintenanceWindow,
  silence: Silence | null,
  isEnded: (startsAt: number) => boolean,
  now: number,
): WindowTurn {
  const occurrence = window.enabled ? occurrenceAt(window.schedule, now) : null
  if (occurrence === null) {
    if (silence === null) return null
    // Its own end came, or it was moved, or the clock was set back to before it began.
    return { kind: 'end', ending: now >= silence.until ? 'expired' : 'window-changed' }
  }
  if (silence === null) return isEnded(occurrence.startsAt) ? null : { kind: 'begin', occurrence }
  return isAsSaid(window, silence, occurrence) ? null : { kind: 'adjust', occurrence }
}

/** When the next turn may be due if nothing is changed; `null`: never. */
export function nextTurnAt({ enabled, schedule }: MaintenanceWindow, now: number): number | null {
  if (!enabled) return null
  const [first, second] = nextOccurrences(schedule, now, 2)
  if (first === undefined) return null
  if (first.startsAt > now) return first.startsAt
  // Two may touch, or overlap by the hour that a clock was put forward.
  return Math.min(first.endsAt, second?.startsAt ?? first.endsAt)
}

export function stateOfWindow(
  { enabled, schedule }: Pick<MaintenanceWindow, 'enabled' | 'schedule'>,
  silence: Silence | null,
  now: number,
): { readonly state: WindowState; readonly next: Occurrence | null } {
  const next = comingOf(schedule, now)
  if (!enabled) return { state: 'off', next: null }
  if (silence !== null) return { state: 'in-force', next }
  return { state: next === null ? 'over' : 'waiting', next }
}

/** The next that has not begun yet. */
function comingOf(schedule: Schedule, now: number): Occurrence | null {
  return nextOccurrences(schedule, now, 3).find(({ startsAt }) => startsAt > now) ?? null
}

function isAsSaid(window: MaintenanceWindow, silence: Silence, { startsAt, endsAt }: Occurrence): boolean {
  const { deployments, rules, severities, labels } = silence.matchers
  const { matchers, note, name } = window
  return (
    silence.startsAt === startsAt &&
    silence.until === endsAt &&
    silence.note === note &&
    silence.window === name &&
    JSON.stringify([deployments, rules, severities, labels]) ===
      JSON.stringify([matchers.deployments, matchers.rules, matchers.severities, matchers.labels])
  )
}
