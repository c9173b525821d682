/** What a deployment has to have so that a metric is told of it; in words as `lack-…` of `locales/<language>/profile.ts`. */
import type { LabelledMetric } from './labelled.ts'
import type { MetricDefinition, MetricName } from './metrics.ts'
import type { ProbeId } from './probes.ts'

export const LACKS = [
  'service',
  'postgres',
  'redis',
  'host',
  'metrics-path',
  'exposition',
  'queue',
  'query',
  'request',
  'request-value',
  'https',
  'ready-path',
] as const
export type Lack = (typeof LACKS)[number]

const OF_PROBE: Record<ProbeId, Lack> = {
  health: 'service',
  pool: 'postgres',
  redis: 'redis',
  host: 'host',
  traffic: 'metrics-path',
  exposition: 'exposition',
}

const OF_METRIC: Partial<Record<MetricName | LabelledMetric, Lack>> = {
  queue_length: 'queue',
  queue_oldest_seconds: 'queue',
  db_query_value: 'query',
  http_probe_ok: 'request',
  http_probe_latency_ms: 'request',
  http_probe_value: 'request-value',
  tls_days_left: 'https',
  health_ready: 'ready-path',
}

/** What is missing where nothing fills a metric. */
export function lackOf(metric: string, { probe }: Pick<MetricDefinition, 'probe'>): Lack {
  return OF_METRIC[metric as MetricName] ?? OF_PROBE[probe]
}
