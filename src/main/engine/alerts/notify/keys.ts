/**
 * What services that fold messages into one call an incident. A rise in severity, and what nobody took up, has to ring again, which the same key
 * would not do: each gets one of its own, and all of them end together. Pure.
 */
import { SEVERITIES } from '#shared/catalogue/severities.ts'
import type { Message } from './message.ts'

/** The key that a message goes under. @param longest that the service takes */
export function keyOf({ incident, kind, severity }: Message, longest: number): string {
  const own = incident.slice(0, longest - LONGEST_SUFFIX)
  if (kind === 'escalated') return `${own}:${ESCALATED}`
  return kind === 'raised' ? `${own}:${severity}` : own
}

/** Every key that an incident may have been given. */
export function keysOf({ incident }: Message, longest: number): string[] {
  const own = incident.slice(0, longest - LONGEST_SUFFIX)
  // Nothing rises to the least of them.
  return [own, ...[...SEVERITIES.slice(1), ESCALATED].map((suffix) => `${own}:${suffix}`)]
}

/** What nobody took up rings where it rang before; each further step mostly goes elsewhere. */
const ESCALATED = 'escalated'
const LONGEST_SUFFIX = 1 + Math.max(...[...SEVERITIES, ESCALATED].map((suffix) => suffix.length))
