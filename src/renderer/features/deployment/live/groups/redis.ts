/** The charts of a Redis. */
import { COUNT, type GroupDefinition, line, MILLISECONDS, PERCENT, SECONDS, SMALL } from './definition.ts'

export const REDIS: GroupDefinition = {
  id: 'redis',
  probes: ['redis'],
  charts: [
    {
      id: 'redis-memory',
      probe: 'redis',
      unit: 'percent',
      scale: PERCENT,
      lines: [line('redis_memory_usage')],
      limits: 'redis_memory_usage',
    },
    {
      id: 'redis-hit-rate',
      probe: 'redis',
      unit: 'percent',
      scale: PERCENT,
      lines: [line('redis_hit_rate')],
      limits: 'redis_hit_rate',
    },
    {
      id: 'redis-operations',
      probe: 'redis',
      unit: 'per-second',
      scale: SMALL,
      lines: [line('redis_operations_per_second')],
      limits: 'redis_operations_per_second',
    },
    {
      id: 'redis-latency',
      probe: 'redis',
      unit: 'milliseconds',
      scale: MILLISECONDS,
      lines: [line('redis_latency_ms')],
      limits: 'redis_latency_ms',
    },
    {
      id: 'redis-clients',
      probe: 'redis',
      unit: 'clients',
      scale: COUNT,
      lines: [line('redis_connected_clients'), line('redis_blocked_clients', 'second')],
    },
    {
      id: 'redis-evictions',
      probe: 'redis',
      unit: 'per-second',
      scale: SMALL,
      lines: [line('redis_evictions_per_second')],
      limits: 'redis_evictions_per_second',
    },
  ],
  labelled: [
    { id: 'redis-queues', probe: 'redis', unit: 'count', scale: COUNT, lines: [], labelled: 'queue_length' },
    {
      id: 'redis-queue-age',
      probe: 'redis',
      unit: 'seconds',
      scale: SECONDS,
      lines: [],
      labelled: 'queue_oldest_seconds',
    },
  ],
}
