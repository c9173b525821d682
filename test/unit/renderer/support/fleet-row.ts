/** Rows and observations for tests, complete and plausible; what a test is about is given. */
import { FLEET_METRICS } from '../../../../src/shared/catalogue/metrics.ts'
import type { FleetRow } from '../../../../src/shared/model/fleet.ts'
import type { Observation } from '../../../../src/shared/model/observation.ts'

export const NOON = Date.UTC(2026, 10, 21, 12)

const NO_ALERTS = { INFO: 0, WARNING: 0, CRITICAL: 0, EMERGENCY: 0 }

export function fleetRow(given: Partial<FleetRow> & { name: string }): FleetRow {
  return {
    environment: 'staging',
    description: null,
    tags: [],
    paused: false,
    connection: 'CONNECTED',
    status: 'HEALTHY',
    probe: 'health',
    reason: { code: 'health-live', params: { latency: 12 } },
    cause: null,
    since: NOON - 600_000,
    alerts: { open: NO_ALERTS, waiting: NO_ALERTS, acknowledgedBy: [] },
    backups: { isConfigured: false, lastGoodAt: null, isStale: false, recoveryMs: null },
    at: Date.now(),
    heartbeat: Array.from({ length: 60 }, () => 'HEALTHY' as const),
    heartbeatAt: NOON,
    sparklines: FLEET_METRICS.map((metric) => ({
      metric,
      value: 40,
      limit: 90,
      points: Array.from({ length: 60 }, () => 40),
    })),
    ...given,
  }
}

export function observation(given: Partial<Observation> & { deployment: string }): Observation {
  return {
    probe: 'pool',
    target: 'postgres',
    at: NOON,
    status: 'HEALTHY',
    reason: { code: 'pool-healthy', params: { checkedOut: 3, size: 40, available: 37 } },
    values: { db_pool_checked_out: 3 },
    cost: { ms: 2, rows: 1, bytes: 100 },
    ...given,
  }
}
