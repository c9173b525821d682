/**
 * Where a metric's value turns a status to `WARNING` or `CRITICAL`, unless the profile's `limits` say otherwise.
 * `direction` tells which side is the bad one.
 */
import type { MetricName } from './metrics.ts'

export interface Limit {
  readonly direction: 'above' | 'below'
  readonly warning?: number | undefined
  readonly critical?: number | undefined
}

export const LIMITS = {
  db_pool_utilization: { direction: 'above', warning: 75, critical: 90 },
  db_pool_available: { direction: 'below', critical: 2 },
  db_pool_oldest_transaction_seconds: { direction: 'above', warning: 60, critical: 600 },
  db_pool_waiting: { direction: 'above', warning: 0 },
  db_lock_waiting: { direction: 'above', warning: 0, critical: 10 },
  db_replication_lag_seconds: { direction: 'above', warning: 60 },
  db_xid_age_percent: { direction: 'above', warning: 50, critical: 75 },
  db_mxid_age_percent: { direction: 'above', warning: 50, critical: 75 },
  db_prepared_transaction_seconds: { direction: 'above', warning: 300 },
  db_checksum_failures_total: { direction: 'above', critical: 0 },
  redis_latency_ms: { direction: 'above', warning: 100 },
  redis_memory_usage: { direction: 'above', warning: 75, critical: 85 },
  redis_hit_rate: { direction: 'below', warning: 80 },
  redis_operations_per_second: { direction: 'above', warning: 5000 },
  redis_evictions_per_second: { direction: 'above', warning: 0 },
  redis_cpu_percent: { direction: 'above', warning: 90 },
  redis_replication_lag_seconds: { direction: 'above', warning: 60 },
  tls_days_left: { direction: 'below', warning: 21, critical: 7 },
  system_cpu_percent: { direction: 'above', warning: 80 },
  system_memory_percent: { direction: 'above', warning: 85 },
  system_disk_percent: { direction: 'above', warning: 80, critical: 90 },
  system_inodes_percent: { direction: 'above', warning: 80, critical: 90 },
  http_errors_per_minute: { direction: 'above', warning: 10, critical: 100 },
  http_request_duration_ms: { direction: 'above', warning: 5000 },
  http_request_duration_p95_ms: { direction: 'above', warning: 5000 },
} as const satisfies Partial<Record<MetricName, Limit>>

export type LimitedMetric = keyof typeof LIMITS
export const LIMITED = Object.keys(LIMITS) as LimitedMetric[]

/** What a profile says instead of the catalogue, by metric. */
export type LimitOverrides = Readonly<
  Partial<
    Record<LimitedMetric, { readonly warning?: number | undefined; readonly critical?: number | undefined }>
  >
>

/** The limit of a metric: the catalogue's with the profile's on top. */
export function limitOf(metric: LimitedMetric, overrides: LimitOverrides): Limit {
  const override = overrides[metric]
  const standard: Limit = LIMITS[metric]
  return {
    direction: standard.direction,
    warning: override?.warning ?? standard.warning,
    critical: override?.critical ?? standard.critical,
  }
}

export function isLimited(metric: MetricName): metric is LimitedMetric {
  return Object.hasOwn(LIMITS, metric)
}
