/**
 * Who runs and who waits for whom, on the whole server. Bounded for thousands of backends: at most 500 are listed, and at
 * most 50 are asked for who blocks them, because that holds up the lock manager for a moment each time. PostgreSQL 12 to 18.
 */
import { z } from 'zod'
import type { Backend, DatabaseActivity } from '#shared/model/database/activity.ts'
import type { Cost } from '#shared/model/observation.ts'
import { maskStatement } from '../../masking/statement.ts'
import { inheritBlockers } from './inherit-blockers.ts'
import { epochMs, grantMonitor, isOwn, json, list, nameOf } from './question.ts'

const LISTED = 500
const ASKED_FOR_BLOCKERS = 50
const PREPARED_LISTED = 50
/**
 * Characters read of a statement, of which half as many are shown: of one that runs, and of the last one of an idle backend.
 * Masking 500 of them is to take well below a tenth of a second.
 */
const TEXT = 1_200
const IDLE_TEXT = 400

/** Processes that are always there and never part of a jam, but for `startup`, which waits where a standby replays. */
const HOUSEKEEPING = [
  'checkpointer',
  'background writer',
  'walwriter',
  'archiver',
  'autovacuum launcher',
  'logical replication launcher',
  'walreceiver',
  'walsummarizer',
  'slotsync worker',
  'io worker',
]

/** Names what is locked: the columns that tell one lock of `pg_locks` from another. */
const THING = `concat_ws('/', locktype, database, relation, page, tuple, virtualxid, transactionid, classid, objid, objsubid)`

/** `$1`: role of the application, `$2`: its `application_name`; `null` for any. */
export function activitySql({ pooled }: { pooled: boolean }): string {
  return `
with seen as materialized (
  select *, coalesce(backend_type, 'client backend') as kind, query = '<insufficient privilege>' as hidden
  from pg_stat_activity
  where pid <> pg_backend_pid() and not ${isOwn(pooled)}
    and (usename is not null or backend_type is not null)
    and coalesce(backend_type, '') <> all ('{${HOUSEKEEPING.map((kind) => `"${kind}"`).join(',')}}')
    and (backend_type is distinct from 'startup' or wait_event_type = 'Lock')
), waits as materialized (
  select distinct on (pid) pid, locktype, mode, ${THING} as thing, to_jsonb(l)->>'waitstart' as since,
    case when database = (select oid from pg_database where datname = current_database()) then relation end as relation
  from pg_locks l
  where not granted and exists (select from seen where wait_event_type = 'Lock')
), asked as (
  select pid from (
    select pid, query_start, row_number() over (partition by thing, mode order by query_start) as place
    from seen join waits using (pid)
  ) waiting
  order by place, query_start limit ${ASKED_FOR_BLOCKERS}
), blocked as materialized (
  select pid, pg_blocking_pids(pid) as by from asked
), blockers as materialized (
  select distinct unnest(by) as pid from blocked
), without_backend as materialized (
  select ${THING} as thing, transactionid, virtualtransaction from pg_locks
  where granted and pid is null and exists (select from blockers where pid = 0)
)
select
  ${epochMs('clock_timestamp()')} as at,
  (select count(*) from seen)::int as total,
  (select count(*) from seen where wait_event_type = 'Lock')::int as waiting,
  (select count(*) from seen where hidden)::int as hidden,
  quote_ident(current_user) as me,
  ${list(`
    select pid, ${epochMs('backend_start')} as started_at, ${epochMs('xact_start')} as transaction_started_at,
      ${epochMs('query_start')} as statement_started_at, ${epochMs('state_change')} as state_changed_at,
      datname as database, usename as user, application_name as application, host(client_addr) as client,
      kind, state, wait_event_type, wait_event,
      b.by as blocked_by, w.thing, w.locktype, w.mode, ${nameOf('w.relation')} as relation,
      ${epochMs('w.since::timestamptz')} as waiting_since,
      case when hidden then null else left(query, case when state = 'idle' then ${IDLE_TEXT} else ${TEXT} end) end as statement,
      (kind = 'client backend' and datname = current_database()
        and ($1::text is null or usename = $1::text) and ($2::text is null or application_name = $2::text)) is true as ours
    from seen left join waits w using (pid) left join blocked b using (pid)
    order by
      case when pid in (select pid from blockers) then 0 when w.pid is not null then 1
        when state is null or state <> 'idle' then 2 else 3 end,
      xact_start nulls last, query_start desc nulls last, pid
    limit ${LISTED}`)} as backends,
  ${list(`
    select p.gid as name, ${epochMs('p.prepared')} as prepared_at, p.database, p.owner as user,
      coalesce((select json_agg(l.thing) from without_backend l join without_backend own using (virtualtransaction)
        where own.transactionid = p.transaction), '[]') as things
    from (select * from pg_prepared_xacts order by prepared limit ${PREPARED_LISTED}) p`)} as prepared`
}

const SeenBackend = z.object({
  pid: z.number(),
  started_at: z.number().nullable(),
  transaction_started_at: z.number().nullable(),
  statement_started_at: z.number().nullable(),
  state_changed_at: z.number().nullable(),
  database: z.string().nullable(),
  user: z.string().nullable(),
  application: z.string().nullable(),
  client: z.string().nullable(),
  kind: z.string(),
  state: z.string().nullable(),
  wait_event_type: z.string().nullable(),
  wait_event: z.string().nullable(),
  /** `null`: it was not asked for them, or waits for nobody. */
  blocked_by: z.array(z.number()).nullable(),
  /** What it waits for, as one word; `null`: for no lock. */
  thing: z.string().nullable(),
  locktype: z.string().nullable(),
  mode: z.string().nullable(),
  relation: z.string().nullable(),
  waiting_since: z.number().nullable(),
  statement: z.string().nullable(),
  ours: z.boolean(),
})
export type SeenBackend = z.infer<typeof SeenBackend>

export const ActivityRow = z.object({
  at: z.number(),
  total: z.number(),
  waiting: z.number(),
  hidden: z.number(),
  me: z.string(),
  backends: json(z.array(SeenBackend)),
  prepared: json(
    z.array(
      z.object({
        name: z.string(),
        prepared_at: z.number().nullable(),
        database: z.string().nullable(),
        user: z.string().nullable(),
        things: z.array(z.string()),
      }),
    ),
  ),
})
export type ActivityRow = z.infer<typeof ActivityRow>

export function activityOf(row: ActivityRow, cost: Cost): DatabaseActivity {
  const masked = maskEachOnce()
  const blockedBy = inheritBlockers(row.backends)
  const waitsForPrepared = (things: readonly string[]) =>
    row.backends.filter(
      ({ pid, thing }) => thing !== null && things.includes(thing) && blockedBy.get(pid)?.includes(0),
    )
  return {
    at: row.at,
    backends: row.backends.map((seen) => backendOf(seen, blockedBy.get(seen.pid) ?? [], masked)),
    total: row.total,
    waiting: row.waiting,
    prepared: row.prepared.map(({ name, prepared_at, database, user, things }) => ({
      name,
      preparedAt: prepared_at,
      database,
      user,
      blocks: waitsForPrepared(things).map(({ pid }) => pid),
    })),
    hidden: row.hidden,
    grant: grantMonitor(row.hidden, row.me),
    cost,
  }
}

/** The sessions of a pool run the same few statements. */
function maskEachOnce(): (statement: string) => string {
  const known = new Map<string, string>()
  return (statement) => {
    const masked = known.get(statement) ?? maskStatement(statement)
    known.set(statement, masked)
    return masked
  }
}

function backendOf(seen: SeenBackend, blockedBy: number[], masked: (statement: string) => string): Backend {
  return {
    pid: seen.pid,
    startedAt: seen.started_at,
    transactionStartedAt: seen.transaction_started_at,
    statementStartedAt: seen.statement_started_at,
    stateChangedAt: seen.state_changed_at,
    database: seen.database,
    user: seen.user,
    application: seen.application === '' ? null : seen.application,
    client: seen.client,
    kind: seen.kind,
    state: seen.state,
    waiting: seen.wait_event_type === null ? null : `${seen.wait_event_type}: ${seen.wait_event ?? '?'}`,
    blockedBy,
    lock:
      seen.locktype === null
        ? null
        : { type: seen.locktype, mode: seen.mode ?? '?', relation: seen.relation, since: seen.waiting_since },
    statement: seen.statement === null || seen.statement === '' ? null : masked(seen.statement),
    ours: seen.ours,
  }
}
