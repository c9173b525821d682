/**
 * The counters of `pg_stat_statements` without the statements' texts: those lie in a file that is read whole whenever one
 * of them is asked for. They are of this database, summed over how a statement was called (at top level or within a function).
 */
import { z } from 'zod'
import type { StatementOrder } from '#shared/model/database/statements.ts'
import { epochMs, json, list } from '../question.ts'
import { type Extension, isSince } from './extension.ts'

/** What is counted of each statement, in this order, wherever figures lie in a row. */
export const FIGURES = [
  'calls',
  'totalMs',
  'rows',
  'blocksHit',
  'blocksRead',
  'tempBlocksWritten',
  'walBytes',
] as const
export const WIDTH = FIGURES.length

export interface CountedStatement {
  /** `ROLE/QUERY`, both as the server numbers them: what is counted apart. */
  readonly key: string
  readonly queryId: string
  readonly user: string | null
  /** In the order of `FIGURES`. */
  readonly figures: readonly number[]
  /** Of all calls since its counting began. */
  readonly maxMs: number
  /** When its counting began; `null` before version 1.11 (PostgreSQL 17). */
  readonly since: number | null
}

export interface Counters {
  readonly at: number
  /** When all counting began anew; `null` before version 1.9 (PostgreSQL 14). */
  readonly resetAt: number | null
  readonly totalMs: number
  readonly totalCalls: number
  /** The largest in the order that was asked for. */
  readonly statements: readonly CountedStatement[]
  /** There are no others. */
  readonly complete: boolean
  /** WAL is counted (PostgreSQL 13). */
  readonly countsWal: boolean
}

const ORDERS: Record<StatementOrder, string> = {
  total: 'total',
  mean: 'total / greatest(calls, 1)',
  calls: 'calls',
  rows: 'rows',
  temp: 'temp',
  wal: 'wal',
}

function columnsOf(extension: Extension) {
  const renamed = isSince(extension, [1, 8])
  return {
    total: renamed ? 'total_exec_time' : 'total_time',
    max: renamed ? 'max_exec_time' : 'max_time',
    wal: renamed ? 'wal_bytes' : '0',
    since: isSince(extension, [1, 11]) ? epochMs('min(stats_since)') : 'null::float8',
    resetAt: isSince(extension, [1, 9])
      ? `(select ${epochMs('stats_reset')} from ${extension.schema}.pg_stat_statements_info)`
      : 'null::float8',
  }
}

export function countersSql(extension: Extension, order: StatementOrder, limit: number): string {
  const { total, max, wal, since, resetAt } = columnsOf(extension)
  return `
with counted as materialized (
  select userid, queryid, sum(calls)::float8 as calls, sum(${total})::float8 as total, sum(rows)::float8 as rows,
    sum(shared_blks_hit)::float8 as hit, sum(shared_blks_read)::float8 as read, sum(temp_blks_written)::float8 as temp,
    sum(${wal})::float8 as wal, max(${max}) as longest, ${since} as since
  from ${extension.schema}.pg_stat_statements(false)
  where dbid = (select oid from pg_database where datname = current_database()) and queryid is not null
  group by userid, queryid
), largest as (
  select * from counted order by ${ORDERS[order]} desc, queryid, userid limit ${limit}
)
select ${epochMs('clock_timestamp()')} as at, ${resetAt} as reset_at,
  (select count(*) from counted)::int as total_statements,
  (select coalesce(sum(total), 0) from counted)::float8 as total_ms,
  (select coalesce(sum(calls), 0) from counted)::float8 as total_calls,
  ${list(`select userid::text as "0", queryid::text as "1", calls as c, total as t, rows as r, hit as h, read as b, temp as p,
    wal as w, longest as l, since as s from largest`)} as statements,
  ${list('select oid::text as id, rolname as name from pg_roles where oid in (select userid from largest)')} as roles`
}

export const CountersRow = z.object({
  at: z.number(),
  reset_at: z.number().nullable(),
  total_statements: z.number(),
  total_ms: z.number(),
  total_calls: z.number(),
  statements: json(
    z.array(
      // Short names: there are a thousand of them.
      z.object({
        0: z.string(),
        1: z.string(),
        c: z.number(),
        t: z.number(),
        r: z.number(),
        h: z.number(),
        b: z.number(),
        p: z.number(),
        w: z.number(),
        l: z.number(),
        s: z.number().nullable(),
      }),
    ),
  ),
  roles: json(z.array(z.object({ id: z.string(), name: z.string() }))),
})

export function countersOf(row: z.infer<typeof CountersRow>, extension: Extension): Counters {
  const names = new Map(row.roles.map(({ id, name }) => [id, name]))
  return {
    at: row.at,
    resetAt: row.reset_at,
    totalMs: row.total_ms,
    totalCalls: row.total_calls,
    statements: row.statements.map(({ 0: role, 1: queryId, c, t, r, h, b, p, w, l, s }) => ({
      key: `${role}/${queryId}`,
      queryId,
      user: names.get(role) ?? null,
      figures: [c, t, r, h, b, p, w],
      maxMs: l,
      since: s,
    })),
    complete: row.statements.length === row.total_statements,
    countsWal: isSince(extension, [1, 8]),
  }
}

/** `$1`: the queries' numbers. A text is the same for every role. */
export function textsSql({ schema }: Extension): string {
  return `
select ${list(`
  select queryid::text as id, left(min(query), 3000) as text from ${schema}.pg_stat_statements(true)
  where queryid = any ($1::bigint[]) and dbid = (select oid from pg_database where datname = current_database())
  group by queryid`)} as texts`
}

export const TextsRow = z.object({
  texts: json(z.array(z.object({ id: z.string(), text: z.string().nullable() }))),
})
