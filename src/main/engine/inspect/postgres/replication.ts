/**
 * Standbys, slots and archiving. What a newer version has more of is read through JSON, where a column that is missing is
 * no error. PostgreSQL 12 to 18.
 */
import { z } from 'zod'
import type { DatabaseReplication } from '#shared/model/database/replication.ts'
import type { Cost } from '#shared/model/observation.ts'
import { epochMs, grantMonitor, json, list } from './question.ts'

const LISTED = 100
/** Up to where this server has WAL: a standby hands on what it received. */
const HERE = `case when pg_is_in_recovery() then coalesce(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
  else pg_current_wal_lsn() end`

/** A standby that has replayed all that was sent does not lag, though nothing is written. */
export const REPLICATION_SQL = `
select
  ${epochMs('clock_timestamp()')} as at,
  pg_is_in_recovery() as standby,
  quote_ident(current_user) as me,
  (select count(*) from pg_stat_replication where state is null)::int as hidden,
  ${list(`
    select nullif(application_name, '') as name, host(client_addr) as client, state, sync_state as sync,
      pg_wal_lsn_diff(${HERE}, replay_lsn)::float8 as "lagBytes",
      coalesce(extract(epoch from replay_lag), case when replay_lsn >= sent_lsn then 0 end)::float8 as "lagSeconds"
    from pg_stat_replication order by replay_lsn nulls first limit ${LISTED}`)} as standbys,
  ${list(`
    select slot_name as name, slot_type as kind, database, active,
      pg_wal_lsn_diff(${HERE}, restart_lsn)::float8 as "retainedBytes", to_jsonb(s)->>'wal_status' as "walStatus",
      ${epochMs(`(to_jsonb(s)->>'inactive_since')::timestamptz`)} as "inactiveSince"
    from pg_replication_slots s order by restart_lsn nulls last limit ${LISTED}`)} as slots,
  ${list(`
    select sender_host || ':' || sender_port as from, status,
      greatest(0, pg_wal_lsn_diff((to_jsonb(r)->>'latest_end_lsn')::pg_lsn, pg_last_wal_replay_lsn()))::float8 as "lagBytes"
    from pg_stat_wal_receiver r limit 1`)} as receivers,
  case when pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() then 0
    else extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()) end::float8 as lag_seconds,
  current_setting('archive_mode') <> 'off' as archives,
  ${list(`
    select failed_count::float8 as failures, last_failed_wal as "lastFailure", ${epochMs('last_failed_time')} as "lastFailureAt",
      ${epochMs('last_archived_time')} as "lastArchivedAt"
    from pg_stat_archiver`)} as archivers`

export const ReplicationRow = z.object({
  at: z.number(),
  standby: z.boolean(),
  me: z.string(),
  hidden: z.number(),
  standbys: json(
    z.array(
      z.object({
        name: z.string().nullable(),
        client: z.string().nullable(),
        state: z.string().nullable(),
        sync: z.string().nullable(),
        lagBytes: z.number().nullable(),
        lagSeconds: z.number().nullable(),
      }),
    ),
  ),
  slots: json(
    z.array(
      z.object({
        name: z.string(),
        kind: z.string(),
        database: z.string().nullable(),
        active: z.boolean(),
        retainedBytes: z.number().nullable(),
        walStatus: z.string().nullable(),
        inactiveSince: z.number().nullable(),
      }),
    ),
  ),
  receivers: json(
    z.array(
      z.object({
        from: z.string().nullable(),
        status: z.string().nullable(),
        lagBytes: z.number().nullable(),
      }),
    ),
  ),
  lag_seconds: z.number().nullable(),
  archives: z.boolean(),
  archivers: json(
    z.array(
      z.object({
        failures: z.number(),
        lastFailure: z.string().nullable(),
        lastFailureAt: z.number().nullable(),
        lastArchivedAt: z.number().nullable(),
      }),
    ),
  ),
})

export function replicationOf(row: z.infer<typeof ReplicationRow>, cost: Cost): DatabaseReplication {
  const [receiver] = row.receivers
  const { at, standby, standbys, slots, hidden } = row
  return {
    at,
    standby,
    standbys,
    slots,
    // A standby that receives nothing is one that lags, too.
    receiver: standby
      ? { ...(receiver ?? { from: null, status: null, lagBytes: null }), lagSeconds: row.lag_seconds }
      : null,
    archive: row.archives ? (row.archivers[0] ?? null) : null,
    hidden,
    grant: grantMonitor(hidden, row.me),
    cost,
  }
}
