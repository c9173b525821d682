/** Deployments in the order in which their backups need somebody. Pure. */
import type { StandingView } from './backup-view.ts'

const ORDER = [
  ...(['stale', 'none-yet', 'drill-failed', 'missed', 'faulty', 'not-proven', 'proven-long-ago'] as const),
  ...(['well', 'not-configured'] as const),
] as const
export type Need = (typeof ORDER)[number]

/** As long as a drill that restored one says that the next can be restored, too: the check `backups-proven` has the same. */
const PROVEN_FOR_MS = 30 * 86_400_000

/** @param now milliseconds since the epoch */
export function needOf(standing: StandingView, now: number): Need {
  const { configured, recoveryPoint, lastDrill, notBegun, faulty } = standing
  if (!configured) return 'not-configured'
  if (recoveryPoint.isStale) return 'stale'
  if (recoveryPoint.ageSeconds === null) return 'none-yet'
  if (lastDrill !== null && lastDrill.problem !== null) return 'drill-failed'
  if (notBegun.some(({ waits }) => !waits)) return 'missed'
  if (faulty > 0) return 'faulty'
  const provenAt = standing.lastProven?.provenAt ?? null
  if (provenAt === null) return 'not-proven'
  return now - Date.parse(provenAt) > PROVEN_FOR_MS ? 'proven-long-ago' : 'well'
}

export function byNeed(rows: readonly StandingView[], now: number): StandingView[] {
  const rank = (row: StandingView) => ORDER.indexOf(needOf(row, now))
  return [...rows].sort((a, b) => rank(a) - rank(b) || a.deployment.localeCompare(b.deployment))
}
