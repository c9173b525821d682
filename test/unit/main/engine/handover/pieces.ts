/** Alerts and records of a shift, for tests of what is made of them. */
import type { AuditRecord } from '../../../../../src/main/engine/audit/audit.ts'
import type { Gathered } from '../../../../../src/main/engine/handover/facts.ts'
import type { Alert } from '../../../../../src/shared/model/alert.ts'

export const START = Date.UTC(2026, 10, 28, 6)
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE

export function alertOf(rest: Partial<Alert> = {}): Alert {
  return {
    ...{ id: 'a1', rule: 'db-pool-utilization-high', deployment: 'shop', environment: 'production' },
    ...{
      subject: { probe: 'pool', target: 'postgres', labels: {} },
      severity: 'CRITICAL',
      state: 'resolved',
    },
    ...{ value: 95, threshold: 90, direction: 'above', unit: 'percent', incident: 'i1', cause: null },
    checklist: null,
    reason: { code: 'alert-db-pool-utilization-high', params: { value: 95, limit: 90, target: 'postgres' } },
    ...{ pendingSince: START, since: START + HOUR, endedAt: START + HOUR + 9 * MINUTE, ending: 'cleared' },
    ...{ reopened: 0, flapping: false, acknowledgedBy: null, acknowledgedAt: null, note: null },
    ...{ resolvedBy: null, silencedUntil: null, silencedBy: null, inhibitedBy: null },
    ...rest,
  }
}

export function recordOf(rest: Partial<AuditRecord> = {}): AuditRecord {
  return {
    ...{ id: 1, at: START + HOUR, hash: '' },
    actor: { id: 'token:anna', name: 'anna', role: 'OPERATOR', via: 'token' },
    ...{ action: 'alerts.acknowledge', target: 'a1', outcome: 'succeeded' },
    ...rest,
  }
}

export function gatheredOf(rest: Partial<Gathered> = {}): Gathered {
  return {
    ...{ period: { from: START, to: START + 8 * HOUR }, now: START + 8 * HOUR },
    ...{ alerts: [], open: [], silences: [], records: [], events: [], forecasts: [], notes: [] },
    ...{ spans: new Map(), titles: new Map() },
    cutShort: { alerts: false, records: false, forecasts: 0, watch: 0 },
    ...rest,
  }
}
