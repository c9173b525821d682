/**
 * The statuses of everything that is watched, and which of two is the worse.
 * `UNOBSERVED` belongs to every subject: a time in which the console did not look (asleep, stopped, paused).
 */
import type { ProbeId } from './probes.ts'

export const STATUSES = [
  'HEALTHY',
  'UNOBSERVED',
  'UNKNOWN',
  'WARNING',
  'DEGRADED',
  'CRITICAL',
  'DISCONNECTED',
  'DOWN',
] as const
/** Ordered from best to worst: a later one outranks an earlier one. */
export type Status = (typeof STATUSES)[number]

/** Which statuses a probe may report, besides `UNOBSERVED`. */
export const PROBE_STATUSES = {
  health: ['HEALTHY', 'DEGRADED', 'DOWN', 'UNKNOWN'],
  pool: ['HEALTHY', 'WARNING', 'CRITICAL', 'UNKNOWN'],
  redis: ['HEALTHY', 'WARNING', 'CRITICAL', 'DISCONNECTED'],
  host: ['HEALTHY', 'WARNING', 'CRITICAL', 'UNKNOWN'],
  traffic: ['HEALTHY', 'WARNING', 'CRITICAL', 'UNKNOWN'],
  exposition: ['HEALTHY', 'WARNING', 'CRITICAL', 'UNKNOWN'],
} as const satisfies Record<ProbeId, readonly Status[]>

export const CONNECTION_STATUSES = ['CONNECTED', 'CONNECTING', 'DISCONNECTED', 'REFUSED'] as const
export type ConnectionStatus = (typeof CONNECTION_STATUSES)[number]

/** How bad a status is: 0 (healthy) upwards, comparable across subjects. */
export function badness(status: Status): number {
  return STATUSES.indexOf(status)
}

/** The worst of some statuses; `UNOBSERVED` where there are none. */
export function worstStatus(statuses: readonly Status[]): Status {
  return (
    statuses.reduce<Status | null>(
      (worst, status) => (worst === null || badness(status) > badness(worst) ? status : worst),
      null,
    ) ?? 'UNOBSERVED'
  )
}

/** What a status calls for: the tone that the interface paints and that exit codes follow. */
export type Tone = 'good' | 'warning' | 'bad' | 'unknown'
export const TONE: Record<Status, Tone> = {
  HEALTHY: 'good',
  WARNING: 'warning',
  DEGRADED: 'warning',
  CRITICAL: 'bad',
  DISCONNECTED: 'bad',
  DOWN: 'bad',
  UNKNOWN: 'unknown',
  UNOBSERVED: 'unknown',
}
