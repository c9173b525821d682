/**
 * One question to PostgreSQL: a single bounded statement on people's session, that reads system views and catalogues only.
 * It never names a table to the server (no `regclass`, no size functions, no `pg_get_indexdef`: they lock what they look
 * at), so nothing of the application's is locked or waited for; should a catalogue itself be locked, it gives up after a second.
 */
import { z } from 'zod'
import type { Cost } from '#shared/model/observation.ts'
import type { Clock } from '../../clock.ts'
import type { PostgresSession } from '../../reach/reach.ts'

/** For one statement; the server gives up a little sooner. */
const TIMEOUT_MS = 5_000
/** A person waits for the answer, however many statements it takes. */
const PATIENCE_MS = 8_000

export interface Asker {
  readonly session: PostgresSession
  readonly clock: Clock
  readonly signal: AbortSignal
  /** When whoever asks has waited long enough; monotonic. */
  readonly dueAt: number
}

export function createAsker(session: PostgresSession, clock: Clock, signal: AbortSignal): Asker {
  return { session, clock, signal, dueAt: clock.monotonic() + PATIENCE_MS }
}

/**
 * Runs a statement that answers with one row.
 * @throws ReachError where the server cannot be asked, or does not answer in time
 */
export async function askForRow<Row>(
  { session, clock, signal, dueAt }: Asker,
  schema: z.ZodType<Row>,
  sql: string,
  values: readonly unknown[] = [],
): Promise<{ row: Row; cost: Cost }> {
  const startedAt = clock.monotonic()
  const timeoutMs = Math.max(500, Math.min(TIMEOUT_MS, dueAt - startedAt))
  const { rows, bytes } = await session.query(sql, values, { signal, timeoutMs, maxRows: 1 })
  const row = schema.parse(rows[0])
  return { row, cost: { ms: Math.round(clock.monotonic() - startedAt), rows: recordsIn(row), bytes } }
}

/** What came in lists within the row counts as rows: that is what the server went through for it. */
function recordsIn(row: unknown): number {
  const lists = Object.values(row as object).filter((value) => Array.isArray(value))
  return lists.reduce((sum, list) => sum + list.length, 1)
}

/** A JSON column: it arrives parsed or as text, as the driver is set. */
export function json<T extends z.ZodType>(schema: T) {
  return z.preprocess((value) => (typeof value === 'string' ? JSON.parse(value) : value), schema)
}

/** SQL: a moment as milliseconds since the epoch. The same moment gives the same number each time. */
export function epochMs(moment: string): string {
  return `(extract(epoch from ${moment}) * 1000)::float8`
}

/** SQL: a list of records as JSON, empty rather than null. */
export function list(select: string): string {
  return `(select coalesce(json_agg(listed), '[]') from (${select}) listed)`
}

/** SQL: schema and name of a relation by its OID, read from the catalogue without opening the relation. */
export function nameOf(oid: string): string {
  return `(select quote_ident(n.nspname) || '.' || quote_ident(c.relname)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = ${oid})`
}

/**
 * SQL: the table that a TOAST table belongs to, by its name, which holds the table's OID: nothing in the catalogue leads
 * from one to the other but a scan of all tables.
 */
export function ownerOfToast(toast: string): string {
  return `(select its_owner.oid from pg_class its_owner
    where its_owner.oid = substring(${toast}.relname from '^pg_toast_([0-9]+)$')::oid
      and its_owner.reltoastrelid = ${toast}.oid)`
}

/** SQL: backends of Vakhta itself. Through a pooler the application's idle ones may still bear its name; `$1` is its role. */
export function isOwn(pooled: boolean): string {
  const exceptReused = pooled ? ` and not (state = 'idle' and usename = $1::text)` : ''
  return `(application_name = 'vakhta'${exceptReused}) is true`
}

/** The name of the role that watches, quoted by the server, in what makes the hidden visible. */
export function grantMonitor(hidden: number, me: string): string | null {
  return hidden > 0 ? `GRANT pg_monitor TO ${me};` : null
}

export function addCosts(a: Cost, b: Cost): Cost {
  return { ms: a.ms + b.ms, rows: a.rows + b.rows, bytes: a.bytes + b.bytes }
}
