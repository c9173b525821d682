import { expect, it } from 'vitest'
import { unitOfMetric } from '../../../../src/renderer/features/deployment/live/groups/exposition.ts'

it.each([
  ['node_network_receive_bytes_total', 'bytes-per-second'],
  ['pg_database_size_bytes', 'bytes'],
  ['jobs_total', 'per-second'],
  ['request_duration_seconds_count', 'per-second'],
  ['app_usage_percent', 'percent'],
  ['app_cache_age_seconds', 'ratio'],
  ['queue_depth', 'ratio'],
])('%s is told as %s', (metric, unit) => {
  expect(unitOfMetric(metric)).toBe(unit)
})
