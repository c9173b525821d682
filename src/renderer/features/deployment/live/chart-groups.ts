/** Which charts there are, in which groups and what each draws: data, in the order of the screen. */

import type { LabelledMetric } from '#shared/catalogue/labelled.ts'
import type { MetricName, MetricUnit } from '#shared/catalogue/metrics.ts'
import type { ProbeId } from '#shared/catalogue/probes.ts'
import type { uiDeployment } from '#shared/locales/en/ui-deployment.ts'
import type { ChartSeries } from '../../../components/charts/series.ts'
import type { ValueScale } from '../../../components/charts/value-scale.ts'

/** Metrics that have a name on a chart. */
export type ChartedMetric = MetricName & NameIn<'metric.'>
type NameIn<Prefix extends string> = keyof typeof uiDeployment extends infer Key
  ? Key extends `${Prefix}${infer Rest}`
    ? Rest
    : never
  : never

export interface LineDefinition {
  readonly metric: ChartedMetric
  readonly role: ChartSeries['role']
  /** Drawn as increase per minute: for counters. */
  readonly rate?: true
}

export interface ChartDefinition {
  /** Key of its title: `live.chart-ID`. */
  readonly id: NameIn<'live.chart-'>
  readonly probe: ProbeId
  readonly unit: MetricUnit
  readonly scale: ValueScale
  readonly lines: readonly LineDefinition[]
  /** The metric whose limits are drawn. */
  readonly limits?: MetricName
  /** Flags are drawn as lanes. */
  readonly lanes?: true
}

/** A chart whose lines are the labels of a metric; there is none while nothing was seen of it. */
export interface LabelledChart extends ChartDefinition {
  readonly labelled: LabelledMetric
  /** A label for each of whose values there is a chart of its own. */
  readonly per?: string
}

export interface GroupDefinition {
  readonly id: 'pool' | 'redis' | 'host' | 'service'
  /** The probes whose targets the group is repeated for. */
  readonly probes: readonly ProbeId[]
  readonly charts: readonly ChartDefinition[]
  readonly labelled?: readonly LabelledChart[]
}

const PERCENT: ValueScale = { kind: 'percent', atLeast: 100 }
const COUNT: ValueScale = { kind: 'from-zero', atLeast: 4 }
const SECONDS: ValueScale = { kind: 'from-zero', atLeast: 2 }
const MILLISECONDS: ValueScale = { kind: 'from-zero', atLeast: 2 }
const SMALL: ValueScale = { kind: 'from-zero', atLeast: 1 }

const line = (metric: ChartedMetric, role: ChartSeries['role'] = 'primary'): LineDefinition => ({
  metric,
  role,
})
const rate = (metric: ChartedMetric, role: ChartSeries['role'] = 'primary'): LineDefinition => ({
  metric,
  role,
  rate: true,
})

const POOL: GroupDefinition = {
  id: 'pool',
  probes: ['pool'],
  charts: [
    {
      id: 'pool-connections',
      probe: 'pool',
      unit: 'connections',
      scale: COUNT,
      lines: [line('db_pool_checked_out'), line('db_pool_size', 'bound')],
    },
    {
      id: 'pool-waiting',
      probe: 'pool',
      unit: 'clients',
      scale: COUNT,
      lines: [line('db_pool_waiting'), line('db_lock_waiting', 'second')],
      limits: 'db_lock_waiting',
    },
    {
      id: 'pool-idle-in-transaction',
      probe: 'pool',
      unit: 'connections',
      scale: COUNT,
      lines: [line('db_pool_idle_in_transaction')],
    },
    {
      id: 'pool-oldest-transaction',
      probe: 'pool',
      unit: 'seconds',
      scale: SECONDS,
      lines: [line('db_pool_oldest_transaction_seconds')],
      limits: 'db_pool_oldest_transaction_seconds',
    },
    {
      id: 'pool-slow-statements',
      probe: 'pool',
      unit: 'per-minute',
      scale: SMALL,
      lines: [rate('db_pool_slow_queries_total')],
    },
    {
      id: 'pool-sessions',
      probe: 'pool',
      unit: 'per-minute',
      scale: SMALL,
      lines: [rate('db_pool_connections_opened_total'), rate('db_pool_connection_errors_total', 'second')],
    },
  ],
  labelled: [
    {
      id: 'pool-query',
      probe: 'pool',
      unit: 'count',
      scale: SMALL,
      lines: [],
      labelled: 'db_query_value',
      per: 'query',
    },
  ],
}

const REDIS: GroupDefinition = {
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

const HOST: GroupDefinition = {
  id: 'host',
  probes: ['host'],
  charts: [
    {
      id: 'host-cpu',
      probe: 'host',
      unit: 'percent',
      scale: PERCENT,
      lines: [line('system_cpu_percent')],
      limits: 'system_cpu_percent',
    },
    {
      id: 'host-memory',
      probe: 'host',
      unit: 'percent',
      scale: PERCENT,
      lines: [line('system_memory_percent')],
      limits: 'system_memory_percent',
    },
    {
      id: 'host-disk',
      probe: 'host',
      unit: 'percent',
      scale: PERCENT,
      lines: [line('system_disk_percent'), line('system_inodes_percent', 'second')],
      limits: 'system_disk_percent',
    },
    {
      id: 'host-load',
      probe: 'host',
      unit: 'load',
      scale: SMALL,
      lines: [line('system_load1')],
    },
  ],
}

const SERVICE: GroupDefinition = {
  id: 'service',
  probes: ['traffic', 'health'],
  charts: [
    {
      id: 'traffic-requests',
      probe: 'traffic',
      unit: 'per-second',
      scale: SMALL,
      lines: [line('http_requests_per_second')],
    },
    {
      id: 'traffic-errors',
      probe: 'traffic',
      unit: 'per-minute',
      scale: SMALL,
      lines: [line('http_errors_per_minute')],
      limits: 'http_errors_per_minute',
    },
    {
      id: 'traffic-duration',
      probe: 'traffic',
      unit: 'milliseconds',
      scale: MILLISECONDS,
      lines: [line('http_request_duration_p95_ms'), line('http_request_duration_ms', 'second')],
      limits: 'http_request_duration_p95_ms',
    },
    {
      id: 'health-answers',
      probe: 'health',
      unit: 'flag',
      scale: SMALL,
      lines: [line('health_live'), line('health_ready')],
      lanes: true,
    },
    {
      id: 'health-latency',
      probe: 'health',
      unit: 'milliseconds',
      scale: MILLISECONDS,
      lines: [line('health_latency_ms')],
    },
  ],
  labelled: [
    {
      id: 'health-request-latency',
      probe: 'health',
      unit: 'milliseconds',
      scale: MILLISECONDS,
      lines: [],
      labelled: 'http_probe_latency_ms',
    },
    {
      id: 'health-request-value',
      probe: 'health',
      unit: 'count',
      scale: SMALL,
      lines: [],
      labelled: 'http_probe_value',
      per: 'request',
    },
    {
      id: 'traffic-path-requests',
      probe: 'traffic',
      unit: 'per-second',
      scale: SMALL,
      lines: [],
      labelled: 'http_path_requests_per_second',
    },
    {
      id: 'traffic-path-errors',
      probe: 'traffic',
      unit: 'per-minute',
      scale: SMALL,
      lines: [],
      labelled: 'http_path_errors_per_minute',
    },
    {
      id: 'traffic-path-duration',
      probe: 'traffic',
      unit: 'milliseconds',
      scale: MILLISECONDS,
      lines: [],
      labelled: 'http_path_duration_ms',
      limits: 'http_request_duration_ms',
    },
  ],
}

export const CHART_GROUPS: readonly GroupDefinition[] = [POOL, REDIS, SERVICE, HOST]

/** Every metric that the charts draw, each once: what one call asks the history for. */
export const CHARTED_METRICS: (ChartedMetric | LabelledMetric)[] = [
  ...new Set(
    CHART_GROUPS.flatMap(({ charts, labelled = [] }) => [
      ...charts.flatMap(({ lines }) => lines.map((one) => one.metric)),
      ...labelled.map((chart) => chart.labelled),
    ]),
  ),
]
