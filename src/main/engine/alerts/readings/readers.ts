/** Which reader a condition has: one table, where whatever can be read is listed. */
import { isLabelled, LABELLED } from '#shared/catalogue/labelled.ts'
import { METRICS, type MetricDefinition } from '#shared/catalogue/metrics.ts'
import type { ProbeId } from '#shared/catalogue/probes.ts'
import type { SpecialReading } from '#shared/catalogue/rules.ts'
import type { AlertCondition, AlertRule } from '#shared/model/alert-rule.ts'
import type { RehearsalDoubt } from '#shared/model/rehearsal.ts'
import { readEach } from './each.ts'
import { readMetrics } from './metrics.ts'
import { readAbsence, readForecast, readRate } from './over-time.ts'
import type { Reader } from './reading.ts'
import {
  PATH_TIMES,
  readActive,
  readBackupAge,
  readDrillFailed,
  readHitRate,
  readHostKeyChanged,
  readPersistence,
  readRedisMemory,
  readSlowPaths,
  readSlowQueries,
  readUnreachable,
  SERVICE_TIMES,
  type WholeReader,
} from './special.ts'

type Special =
  | {
      readonly probe: ProbeId
      readonly create: () => Reader
      /** Of what it reads those that the history has. */
      readonly metrics: readonly string[]
      /** What it reads that the history has not, and what is assumed of that in a rehearsal. */
      readonly doubts?: readonly RehearsalDoubt[]
    }
  | { readonly probe: null; readonly read: WholeReader }

const SPECIAL: Record<SpecialReading, Special> = {
  'slow-queries': {
    probe: 'pool',
    create: readSlowQueries,
    metrics: ['db_pool_slow_queries_total', 'db_longest_statement_seconds'],
  },
  'redis-memory': {
    probe: 'redis',
    create: readRedisMemory,
    metrics: ['redis_memory_usage', 'redis_evictions_per_second'],
    doubts: ['policy-of-now'],
  },
  'redis-hit-rate': {
    probe: 'redis',
    create: readHitRate,
    metrics: ['redis_keyspace_hits_total', 'redis_keyspace_misses_total', 'redis_hit_rate'],
  },
  'slow-paths': {
    probe: 'traffic',
    create: readSlowPaths,
    metrics: [...PATH_TIMES, ...SERVICE_TIMES],
  },
  'persistence-failing': {
    probe: 'redis',
    create: readPersistence,
    metrics: ['redis_last_save_ok', 'redis_aof_ok'],
    doubts: ['refused-writes'],
  },
  'active-alerts': { probe: null, read: readActive },
  unreachable: { probe: null, read: readUnreachable },
  'host-key-changed': { probe: null, read: readHostKeyChanged },
  'backup-age': { probe: null, read: readBackupAge },
  'drill-failed': { probe: null, read: readDrillFailed },
}

/** What is declared of a metric, with or without labels; `null`: there is none of that name. */
export function metricNamed(name: string): MetricDefinition | null {
  const known: Readonly<Record<string, MetricDefinition>> = { ...LABELLED, ...METRICS }
  return Object.hasOwn(known, name) ? (known[name] ?? null) : null
}

/** The metrics that a condition names. */
export function metricsIn(condition: AlertCondition): readonly string[] {
  if (condition.kind === 'metrics') return condition.metrics
  return 'metric' in condition ? [condition.metric] : []
}

/** The metrics that a condition is read from, whether it names them or not. */
export function metricsRead(condition: AlertCondition): readonly string[] {
  if (condition.kind !== 'special') return metricsIn(condition)
  const special = SPECIAL[condition.reading]
  return special.probe === null ? [] : special.metrics
}

/** What has to be assumed of a condition that is read from the history. */
export function doubtsOf(condition: AlertCondition): readonly RehearsalDoubt[] {
  if (condition.kind !== 'special') return []
  const special = SPECIAL[condition.reading]
  return special.probe === null ? [] : (special.doubts ?? [])
}

/** Whose looks a condition is read from; none where it is of a deployment as a whole. */
export function probesOf(condition: AlertCondition): ReadonlySet<ProbeId> {
  if (condition.kind === 'special') {
    const { probe } = SPECIAL[condition.reading]
    return new Set(probe === null ? [] : [probe])
  }
  return new Set(metricsIn(condition).flatMap((name) => metricNamed(name)?.probe ?? []))
}

/** A reader of its own for each target of that probe; `null` where there is nothing to read. */
export function createReader({ condition, direction, levels }: AlertRule, probe: ProbeId): Reader | null {
  switch (condition.kind) {
    case 'metrics': {
      const metrics = condition.metrics.filter((name) => metricNamed(name)?.probe === probe)
      return metrics.length === 0 ? null : readMetrics(metrics, direction)
    }
    case 'special': {
      const special = SPECIAL[condition.reading]
      return special.probe === probe ? special.create() : null
    }
    case 'rate': {
      const isCounter = metricNamed(condition.metric)?.kind === 'counter'
      return ofEach(condition, () => readRate(condition, isCounter))
    }
    case 'absence': {
      const clear = levels[0]?.clear ?? 0
      const isEnough = (seconds: number) => (direction === 'above' ? seconds > clear : seconds >= clear)
      return ofEach(condition, () => readAbsence(condition, isEnough))
    }
    case 'forecast':
      return ofEach(condition, () => readForecast(condition))
  }
}

function ofEach({ kind, metric }: Extract<AlertCondition, { metric: string }>, create: () => Reader): Reader {
  return isLabelled(metric) ? readEach(metric, create, { tellsOfMissing: kind === 'absence' }) : create()
}

/** What is read of a deployment as a whole; `null` where a condition is of single targets. */
export function wholeReader({ condition }: Pick<AlertRule, 'condition'>): WholeReader | null {
  if (condition.kind !== 'special') return null
  const special = SPECIAL[condition.reading]
  return special.probe === null ? special.read : null
}
