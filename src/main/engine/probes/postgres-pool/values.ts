/** The metrics of a PostgreSQL and its pool, from what one look read. Pure. */
import { labelled } from '#shared/catalogue/labelled.ts'
import type { MetricValues } from '#shared/model/observation.ts'
import { percentOf, round } from '../figures.ts'
import type { Activity } from './activity.ts'
import type { ApplicationView } from './application-pool.ts'
import type { PoolSize } from './pool-size.ts'
import type { RareMemory } from './rare-look.ts'
import { WRAPAROUND_LIMIT } from './server-state.ts'
import type { SlowCount } from './slow-statements.ts'

export interface PoolReading {
  readonly activity: Activity
  readonly size: PoolSize
  readonly view: ApplicationView | null
  readonly slow: SlowCount
  readonly rarely: Pick<RareMemory, 'server' | 'size' | 'walBytesPerSecond'>
  /** What the database counts of itself, and what comes of it since the last look. */
  readonly counted: MetricValues
}

/** Every metric of the pool without labels, and the backends that run by what they wait for. */
export function poolValues({ activity, size, view, slow, rarely, counted }: PoolReading): MetricValues {
  const { server } = rarely
  /** What the role may not see of even one backend is not known of the pool. */
  const seen = (value: number) => (activity.hidden > 0 ? null : value)
  const checkedOut = seen(activity.backends - activity.idle)
  const room = activity.max_connections - activity.reserved_connections
  return {
    ...counted,
    db_pool_size: size.size,
    db_pool_checked_out: checkedOut,
    db_pool_checked_in: seen(activity.idle),
    db_pool_overflow:
      size.kept === null ? (view?.overflow ?? null) : Math.max(0, activity.backends - size.kept),
    db_pool_available: checkedOut === null ? null : Math.max(0, size.size - checkedOut),
    db_pool_utilization: percentOf(checkedOut, size.size),
    db_pool_waiting: view?.waiting ?? null,
    db_pool_idle_in_transaction: seen(activity.idle_in_transaction),
    db_pool_oldest_transaction_seconds: seen(round(activity.oldest_transaction_ms / 1000)),
    db_pool_slow_queries_total: seen(slow.total),
    db_up: 1,
    db_lock_waiting: seen(activity.lock_waiting),
    db_replication_lag_seconds:
      server === null || server.replication_lag_seconds === null
        ? null
        : round(server.replication_lag_seconds),
    db_replication_lag_bytes: server?.replication_lag_bytes ?? null,
    db_slot_retained_wal_bytes: server?.slot_retained_bytes ?? null,
    db_archive_failures_total: server?.archive_failures ?? null,
    db_xid_age_percent: percentOf(server?.xid_age ?? null, WRAPAROUND_LIMIT),
    db_mxid_age_percent: percentOf(server?.mxid_age ?? null, WRAPAROUND_LIMIT),
    db_size_bytes: rarely.size,
    db_wal_bytes_per_second: rarely.walBytesPerSecond === null ? null : round(rarely.walBytesPerSecond, 0),
    db_checkpoints_timed_total: server?.checkpoints.timed ?? null,
    db_checkpoints_requested_total: server?.checkpoints.requested ?? null,
    db_server_connections: activity.server_connections,
    db_server_connections_percent: percentOf(activity.server_connections, room),
    db_longest_statement_seconds: seen(round(activity.longest_statement_ms / 1000)),
    db_autovacuum_workers: activity.autovacuum_workers,
    db_prepared_transaction_seconds: server === null ? null : round(server.prepared_seconds, 0),
    db_standby: server === null ? null : server.standby ? 1 : 0,
    db_standbys: server?.standbys ?? null,
    db_slots_inactive: server?.slots_idle ?? null,
    // A class of waits that a role may not see would be missing among those that it may.
    ...(activity.hidden > 0 ? {} : activeByWait(activity)),
  }
}

/** Told also where none waits that way: a line that ends says less than one at zero. */
const NOBODY = { cpu: 0, io: 0, lock: 0, lwlock: 0 }

/** There are nine classes of waits, and those of extensions are one of them. */
function activeByWait({ active_by_wait: waits }: Activity): MetricValues {
  const seen = Object.entries(waits).map(([wait, backends]) => [wait.toLowerCase(), backends] as const)
  return Object.fromEntries(
    Object.entries({ ...NOBODY, ...Object.fromEntries(seen) }).map(([wait, backends]) => [
      labelled('db_backends_active', { wait }),
      backends,
    ]),
  )
}
