/**
 * Every metric, declared once: which probe fills it, its unit, its kind and where it comes from.
 * Rates and ratios are over the last interval, never since boot; a counter that went backwards is a restart.
 */
import type { ProbeId } from './probes.ts'

export type MetricUnit =
  | 'connections'
  | 'clients'
  | 'backends'
  | 'count'
  | 'percent'
  | 'ratio'
  | 'seconds'
  | 'milliseconds'
  | 'bytes'
  | 'bytes-per-second'
  | 'flag'
  | 'per-second'
  | 'per-minute'
  | 'days'
  | 'load'
export type MetricKind = 'gauge' | 'counter'

export interface MetricDefinition {
  readonly probe: ProbeId
  readonly unit: MetricUnit
  readonly kind: MetricKind
  /** What it is and where it comes from: the HELP line of the exposition. */
  readonly help: string
}

function gauge<P extends ProbeId>(probe: P, unit: MetricUnit, help: string) {
  return { probe, unit, kind: 'gauge' as const, help }
}
function counter<P extends ProbeId>(probe: P, help: string) {
  return { probe, unit: 'count' as const, kind: 'counter' as const, help }
}

export const METRICS = {
  db_pool_size: gauge(
    'pool',
    'connections',
    'Connections that the application may open: declared, else as its monitoring endpoint tells, else the smallest of role, database and server limits less reserved',
  ),
  db_pool_checked_out: gauge('pool', 'connections', "The application's backends that are not idle"),
  db_pool_checked_in: gauge('pool', 'connections', "The application's idle backends"),
  db_pool_overflow: gauge('pool', 'connections', "The application's backends beyond the declared pool size"),
  db_pool_available: gauge('pool', 'connections', 'Pool size less checked-out connections'),
  db_pool_utilization: gauge('pool', 'percent', 'Checked-out connections as a share of the pool size'),
  db_pool_waiting: gauge('pool', 'clients', 'Clients waiting for a connection, as the application tells'),
  db_pool_idle_in_transaction: gauge(
    'pool',
    'connections',
    "The application's backends that are idle in a transaction",
  ),
  db_pool_oldest_transaction_seconds: gauge(
    'pool',
    'seconds',
    "Age of the application's oldest open transaction",
  ),
  db_pool_connections_opened_total: counter(
    'pool',
    'Sessions opened in the database (pg_stat_database.sessions; PostgreSQL 14 on)',
  ),
  db_pool_connection_errors_total: counter(
    'pool',
    'Sessions abandoned, fatal or killed (pg_stat_database; PostgreSQL 14 on)',
  ),
  db_pool_slow_queries_total: counter('pool', 'Statements seen running over 1000 ms, each counted once'),

  db_up: gauge('pool', 'flag', 'Whether PostgreSQL answered'),
  db_lock_waiting: gauge('pool', 'backends', "The application's backends that wait for a lock"),
  db_replication_lag_seconds: gauge(
    'pool',
    'seconds',
    'Replay delay of the slowest standby, or of this server where it is one',
  ),
  db_replication_lag_bytes: gauge(
    'pool',
    'bytes',
    'WAL that the furthest-behind standby has yet to replay; on a standby, what it has received and not replayed',
  ),
  db_slot_retained_wal_bytes: gauge('pool', 'bytes', 'WAL that the furthest-behind replication slot retains'),
  db_archive_failures_total: counter('pool', 'Failed attempts to archive WAL (pg_stat_archiver)'),
  db_xid_age_percent: gauge(
    'pool',
    'percent',
    'Age of the oldest transaction id as a share of the wraparound limit',
  ),
  db_mxid_age_percent: gauge(
    'pool',
    'percent',
    'Age of the oldest multixact id as a share of the wraparound limit',
  ),
  db_size_bytes: gauge('pool', 'bytes', 'Size of the database'),
  db_transactions_per_second: gauge(
    'pool',
    'per-second',
    'Transactions of the database that ended, committed or rolled back, over the last interval',
  ),
  db_rollbacks_per_second: gauge('pool', 'per-second', 'Transactions rolled back, over the last interval'),
  db_cache_hit_percent: gauge(
    'pool',
    'percent',
    'Blocks found in shared buffers of those that the database asked for, over the last interval',
  ),
  db_deadlocks_total: counter('pool', 'Deadlocks that the database broke (pg_stat_database)'),
  db_conflicts_total: counter('pool', 'Queries cancelled on a standby for the sake of recovery'),
  db_checksum_failures_total: counter(
    'pool',
    'Blocks whose checksum was wrong (pg_stat_database; null where checksums are off)',
  ),
  db_temp_bytes_per_second: gauge(
    'pool',
    'bytes-per-second',
    'Written to temporary files, over the last interval: told when a statement ends',
  ),
  db_wal_bytes_per_second: gauge('pool', 'bytes-per-second', 'WAL written, over the last half minute'),
  db_checkpoints_timed_total: counter('pool', 'Checkpoints that came by the clock'),
  db_checkpoints_requested_total: counter('pool', 'Checkpoints that were asked for, as by much WAL'),
  db_server_connections: gauge('pool', 'connections', 'Client connections to the whole server'),
  db_server_connections_percent: gauge(
    'pool',
    'percent',
    'Client connections as a share of max_connections less what is reserved',
  ),
  db_longest_statement_seconds: gauge(
    'pool',
    'seconds',
    'How long the longest statement of the application has been running',
  ),
  db_autovacuum_workers: gauge('pool', 'backends', 'Workers of autovacuum that run, on the whole server'),
  db_prepared_transaction_seconds: gauge(
    'pool',
    'seconds',
    'Age of the oldest prepared transaction of the server; 0 where there is none',
  ),
  db_standby: gauge('pool', 'flag', 'Whether this server is a standby'),
  db_standbys: gauge('pool', 'count', 'Standbys that receive WAL from this server'),
  db_slots_inactive: gauge('pool', 'count', 'Replication slots that nobody reads'),

  redis_connected: gauge('redis', 'flag', 'Whether Redis answered PING'),
  redis_latency_ms: gauge('redis', 'milliseconds', 'Round trip of PING'),
  redis_uptime_seconds: gauge('redis', 'seconds', 'Time since Redis started'),
  redis_connected_clients: gauge('redis', 'clients', 'Connected clients'),
  redis_blocked_clients: gauge('redis', 'clients', 'Clients waiting in a blocking command'),
  redis_memory_used_bytes: gauge('redis', 'bytes', 'Memory that Redis uses'),
  redis_memory_usage: gauge(
    'redis',
    'percent',
    "Used memory as a share of maxmemory; of the host's memory where there is no limit",
  ),
  redis_memory_fragmentation_ratio: gauge('redis', 'ratio', 'Resident memory over used memory'),
  redis_hit_rate: gauge('redis', 'percent', 'Key lookups that hit, over the last interval'),
  redis_operations_per_second: gauge(
    'redis',
    'per-second',
    'Commands processed per second, over the last interval',
  ),
  redis_commands_processed_total: counter('redis', 'Commands processed'),
  redis_keys_total: gauge('redis', 'count', 'Keys in all databases'),
  redis_expired_keys_total: counter('redis', 'Keys that expired'),
  redis_evicted_keys_total: counter('redis', 'Keys evicted for want of memory'),
  redis_slow_commands_total: counter('redis', 'Commands that entered the slow log'),
  redis_persistence_age_seconds: gauge('redis', 'seconds', 'Time since the last successful save'),

  redis_last_save_ok: gauge('redis', 'flag', 'Whether the last background save succeeded'),
  redis_aof_ok: gauge('redis', 'flag', 'Whether the last append-only write and rewrite succeeded'),
  redis_replication_lag_seconds: gauge(
    'redis',
    'seconds',
    'Time since the primary was last heard, or since the slowest replica acknowledged',
  ),
  redis_evictions_per_second: gauge('redis', 'per-second', 'Keys evicted per second, over the last interval'),
  redis_cpu_percent: gauge(
    'redis',
    'percent',
    'Processor time of the thread that runs commands, over the last interval; of the whole process before 7.0',
  ),
  redis_clients_usage: gauge('redis', 'percent', 'Connected clients as a share of maxclients (6.2 on)'),
  redis_connections_received_total: counter('redis', 'Connections accepted'),
  redis_rejected_connections_total: counter('redis', 'Connections rejected because maxclients was reached'),
  redis_client_buffers_bytes: gauge('redis', 'bytes', 'Memory that the buffers of clients take'),
  redis_client_output_buffer_bytes: gauge(
    'redis',
    'bytes',
    'The longest output buffer of a client, or what its list of answers held, lately',
  ),
  redis_keyspace_hits_total: counter('redis', 'Key lookups that hit'),
  redis_keyspace_misses_total: counter('redis', 'Key lookups that missed'),
  redis_errors_total: counter('redis', 'Commands answered with an error (6.2 on)'),
  redis_network_input_bytes_per_second: gauge(
    'redis',
    'bytes-per-second',
    'Read from the network, over the last interval',
  ),
  redis_network_output_bytes_per_second: gauge(
    'redis',
    'bytes-per-second',
    'Written to the network, over the last interval',
  ),
  redis_memory_rss_bytes: gauge('redis', 'bytes', 'Memory that Redis has of the system'),
  redis_changes_since_save: gauge('redis', 'count', 'Changes since the last save: what a crash would cost'),
  redis_fork_ms: gauge('redis', 'milliseconds', 'How long the last fork held everything up'),
  redis_connected_replicas: gauge('redis', 'count', 'Replicas that follow this server'),
  redis_replication_lag_bytes: gauge(
    'redis',
    'bytes',
    'What the replica that is furthest behind has yet to acknowledge; 0 where there is none',
  ),
  redis_primary_link_up: gauge('redis', 'flag', 'On a replica: whether the link to its primary is up'),
  redis_cluster_ok: gauge('redis', 'flag', 'Of a cluster: whether most of its nodes say that it works'),
  redis_cluster_slots_unserved: gauge('redis', 'count', 'Of a cluster: slots that no node serves'),

  health_live: gauge('health', 'flag', 'Whether the live endpoint answered 2xx'),
  health_ready: gauge('health', 'flag', 'Whether the ready endpoint answered 2xx'),
  health_latency_ms: gauge('health', 'milliseconds', 'Time to the end of the live answer'),
  tls_days_left: gauge('health', 'days', 'Days until the certificate ends'),

  system_cpu_percent: gauge('host', 'percent', 'Busy processor time, over the last interval'),
  system_memory_percent: gauge('host', 'percent', 'Memory in use, less what can be reclaimed'),
  system_disk_percent: gauge('host', 'percent', 'Space in use on the fullest watched file system'),
  system_inodes_percent: gauge('host', 'percent', 'Inodes in use on the fullest watched file system'),
  system_load1: gauge('host', 'load', 'Load average over one minute'),
  system_uptime_seconds: gauge('host', 'seconds', 'Time since the host booted'),

  http_requests_per_second: gauge(
    'traffic',
    'per-second',
    'Requests served per second, over the last interval',
  ),
  http_errors_per_minute: gauge(
    'traffic',
    'per-minute',
    'Answers with a 5xx status per minute, over the last interval',
  ),
  http_request_duration_ms: gauge(
    'traffic',
    'milliseconds',
    'Mean time to serve a request, over the last interval',
  ),
  http_request_duration_p95_ms: gauge(
    'traffic',
    'milliseconds',
    '95th percentile of the time to serve a request, over the last interval',
  ),
} as const satisfies Record<string, MetricDefinition>

export type MetricName = keyof typeof METRICS
export const METRIC_NAMES = Object.keys(METRICS) as MetricName[]

/** The four metrics of a fleet row. */
export const FLEET_METRICS = [
  'db_pool_utilization',
  'redis_memory_usage',
  'system_cpu_percent',
  'http_errors_per_minute',
] as const satisfies readonly MetricName[]

/** The metrics of one probe, in the order of the catalogue. */
export function metricsOf(probe: ProbeId): MetricName[] {
  return METRIC_NAMES.filter((name) => METRICS[name].probe === probe)
}
