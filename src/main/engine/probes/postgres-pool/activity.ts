/**
 * The one statement of every look: the application's backends, what is slow or blocked, and the limits of the server.
 * It reads system views only, so it answers while every table is locked. PostgreSQL 12 to 18.
 */
import { z } from 'zod'
import { DatabaseStatistics } from './database-statistics.ts'
import { json } from './json-column.ts'

/** How many statements are shown as evidence, and how many are counted at most in one look. */
const SHOWN = 20
const COUNTED = 1000
/** A statement is slow from here on. */
const SLOW_MS = 1000

/**
 * `$1`: role of the application, `$2`: its `application_name`; `null` for any. Vakhta's own backends are left out.
 * `$3`: through a connection pooler. It may log us in as the application, and its idle backends then bear the name of
 * whoever used them last.
 * `pg_stat_database` is read as JSON because its `sessions…` columns exist from PostgreSQL 14 on.
 */
export const ACTIVITY_SQL = `
with seen as materialized (
  select pid, usename, application_name, state, wait_event_type, wait_event, query_start,
    extract(epoch from clock_timestamp() - query_start)::float8 * 1000 as query_ms,
    extract(epoch from clock_timestamp() - xact_start)::float8 * 1000 as transaction_ms,
    query = '<insufficient privilege>' as hidden,
    left(query, 3000) as query,
    coalesce(backend_type, 'client backend') = 'client backend' and usename is not null as client,
    backend_type = 'autovacuum worker' as vacuums,
    datname = current_database() as here,
    application_name = 'vakhta' and not ($3::bool and state = 'idle' and usename = $1::text) as own
  from pg_stat_activity
  where pid <> pg_backend_pid()
), ours as materialized (
  select * from seen
  where client and here and own is not true and ($1::text is null or usename = $1::text) and ($2::text is null or application_name = $2::text)
), blocked as materialized (
  select pid, pg_blocking_pids(pid) as blocked_by from (
    select pid from ours where wait_event_type = 'Lock' order by query_start limit ${SHOWN}
  ) waiting
), slow as materialized (
  select pid, query_ms, pid || '@' || (extract(epoch from query_start) * 1000000)::bigint as key
  from ours where state = 'active' and query_ms > ${SLOW_MS}
)
select
  (select count(*) from ours)::int as backends,
  (select count(*) from ours where hidden)::int as hidden,
  (select count(*) from ours where state = 'idle')::int as idle,
  (select count(*) from ours where state like 'idle in transaction%')::int as idle_in_transaction,
  (select count(*) from ours where wait_event_type = 'Lock')::int as lock_waiting,
  (select count(*) from ours where wait_event_type = 'Lock' and query_ms > ${SLOW_MS})::int as lock_waiting_long,
  (select coalesce(max(transaction_ms), 0) from ours)::float8 as oldest_transaction_ms,
  (select coalesce(max(query_ms), 0) from ours where state = 'active')::float8 as longest_statement_ms,
  (select coalesce(json_object_agg(wait, backends), '{}') from (
    select coalesce(wait_event_type, 'cpu') as wait, count(*)::int as backends
    from ours where state in ('active', 'fastpath function call') group by 1
  ) waits) as active_by_wait,
  (select count(*) from seen where vacuums)::int as autovacuum_workers,
  (select coalesce(json_agg(key), '[]') from (select key from slow limit ${COUNTED}) counted) as slow_keys,
  (select coalesce(max(query_ms), 0) from slow)::float8 as slowest_ms,
  (select coalesce(json_agg(shown), '[]') from (
    select s.pid, s.usename as user, s.application_name as application, s.state, s.wait_event_type, s.wait_event,
      coalesce(b.blocked_by, '{}') as blocked_by,
      case when s.state = 'active' then s.query_ms else s.transaction_ms end as duration_ms,
      s.query
    from seen s left join blocked b using (pid)
    where not s.hidden and s.own is not true and (
      b.pid is not null
      or s.pid in (select unnest(blocked_by) from blocked)
      or s.pid in (select pid from slow)
      or (s.pid in (select pid from ours) and s.state like 'idle in transaction%' and s.transaction_ms > ${SLOW_MS})
    )
    order by s.pid in (select unnest(blocked_by) from blocked) desc, duration_ms desc nulls last
    limit ${SHOWN}
  ) shown) as statements,
  (select count(*) + 1 from seen where client)::int as server_connections,
  (select rolconnlimit from pg_roles where rolname = $1::text)::int as role_limit,
  (select datconnlimit from pg_database where datname = current_database())::int as database_limit,
  current_setting('max_connections')::int as max_connections,
  current_setting('superuser_reserved_connections')::int
    + coalesce(current_setting('reserved_connections', true), '0')::int as reserved_connections,
  (select to_jsonb(d) from pg_stat_database d where d.datname = current_database()) as database_statistics,
  quote_ident(current_user) as me,
  current_database()::text as database,
  current_setting('server_version') as server_version,
  extract(epoch from pg_postmaster_start_time())::float8 * 1000 as started_at`

const SeenStatement = z.object({
  pid: z.number(),
  user: z.string().nullable(),
  application: z.string().nullable(),
  state: z.string().nullable(),
  wait_event_type: z.string().nullable(),
  wait_event: z.string().nullable(),
  blocked_by: z.array(z.number()),
  duration_ms: z.number().nullable(),
  query: z.string().nullable(),
})
export type SeenStatement = z.infer<typeof SeenStatement>

export const Activity = z.object({
  /** The application's backends, and those of them whose state the watching role may not see. */
  backends: z.number(),
  hidden: z.number(),
  idle: z.number(),
  idle_in_transaction: z.number(),
  lock_waiting: z.number(),
  /** Those that have been waiting within a statement for over a second. */
  lock_waiting_long: z.number(),
  oldest_transaction_ms: z.number(),
  longest_statement_ms: z.number(),
  /** Backends that run a statement, by `wait_event_type`; `cpu` for those that wait for nothing. */
  active_by_wait: json(z.record(z.string(), z.number())),
  /** On the whole server. */
  autovacuum_workers: z.number(),
  /** `pid@start` of each statement that runs over a second: what it is counted once by. */
  slow_keys: json(z.array(z.string())),
  slowest_ms: z.number(),
  statements: json(z.array(SeenStatement)),
  /** Client backends on the whole server, Vakhta's own too: they take room as all do. */
  server_connections: z.number(),
  /** -1: no limit; `null`: the profile names no role, or there is none of that name. */
  role_limit: z.number().nullable(),
  database_limit: z.number().nullable(),
  max_connections: z.number(),
  reserved_connections: z.number(),
  database_statistics: json(DatabaseStatistics),
  me: z.string(),
  database: z.string(),
  server_version: z.string(),
  /** Of the server, milliseconds since the epoch. */
  started_at: z.number(),
})
export type Activity = z.infer<typeof Activity>
