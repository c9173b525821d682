/**
 * What services that fold messages into one call an incident. A rise in severity has to ring again, which the same key
 * would not do: it gets one of its own, and all of them end together. Pure.
 */
import { SEVERITIES } from '#shared/catalogue/severities.ts'
import type { Message } from './message.ts'

/** The key that a message goes under. @param longest that the service takes */
export function keyOf({ incident, kind, severity }: Message, longest: number): string {
  const own = incident.slice(0, longest - LONGEST_SUFFIX)
  return kind === 'raised' ? `${own}:${severity}` : own
}

/** Every key that an incident may have been given. */
export function keysOf({ incident }: Message, longest: number): string[] {
  const own = incident.slice(0, longest - LONGEST_SUFFIX)
  // Nothing rises to the least of them.
  return [own, ...SEVERITIES.slice(1).map((severity) => `${own}:${severity}`)]
}

const LONGEST_SUFFIX = 1 + Math.max(...SEVERITIES.map((severity) => severity.length))
