/** The alerts of the fleet that wait for somebody. Pure. */
import { mostUrgent, SEVERITIES, type Severity } from '#shared/catalogue/severities.ts'
import type { FleetRow } from '#shared/model/fleet.ts'

export interface AlertsWaiting {
  readonly count: number
  /** How urgent the worst of them is; `null` where there are none. */
  readonly worst: Severity | null
}

export function waitingIn(rows: readonly Pick<FleetRow, 'alerts'>[]): AlertsWaiting {
  let count = 0
  let worst: Severity | null = null
  for (const { alerts } of rows) {
    for (const severity of SEVERITIES) {
      if (alerts.waiting[severity] === 0) continue
      count += alerts.waiting[severity]
      worst = worst === null ? severity : mostUrgent([worst, severity])
    }
  }
  return { count, worst }
}
