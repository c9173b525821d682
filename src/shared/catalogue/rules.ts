/**
 * The rules that every installation starts with: what they look at, where their line is, how urgent they are in production.
 * People change all of it but the condition. A rule that has nothing to look at anywhere is inert, and says so.
 */
import type { LabelledMetric } from './labelled.ts'
import type { MetricName, MetricUnit } from './metrics.ts'
import type { Severity } from './severities.ts'

/** What a rule reads where it is more than a metric's value. */
export const SPECIAL_READINGS = [
  'slow-queries',
  'redis-memory',
  'redis-hit-rate',
  'slow-paths',
  'persistence-failing',
  'active-alerts',
  'unreachable',
  'host-key-changed',
  'backup-age',
  'drill-failed',
] as const
export type SpecialReading = (typeof SPECIAL_READINGS)[number]

/** Why a rule does nothing: no deployment has what it looks at, or it is for none. */
export const INERT = ['no-backups', 'no-drills', 'for-nothing', 'sees-nothing'] as const
export type Inert = (typeof INERT)[number]

/** From how much on it is how urgent, and where that ends: the clear line lies on the good side of the threshold, or on it. */
export interface RuleLevel {
  readonly severity: Severity
  readonly threshold: number
  readonly clear: number
}

export type RuleCondition =
  /** The worst of some metrics of a target; of one with labels each by itself. */
  | { readonly kind: 'metrics'; readonly metrics: readonly (MetricName | LabelledMetric)[] }
  | { readonly kind: 'special'; readonly reading: SpecialReading }

export interface RuleDefinition {
  readonly condition: RuleCondition
  /** The bad side of the thresholds. */
  readonly direction: 'above' | 'below'
  readonly unit: MetricUnit
  /** From the least to the most urgent. */
  readonly levels: readonly RuleLevel[]
}

/** How many looks it takes to fire and to clear, and how long the same is not said again, unless a rule says otherwise. */
export const FIRE_AFTER_LOOKS = 2
export const CLEAR_AFTER_LOOKS = 3
export const COOLDOWN_SECONDS = 300

type Metrics = readonly [MetricName | LabelledMetric, ...(MetricName | LabelledMetric)[]]

function above(metrics: Metrics, unit: MetricUnit, ...levels: RuleLevel[]): RuleDefinition {
  return { condition: { kind: 'metrics', metrics }, direction: 'above', unit, levels }
}
function below(metrics: Metrics, unit: MetricUnit, ...levels: RuleLevel[]): RuleDefinition {
  return { condition: { kind: 'metrics', metrics }, direction: 'below', unit, levels }
}
function special(reading: SpecialReading, unit: MetricUnit, ...levels: RuleLevel[]): RuleDefinition {
  return { condition: { kind: 'special', reading }, direction: 'above', unit, levels }
}
function at(severity: Severity, threshold: number, clear = threshold): RuleLevel {
  return { severity, threshold, clear }
}
/** A flag that should be 1. */
function notSet(severity: Severity, ...metrics: Metrics): RuleDefinition {
  return below(metrics, 'flag', at(severity, 1))
}

export const RULES = {
  'db-pool-utilization-high': above(['db_pool_utilization'], 'percent', at('CRITICAL', 90, 85)),
  'db-pool-available-low': below(['db_pool_available'], 'connections', at('CRITICAL', 2)),
  'db-slow-queries': special('slow-queries', 'milliseconds', at('WARNING', 1_000)),
  'redis-disconnected': notSet('EMERGENCY', 'redis_connected'),
  'redis-memory-high': special('redis-memory', 'percent', at('CRITICAL', 85, 80)),
  'redis-hit-rate-low': {
    condition: { kind: 'special', reading: 'redis-hit-rate' },
    direction: 'below',
    unit: 'percent',
    levels: [at('WARNING', 80, 85)],
  },
  'redis-load-high': above(['redis_operations_per_second'], 'per-second', at('WARNING', 5_000, 4_500)),
  'system-memory-high': above(['system_memory_percent'], 'percent', at('WARNING', 85, 80)),
  'system-cpu-high': above(['system_cpu_percent'], 'percent', at('WARNING', 80, 75)),
  'system-disk-high': above(['system_disk_percent'], 'percent', at('CRITICAL', 90, 88)),
  'alerts-active-high': special('active-alerts', 'count', at('WARNING', 10)),
  'http-errors-high': above(['http_errors_per_minute'], 'per-minute', at('CRITICAL', 100, 90)),
  'http-requests-slow': special('slow-paths', 'milliseconds', at('WARNING', 5_000, 4_500)),
  'service-not-ready': notSet('EMERGENCY', 'health_live', 'health_ready'),
  // The line is the profile's own: what may be lost, and the time that a backup takes.
  'backup-stale': special('backup-age', 'seconds', at('CRITICAL', 86_400)),

  'deployment-unreachable': special('unreachable', 'flag', at('EMERGENCY', 0)),
  'postgres-down': notSet('EMERGENCY', 'db_up'),
  'host-key-changed': special('host-key-changed', 'flag', at('EMERGENCY', 0)),
  'redis-persistence-failing': special('persistence-failing', 'flag', at('CRITICAL', 0)),
  'replication-lag-high': above(
    ['db_replication_lag_seconds', 'redis_replication_lag_seconds'],
    'seconds',
    at('WARNING', 60, 45),
  ),
  'xid-wraparound': above(['db_xid_age_percent', 'db_mxid_age_percent'], 'percent', at('CRITICAL', 75, 70)),
  'tls-expiring': below(['tls_days_left'], 'days', at('WARNING', 21), at('CRITICAL', 7)),
  'drill-failed': special('drill-failed', 'flag', at('CRITICAL', 0)),
} as const satisfies Record<string, RuleDefinition>

export type RuleId = keyof typeof RULES
export const RULE_IDS = Object.keys(RULES) as RuleId[]

export function isRuleId(id: string): id is RuleId {
  return Object.hasOwn(RULES, id)
}
