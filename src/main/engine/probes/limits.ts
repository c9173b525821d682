/**
 * Statuses against limits: the catalogue's, overridden by the profile's. A limit that was crossed is held until the
 * value is 5 % back on the good side where the metric wavers (percentages, times, rates), so that a status does not flap.
 */
import {
  LIMITED,
  type Limit,
  type LimitedMetric,
  type LimitOverrides,
  limitOf,
} from '#shared/catalogue/limits.ts'
import { METRICS, type MetricUnit } from '#shared/catalogue/metrics.ts'
import { badness, type Status } from '#shared/catalogue/statuses.ts'
import type { MetricValues } from '#shared/model/observation.ts'
import type { Reason } from '#shared/model/reason.ts'
import { type ReasonCode, reason } from './reason.ts'

export interface Finding {
  readonly status: Status
  readonly reason: Reason
}
export type Level = 'WARNING' | 'CRITICAL'
/** The limits that are crossed, by metric: memory of one look for the next. */
export type HeldLimits = Partial<Record<LimitedMetric, Level>>

const HYSTERESIS = 0.05
const WAVERING: ReadonlySet<MetricUnit> = new Set(['percent', 'milliseconds', 'per-second', 'per-minute'])

const CODES: Record<LimitedMetric, ReasonCode> = {
  db_pool_utilization: 'pool-utilization-high',
  db_pool_available: 'pool-available-low',
  db_pool_oldest_transaction_seconds: 'pool-transaction-old',
  db_pool_waiting: 'pool-clients-waiting',
  db_lock_waiting: 'pool-locks-waiting',
  db_replication_lag_seconds: 'pool-replication-lagging',
  db_xid_age_percent: 'pool-xid-age-high',
  db_mxid_age_percent: 'pool-mxid-age-high',
  db_prepared_transaction_seconds: 'pool-prepared-transaction-old',
  db_checksum_failures_total: 'pool-checksums-wrong',
  redis_latency_ms: 'redis-latency-high',
  redis_memory_usage: 'redis-memory-high',
  redis_hit_rate: 'redis-hit-rate-low',
  redis_operations_per_second: 'redis-load-high',
  redis_evictions_per_second: 'redis-evicting',
  redis_cpu_percent: 'redis-cpu-high',
  redis_replication_lag_seconds: 'redis-replication-lagging',
  tls_days_left: 'health-tls-expiring',
  system_cpu_percent: 'host-cpu-high',
  system_memory_percent: 'host-memory-high',
  system_disk_percent: 'host-disk-high',
  system_inodes_percent: 'host-inodes-high',
  http_errors_per_minute: 'traffic-errors-high',
  http_request_duration_ms: 'traffic-slow-mean',
  http_request_duration_p95_ms: 'traffic-slow-p95',
}

function crosses(metric: LimitedMetric, limit: Limit, at: number, value: number, held: boolean): boolean {
  const slack = held && WAVERING.has(METRICS[metric].unit) ? Math.abs(at) * HYSTERESIS : 0
  return limit.direction === 'above' ? value > at - slack : value < at + slack
}

/** Which of a metric's limits its value crosses, and that limit; `null` where it crosses none. */
function levelOf(
  metric: LimitedMetric,
  value: number,
  overrides: LimitOverrides,
  held: Level | undefined,
): { level: Level; limit: number } | null {
  const limit = limitOf(metric, overrides)
  const { warning, critical } = limit
  if (critical !== undefined && crosses(metric, limit, critical, value, held === 'CRITICAL')) {
    return { level: 'CRITICAL', limit: critical }
  }
  if (warning !== undefined && crosses(metric, limit, warning, value, held !== undefined)) {
    return { level: 'WARNING', limit: warning }
  }
  return null
}

/**
 * Every crossed limit as a finding, worst first, and what to remember for the next look.
 * @param params what texts say beside `value` and `limit`, by metric
 */
export function judgeLimits(options: {
  readonly values: MetricValues
  readonly overrides: LimitOverrides
  readonly held: HeldLimits
  readonly params?: Partial<Record<LimitedMetric, Reason['params']>>
}): { findings: Finding[]; held: HeldLimits } {
  const findings: Finding[] = []
  const held: HeldLimits = {}
  for (const metric of LIMITED) {
    const value = options.values[metric]
    if (value === null || value === undefined) continue
    const crossed = levelOf(metric, value, options.overrides, options.held[metric])
    if (crossed === null) continue
    held[metric] = crossed.level
    findings.push({
      status: crossed.level,
      reason: reason(CODES[metric], { value, limit: crossed.limit, ...options.params?.[metric] }),
    })
  }
  return { findings: byBadness(findings), held }
}

/** Findings from the worst to the least; equals stay in their order. */
export function byBadness(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => badness(b.status) - badness(a.status))
}
