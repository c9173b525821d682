/** Alerts for tests, complete and plausible; what a test is about is given. */
import type { Alert } from '../../../../src/shared/model/alert.ts'
import { NOON } from './fleet-row.ts'

export function anAlert(given: Partial<Alert> & { id: string }): Alert {
  return {
    rule: 'db-pool-utilization-high',
    deployment: 'shop',
    environment: 'production',
    subject: { probe: 'pool', target: 'postgres', labels: {} },
    severity: 'CRITICAL',
    state: 'firing',
    value: 95,
    threshold: 90,
    direction: 'above',
    unit: 'percent',
    reason: {
      code: 'alert-db-pool-utilization-high',
      params: { value: 95, limit: 90, target: 'postgres' },
    },
    checklist: null,
    pendingSince: NOON - 5_000,
    since: NOON,
    endedAt: null,
    ending: null,
    reopened: 0,
    flapping: false,
    acknowledgedBy: null,
    acknowledgedAt: null,
    note: null,
    resolvedBy: null,
    silencedUntil: null,
    silencedBy: null,
    inhibitedBy: null,
    incident: `incident of ${given.id}`,
    cause: null,
    ...given,
  }
}
