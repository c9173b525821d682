/** Deployments in the order in which their backups need somebody. Pure. */
import type { StandingView } from './backup-view.ts'

export type Need = 'stale' | 'none-yet' | 'drill-failed' | 'not-proven' | 'well' | 'not-configured'

const ORDER: readonly Need[] = ['stale', 'none-yet', 'drill-failed', 'not-proven', 'well', 'not-configured']

export function needOf({ configured, recoveryPoint, lastDrill, lastProven }: StandingView): Need {
  if (!configured) return 'not-configured'
  if (recoveryPoint.isStale) return 'stale'
  if (recoveryPoint.ageSeconds === null) return 'none-yet'
  if (lastDrill !== null && lastDrill.problem !== null) return 'drill-failed'
  return lastProven === null ? 'not-proven' : 'well'
}

export function byNeed(rows: readonly StandingView[]): StandingView[] {
  return [...rows].sort(
    (a, b) => ORDER.indexOf(needOf(a)) - ORDER.indexOf(needOf(b)) || a.deployment.localeCompare(b.deployment),
  )
}
