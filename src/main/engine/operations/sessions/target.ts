/** A session of PostgreSQL that somebody wants to signal: named so that a process number that is used again is never hit. */
import { z } from 'zod'
import { epochMs, list } from '../../inspect/postgres/question.ts'
import { maskStatement } from '../../masking/statement.ts'
import type { PostgresSession } from '../../reach/reach.ts'
import type { Subject } from '../kind.ts'

/** A process and, so that no later one of the same number is meant, when it and its transaction began: as `activity` gives them. */
export const SessionOptions = z.strictObject({
  pid: z.number().int().positive(),
  /** Left out: whoever has the number when it is asked for; it is pinned down then. */
  startedAt: z.number().optional(),
  /** `null`: it is in no transaction. */
  transactionStartedAt: z.number().nullable().optional(),
})
export type SessionOptions = z.infer<typeof SessionOptions>

const TIMEOUT_MS = 5_000
export const MOST_FREED = 20
const SHOWN = 120

/** SQL: the row of the very session that is meant. `$1`: PID, `$2`, `$3`: when it and its transaction began. */
export const IS_MEANT = `pid = $1::int and pid <> pg_backend_pid()
  and ($2::float8 is null or ${epochMs('backend_start')} = $2::float8)
  and ($2::float8 is null or ${epochMs('xact_start')} is not distinct from $3::float8)`

const SEEN_SQL = `
select ${epochMs('backend_start')} as "startedAt", ${epochMs('xact_start')} as "transactionStartedAt", state,
  usename as "user", application_name as application, left(query, 600) as statement, datname as database,
  query = '<insufficient privilege>' as hidden, coalesce(backend_type, 'client backend') as kind,
  extract(epoch from clock_timestamp() - xact_start)::float8 as "transactionSeconds", backend_xid is not null as writes,
  ${list(`
    select w.pid, w.application_name as application, left(w.query, 600) as statement
    from pg_stat_activity w
    where w.wait_event_type = 'Lock' and s.pid = any (pg_blocking_pids(w.pid))
    order by w.query_start limit ${MOST_FREED + 1}`)} as freed
from pg_stat_activity s where ${IS_MEANT}`

const Seen = z.object({
  startedAt: z.number().nullable(),
  transactionStartedAt: z.number().nullable(),
  state: z.string().nullable(),
  user: z.string().nullable(),
  application: z.string().nullable(),
  statement: z.string().nullable(),
  database: z.string().nullable(),
  hidden: z.boolean().nullable(),
  kind: z.string(),
  transactionSeconds: z.number().nullable(),
  writes: z.boolean(),
  freed: z.preprocess(
    (value) => (typeof value === 'string' ? JSON.parse(value) : value),
    z.array(
      z.object({ pid: z.number(), application: z.string().nullable(), statement: z.string().nullable() }),
    ),
  ),
})
export type Seen = z.infer<typeof Seen>

export function valuesOf({ pid, startedAt, transactionStartedAt }: SessionOptions): unknown[] {
  return [pid, startedAt ?? null, transactionStartedAt ?? null]
}

/** The session as it is now, over the connection of people; `null`: it is over, or another one by now. */
export async function seeSession({ options, reach, signal }: Subject<SessionOptions>): Promise<Seen | null> {
  const { postgres } = reach()
  if (postgres === null) return null
  const { rows } = await postgres.people.query(SEEN_SQL, valuesOf(options), { signal, timeoutMs: TIMEOUT_MS })
  return rows[0] === undefined ? null : Seen.parse(rows[0])
}

const Answer = z.object({ asked: z.boolean(), done: z.boolean().nullable(), hidden: z.boolean() })
export type Answer = z.infer<typeof Answer>

/**
 * Signals the session that is meant, found and signalled by one statement. `hidden`: there is a session of that number, and its beginning is not shown to
 * this role.
 */
export async function signalSession(
  session: PostgresSession,
  signalFunction: 'pg_cancel_backend' | 'pg_terminate_backend',
  condition: string,
  options: SessionOptions,
  signal: AbortSignal,
): Promise<Answer> {
  const sql = `
with meant as materialized (
  select pid from pg_stat_activity where ${IS_MEANT} and ${condition}
), signalled as materialized (select ${signalFunction}(pid) as done from meant)
select exists (select from meant) as asked, (select done from signalled) as done,
  exists (select from pg_stat_activity where pid = $1::int and query = '<insufficient privilege>') as hidden`
  const { rows } = await session.query(sql, valuesOf(options), { signal, timeoutMs: TIMEOUT_MS })
  return Answer.parse(rows[0])
}

/** Whether the session is there still, and at what. */
export async function lookAgain(
  session: PostgresSession,
  options: SessionOptions,
  signal: AbortSignal,
): Promise<{ isThere: boolean; isSame: boolean; isActive: boolean }> {
  const sql = `
select exists (select from pg_stat_activity where pid = $1::int and ${epochMs('backend_start')} = $2::float8) as "isThere",
  exists (select from pg_stat_activity where ${IS_MEANT}) as "isSame",
  exists (select from pg_stat_activity where ${IS_MEANT} and state = 'active') as "isActive"`
  const { rows } = await session.query(sql, valuesOf(options), { signal, timeoutMs: TIMEOUT_MS })
  return z.object({ isThere: z.boolean(), isSame: z.boolean(), isActive: z.boolean() }).parse(rows[0])
}

/** A statement without its literals, as long as a line has room for. */
export function shownStatement(statement: string | null): string {
  if (statement === null || statement === '') return '—'
  return maskStatement(statement.replaceAll(/\s+/g, ' '), SHOWN)
}
