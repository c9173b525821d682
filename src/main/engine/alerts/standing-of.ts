/** What fires of a deployment, in numbers, and who has taken some of it: pure. */
import { SEVERITIES, type Severity } from '#shared/catalogue/severities.ts'
import type { Alert } from '#shared/model/alert.ts'
import type { FleetAlerts } from '#shared/model/fleet.ts'

type Counted = Pick<Alert, 'severity' | 'state' | 'inhibitedBy' | 'acknowledgedBy' | 'acknowledgedAt'>

/** @param open those that are not over */
export function standingOf(open: readonly Counted[]): FleetAlerts {
  const taken = open
    .filter(({ acknowledgedAt }) => acknowledgedAt !== null)
    .toSorted((a, b) => (b.acknowledgedAt ?? 0) - (a.acknowledgedAt ?? 0))
  return {
    open: countsOf(open),
    waiting: countsOf(open.filter(({ state, inhibitedBy }) => state === 'firing' && inhibitedBy === null)),
    acknowledgedBy: [...new Set(taken.flatMap(({ acknowledgedBy }) => acknowledgedBy ?? []))],
  }
}

function countsOf(alerts: readonly Counted[]): Record<Severity, number> {
  const counts = Object.fromEntries(SEVERITIES.map((one) => [one, 0])) as Record<Severity, number>
  for (const { severity } of alerts) counts[severity] += 1
  return counts
}
