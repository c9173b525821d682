/** The charts of a PostgreSQL and its connection pool. */
import { COUNT, type GroupDefinition, line, rate, SECONDS, SMALL } from './definition.ts'

export const POOL: GroupDefinition = {
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
