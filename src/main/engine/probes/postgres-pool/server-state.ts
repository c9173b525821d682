/**
 * What changes slowly about the server: replication, slots, archiving, transaction ids, size. Read every half minute
 * (the size ever more rarely the longer it takes) and carried over in between.
 */
import { z } from 'zod'
import { json } from './json-column.ts'

const SERVER_STATE_EVERY_MS = 30_000
/** What does not work there now is looked at more often, so that its end is seen soon. */
const WHILE_FAILING_EVERY_MS = 10_000
const SIZE_EVERY_MS = 60_000
/** The size may take at most this share of the time: a database of a million files is asked rarely. */
const SIZE_SHARE = 1 / 600
const SIZE_AFTER_FAILURE_MS = 1_800_000

/** Transaction and multixact ids wrap around after 2^31 (PostgreSQL documentation, 25.1.5). */
export const WRAPAROUND_LIMIT = 2 ** 31

/**
 * A standby that has replayed all that was sent does not lag, though nothing is written; one whose delay the role may
 * not see has none that is known.
 */
export function serverStateSql(serverVersion: string): string {
  return `${STATE_SQL},
  (select ${checkpoints(serverVersion)}) as checkpoints`
}

/** They moved to a view of their own in 17, under other names. */
function checkpoints(serverVersion: string): string {
  return Number.parseInt(serverVersion, 10) >= 17
    ? "jsonb_build_object('timed', num_timed, 'requested', num_requested) from pg_stat_checkpointer"
    : "jsonb_build_object('timed', checkpoints_timed, 'requested', checkpoints_req) from pg_stat_bgwriter"
}

const STATE_SQL = `
select
  (select max(age(datfrozenxid)) from pg_database)::float8 as xid_age,
  (select max(mxid_age(datminmxid)) from pg_database)::float8 as mxid_age,
  case when pg_is_in_recovery() then null else pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') end::float8 as wal_bytes,
  coalesce((select extract(epoch from clock_timestamp() - min(prepared)) from pg_prepared_xacts), 0)::float8 as prepared_seconds,
  (select failed_count from pg_stat_archiver)::float8 as archive_failures,
  (select last_failed_wal from pg_stat_archiver
    where current_setting('archive_mode') <> 'off' and last_failed_time > coalesce(last_archived_time, '-infinity')
  ) as archive_failing_at,
  (select extract(epoch from clock_timestamp() - last_archived_time) from pg_stat_archiver)::float8 as archived_seconds_ago,
  (select coalesce(max(pg_wal_lsn_diff(
      case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end, restart_lsn)), 0)
    from pg_replication_slots)::float8 as slot_retained_bytes,
  case when pg_is_in_recovery() then
    case when pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() then 0
      else extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()) end
  else (select max(coalesce(extract(epoch from replay_lag), case when replay_lsn >= sent_lsn then 0 end))
    from pg_stat_replication where state in ('streaming', 'catchup'))
  end::float8 as replication_lag_seconds,
  case when pg_is_in_recovery() then pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
  else (select max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)) from pg_stat_replication)
  end::float8 as replication_lag_bytes,
  (select count(*) from pg_stat_replication)::int as standbys,
  (select count(*) from pg_stat_replication where state is null)::int as standbys_hidden,
  (select count(*) from pg_replication_slots)::int as slots,
  (select count(*) from pg_replication_slots where not active)::int as slots_idle,
  pg_is_in_recovery() as standby`

export const SIZE_SQL = 'select pg_database_size(current_database())::float8 as size'

export const ServerState = z.object({
  xid_age: z.number().nullable(),
  mxid_age: z.number().nullable(),
  /** Ever written; `null` on a standby, which writes none. */
  wal_bytes: z.number().nullable(),
  /** Age of the oldest prepared transaction; 0 without one. */
  prepared_seconds: z.number(),
  checkpoints: json(z.object({ timed: z.number(), requested: z.number() })),
  archive_failures: z.number().nullable(),
  /** The WAL file that could not be archived at the latest attempt; `null` where that succeeded, or nothing is archived. */
  archive_failing_at: z.string().nullable(),
  /** `null`: none ever was. */
  archived_seconds_ago: z.number().nullable(),
  slot_retained_bytes: z.number().nullable(),
  replication_lag_seconds: z.number().nullable(),
  replication_lag_bytes: z.number().nullable(),
  /** Connected now, and how many of them the role may not see the state of. */
  standbys: z.number(),
  standbys_hidden: z.number(),
  slots: z.number(),
  slots_idle: z.number(),
  standby: z.boolean(),
})
export type ServerState = z.infer<typeof ServerState>
export const DatabaseSize = z.object({ size: z.number() })

/** How long what was told of the server is good. */
export function serverStateAgesMs(state: ServerState | null): number {
  if (state === null) return 0
  return state.archive_failing_at === null ? SERVER_STATE_EVERY_MS : WHILE_FAILING_EVERY_MS
}

/** When to ask for the size again, after it took `tookMs`, or failed (`null`). */
export function nextSizeAt(now: number, tookMs: number | null): number {
  return now + (tookMs === null ? SIZE_AFTER_FAILURE_MS : Math.max(SIZE_EVERY_MS, tookMs / SIZE_SHARE))
}
