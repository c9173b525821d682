/** How urgent an alert is, how far it may go in each environment, and the states that it goes through. */
import type { ENVIRONMENTS } from './environments.ts'

/** From the least to the most urgent. */
export const SEVERITIES = ['INFO', 'WARNING', 'CRITICAL', 'EMERGENCY'] as const
export type Severity = (typeof SEVERITIES)[number]

export const ALERT_STATES = ['pending', 'firing', 'acknowledged', 'silenced', 'resolved'] as const
export type AlertState = (typeof ALERT_STATES)[number]

/** The most urgent that an alert may be, by environment. */
export type SeverityCaps = Readonly<Record<(typeof ENVIRONMENTS)[number], Severity>>
export const SEVERITY_CAPS: SeverityCaps = {
  production: 'EMERGENCY',
  staging: 'CRITICAL',
  development: 'WARNING',
}

/** How urgent one is, comparable: 0 for the least. */
export function urgency(severity: Severity): number {
  return SEVERITIES.indexOf(severity)
}

/** A severity, held to what its environment allows. */
export function capped(severity: Severity, cap: Severity): Severity {
  return urgency(severity) > urgency(cap) ? cap : severity
}

/** The most urgent of some; `null` where there are none. */
export function mostUrgent(severities: readonly Severity[]): Severity | null {
  return severities.reduce<Severity | null>(
    (most, one) => (most === null || urgency(one) > urgency(most) ? one : most),
    null,
  )
}
