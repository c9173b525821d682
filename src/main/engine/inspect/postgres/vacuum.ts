/**
 * What waits for a vacuum, what runs, and what keeps dead rows from being taken away. Of many tables the largest and the
 * oldest are looked at. PostgreSQL 12 to 18.
 */
import { z } from 'zod'
import type { DatabaseVacuum } from '#shared/model/database/vacuum.ts'
import type { Cost } from '#shared/model/observation.ts'
import { epochMs, json, list, nameOf, ownerOfToast } from './question.ts'

/** Of a hundred thousand tables, only these have their counters read. */
const LARGEST = 2_000
const OLDEST = 200
const LISTED = 100
const HOLDERS = 20
/** Transaction ids and multixacts wrap around after 2^31 (PostgreSQL documentation, 25.1.5). */
const WRAPAROUND = 2 ** 31

/** A setting as a table overrides it in its storage parameters. */
function tableSetting(name: string): string {
  const server = `current_setting('${name}', true)::float8`
  return `coalesce((select option_value::float8 from pg_options_to_table(c.reloptions) where option_name = '${name}'), ${server})`
}

/** The age of what a horizon holds back; one that is not set holds nothing. */
const HELD = `
  select 'transaction' as by, coalesce(nullif(application_name, ''), usename, backend_type, '?') as name, pid, age(backend_xmin) as age
  from pg_stat_activity
  where backend_xmin is not null and pid <> pg_backend_pid() and datname = current_database()
    and backend_type is distinct from 'walsender'
  union all
  select 'slot', slot_name, active_pid, greatest(age(xmin), age(catalog_xmin)) from pg_replication_slots
  where xmin is not null or catalog_xmin is not null
  union all
  select 'prepared', gid, null, age(transaction) from pg_prepared_xacts where database = current_database()
  union all
  select 'standby', coalesce(nullif(application_name, ''), host(client_addr), '?'), pid, age(backend_xmin)
  from pg_stat_replication where backend_xmin is not null`

export const VACUUM_SQL = `
with oldest as (
  select oid, relname, relkind from pg_class where relkind in ('r', 'm', 't') and relfrozenxid <> '0'
  order by greatest(age(relfrozenxid), mxid_age(relminmxid)) desc limit ${OLDEST}
), candidates as (
  (select oid from pg_class where relkind in ('r', 'm') order by relpages desc limit ${LARGEST})
  union
  select case o.relkind when 't' then ${ownerOfToast('o')} else o.oid end from oldest o
), judged as materialized (
  select c.oid, greatest(age(c.relfrozenxid), mxid_age(c.relminmxid), age(t.relfrozenxid), mxid_age(t.relminmxid)) as age,
    pg_stat_get_live_tuples(c.oid)::float8 as live, pg_stat_get_dead_tuples(c.oid)::float8 as dead,
    least(
      ${tableSetting('autovacuum_vacuum_threshold')}
        + ${tableSetting('autovacuum_vacuum_scale_factor')} * greatest(c.reltuples, 0),
      nullif(${tableSetting('autovacuum_vacuum_max_threshold')}, -1)
    ) as threshold,
    coalesce((select option_value::bool from pg_options_to_table(c.reloptions) where option_name = 'autovacuum_enabled'), true)
      as autovacuum
  from candidates join pg_class c using (oid) left join pg_class t on t.oid = c.reltoastrelid
  where c.relfrozenxid <> '0'
)
select
  ${epochMs('clock_timestamp()')} as at,
  (select count(*) from pg_class where relkind in ('r', 'm'))::int as total,
  current_setting('autovacuum')::bool as autovacuum,
  current_setting('autovacuum_max_workers')::int as max_workers,
  least(current_setting('autovacuum_freeze_max_age')::float8, current_setting('autovacuum_multixact_freeze_max_age')::float8)
    as forced_at,
  ${list(`
    select ${nameOf('j.oid')} as table, live, dead, threshold, age::float8 as age, autovacuum,
      ${epochMs('greatest(pg_stat_get_last_vacuum_time(oid), pg_stat_get_last_autovacuum_time(oid))')} as vacuumed_at,
      ${epochMs('greatest(pg_stat_get_last_analyze_time(oid), pg_stat_get_last_autoanalyze_time(oid))')} as analyzed_at
    from judged j
    order by greatest(dead / greatest(threshold, 1), age / current_setting('autovacuum_freeze_max_age')::float8) desc
    limit ${LISTED}`)} as tables,
  ${list(`
    select p.pid, p.datname as database, case when p.datname = current_database() then ${nameOf('p.relid')} end as table,
      p.phase, case p.phase when 'scanning heap' then p.heap_blks_scanned when 'vacuuming heap' then p.heap_blks_vacuumed end
        * 100.0::float8 / nullif(p.heap_blks_total, 0) as percent,
      ${epochMs('a.xact_start')} as since, coalesce(a.backend_type = 'autovacuum worker', false) as automatic
    from pg_stat_progress_vacuum p left join pg_stat_activity a using (pid)
    order by a.xact_start limit ${LISTED}`)} as running,
  ${list(`
    select datname as database, greatest(age(datfrozenxid), mxid_age(datminmxid))::float8 as age
    from pg_database order by 2 desc limit ${LISTED}`)} as databases,
  ${list(`select by, name, age::float8 as age, pid from (${HELD}) held where age is not null order by age desc limit ${HOLDERS}`)}
    as held_back`

export const VacuumRow = z.object({
  at: z.number(),
  total: z.number(),
  autovacuum: z.boolean(),
  max_workers: z.number(),
  forced_at: z.number(),
  tables: json(
    z.array(
      z.object({
        /** `null`: dropped while it was looked at. */
        table: z.string().nullable(),
        live: z.number(),
        dead: z.number(),
        threshold: z.number().nullable(),
        age: z.number().nullable(),
        autovacuum: z.boolean(),
        vacuumed_at: z.number().nullable(),
        analyzed_at: z.number().nullable(),
      }),
    ),
  ),
  running: json(
    z.array(
      z.object({
        pid: z.number(),
        database: z.string().nullable(),
        table: z.string().nullable(),
        phase: z.string().nullable(),
        percent: z.number().nullable(),
        since: z.number().nullable(),
        automatic: z.boolean(),
      }),
    ),
  ),
  databases: json(z.array(z.object({ database: z.string(), age: z.number() }))),
  held_back: json(
    z.array(
      z.object({
        by: z.enum(['transaction', 'slot', 'prepared', 'standby']),
        name: z.string(),
        age: z.number(),
        pid: z.number().nullable(),
      }),
    ),
  ),
})

export function vacuumOf(row: z.infer<typeof VacuumRow>, cost: Cost): DatabaseVacuum {
  return {
    at: row.at,
    tables: row.tables.flatMap(({ table, ...seen }) =>
      table === null
        ? []
        : {
            table,
            liveRows: seen.live,
            deadRows: seen.dead,
            threshold: seen.threshold,
            lastVacuumAt: seen.vacuumed_at,
            lastAnalyzeAt: seen.analyzed_at,
            xidAgePercent: seen.age === null ? null : percentOf(seen.age),
            autovacuum: seen.autovacuum,
          },
    ),
    running: row.running,
    databases: row.databases.map(({ database, age }) => ({ database, xidAgePercent: percentOf(age) })),
    forcedAtPercent: percentOf(row.forced_at),
    autovacuum: row.autovacuum,
    maxWorkers: row.max_workers,
    more: Math.max(0, row.total - LARGEST),
    heldBack: row.held_back,
    cost,
  }
}

function percentOf(age: number): number {
  return Math.round((age / WRAPAROUND) * 1_000_000) / 10_000
}
