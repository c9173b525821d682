/**
 * What services that fold messages into one call an incident. A rise in severity, what nobody took up, and what is still there has to ring again,
 * which the same key would not do: each gets one of its own, and all of them end together (decision 32). Pure.
 */
import { SEVERITIES } from '#shared/catalogue/severities.ts'
import type { Message } from './message.ts'

type Keyed = Pick<Message, 'incident' | 'kind' | 'severity'> & {
  readonly notification: Pick<Message['notification'], 'calls' | 'reminders'>
}

/** The key that a message goes under. @param longest that the service takes */
export function keyOf({ incident, kind, severity, notification }: Keyed, longest: number): string {
  const own = incident.slice(0, longest - LONGEST_SUFFIX)
  if (kind === 'reminder') return `${own}:${reminderOf(notification.reminders)}`
  if (kind === 'escalated') return `${own}:${callOf(notification.calls)}`
  return kind === 'raised' ? `${own}:${severity}` : own
}

/** The key that a message makes needless: the reminder before a reminder; `null`: it makes none so. */
export function outdatedKeyOf({ incident, kind, notification }: Keyed, longest: number): string | null {
  if (kind !== 'reminder' || notification.reminders < 2) return null
  return `${incident.slice(0, longest - LONGEST_SUFFIX)}:${reminderOf(notification.reminders - 1)}`
}

/** Every key that an incident may have been given. */
export function keysOf({ incident, notification }: Keyed, longest: number): string[] {
  const own = incident.slice(0, longest - LONGEST_SUFFIX)
  const calls = Array.from({ length: Math.min(notification.calls, MOST_CALLS) }, (_, index) =>
    callOf(index + 1),
  )
  const { reminders } = notification
  // Each ended the one before it; of the newest that may have been lost on its way.
  const newest = Array.from({ length: Math.min(reminders, MOST_CALLS) }, (_, index) =>
    reminderOf(reminders - index),
  )
  // Nothing rises to the least of them.
  return [own, ...[...SEVERITIES.slice(1), ...calls, ...newest].map((suffix) => `${own}:${suffix}`)]
}

/** So many have a key of their own, which the end asks for one by one; what follows counts the last of them up. */
const MOST_CALLS = 20

function callOf(calls: number): string {
  return `escalated-${Math.min(Math.max(calls, 1), MOST_CALLS)}`
}

/** One in four hours: that many are more than a century. */
const MOST_REMINDERS = 999_999

function reminderOf(reminders: number): string {
  return `reminder-${Math.min(Math.max(reminders, 1), MOST_REMINDERS)}`
}

const LONGEST_SUFFIX =
  1 +
  Math.max(...[...SEVERITIES, callOf(MOST_CALLS), reminderOf(MOST_REMINDERS)].map((suffix) => suffix.length))
