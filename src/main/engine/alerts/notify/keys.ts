/**
 * What services that fold messages into one call an incident. A rise in severity, and what nobody took up, has to ring again, which the same key
 * would not do: each gets one of its own, and all of them end together (decision 32). Pure.
 */
import { SEVERITIES } from '#shared/catalogue/severities.ts'
import type { Message } from './message.ts'

type Keyed = Pick<Message, 'incident' | 'kind' | 'severity'> & {
  readonly notification: Pick<Message['notification'], 'calls'>
}

/** The key that a message goes under. @param longest that the service takes */
export function keyOf({ incident, kind, severity, notification }: Keyed, longest: number): string {
  const own = incident.slice(0, longest - LONGEST_SUFFIX)
  if (kind === 'escalated') return `${own}:${callOf(notification.calls)}`
  return kind === 'raised' ? `${own}:${severity}` : own
}

/** Every key that an incident may have been given. */
export function keysOf({ incident, notification }: Keyed, longest: number): string[] {
  const own = incident.slice(0, longest - LONGEST_SUFFIX)
  const calls = Array.from({ length: Math.min(notification.calls, MOST_CALLS) }, (_, index) =>
    callOf(index + 1),
  )
  // Nothing rises to the least of them.
  return [own, ...[...SEVERITIES.slice(1), ...calls].map((suffix) => `${own}:${suffix}`)]
}

/** So many have a key of their own, which the end asks for one by one; what follows counts the last of them up. */
const MOST_CALLS = 20

function callOf(calls: number): string {
  return `escalated-${Math.min(Math.max(calls, 1), MOST_CALLS)}`
}

const LONGEST_SUFFIX = 1 + Math.max(...[...SEVERITIES, callOf(MOST_CALLS)].map((suffix) => suffix.length))
