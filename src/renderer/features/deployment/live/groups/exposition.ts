/** The charts of an exposition of the profile: one for each metric that is kept of it. */
import type { MetricUnit } from '#shared/catalogue/metrics.ts'
import { type GroupDefinition, SMALL } from './definition.ts'

export const EXPOSITION: GroupDefinition = {
  id: 'exposition',
  probes: ['exposition'],
  charts: [],
  labelled: [
    {
      id: 'exposition-metric',
      probe: 'exposition',
      unit: 'count',
      scale: SMALL,
      lines: [],
      labelled: 'exposition_value',
      per: 'metric',
      unitOf: unitOfMetric,
    },
  ],
}

/**
 * What a metric is measured in, as Prometheus' naming has it (https://prometheus.io/docs/practices/naming/): a counter is told per
 * second. Of others nobody knows: figures with two places. So are seconds, which are mostly small parts of one.
 */
export function unitOfMetric(metric: string): MetricUnit {
  if (metric.endsWith('_bytes_total')) return 'bytes-per-second'
  if (metric.endsWith('_bytes')) return 'bytes'
  if (/_(total|count)$/.test(metric)) return 'per-second'
  return metric.endsWith('_percent') ? 'percent' : 'ratio'
}
