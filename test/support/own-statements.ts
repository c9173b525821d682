/** What Vakhta's own statements cost a PostgreSQL, as `pg_stat_statements` of that server counts it: by what they are for. */
import type { PostgresServer } from '../../demo/servers/postgres.ts'

export interface Spent {
  readonly calls: number
  readonly totalMs: number
  readonly rows: number
  readonly blocksHit: number
  readonly blocksRead: number
  readonly tempBlocks: number
  readonly walBytes: number
}

/** By the first words of a statement that no other has. */
const PARTS: readonly (readonly [string, RegExp])[] = [
  ['look, every 5 s', /^with seen as materialized/i],
  ['server, every 30 s', /age\(datfrozenxid\)\) from pg_database/i],
  ['size, every 60 s', /^select pg_database_size/i],
  ['counters, every 5 min', /pg_stat_statements/i],
  ['login and settings', /^(set|show|select set_config|begin|rollback|commit)\b/i],
]

export function partOf(statement: string): string {
  return PARTS.find(([, pattern]) => pattern.test(statement.trim()))?.[0] ?? 'settings and schema'
}

/** All that one role did since the counters were set back. */
export async function statementsOf(
  server: PostgresServer,
  role: string,
): Promise<(Spent & { statement: string })[]> {
  const rows = await server.query(
    `select query as statement, calls::int as calls, (total_exec_time + total_plan_time)::float8 as total_ms, rows::int as rows,
       shared_blks_hit::int as hit, shared_blks_read::int as read, temp_blks_written::int as temp, wal_bytes::float8 as wal
     from pg_stat_statements s join pg_roles r on r.oid = s.userid where rolname = $1 order by calls desc`,
    { values: [role] },
  )
  return rows.map((row) => ({
    statement: String(row.statement),
    calls: Number(row.calls),
    totalMs: Number(row.total_ms),
    rows: Number(row.rows),
    blocksHit: Number(row.hit),
    blocksRead: Number(row.read),
    tempBlocks: Number(row.temp),
    walBytes: Number(row.wal),
  }))
}

export function together(all: readonly Spent[]): Spent {
  const sum = (of: (one: Spent) => number) => all.reduce((total, one) => total + of(one), 0)
  return {
    calls: sum((one) => one.calls),
    totalMs: sum((one) => one.totalMs),
    rows: sum((one) => one.rows),
    blocksHit: sum((one) => one.blocksHit),
    blocksRead: sum((one) => one.blocksRead),
    tempBlocks: sum((one) => one.tempBlocks),
    walBytes: sum((one) => one.walBytes),
  }
}
