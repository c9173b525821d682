/**
 * Takes the tables of a restore for itself, all or none. Whoever waits for such a lock holds up everybody who comes after, so each attempt waits less than
 * a second, lets the others pass, and the last says who was in the way. That is also below `deadlock_timeout`: nobody is made to fail for us.
 */
import { DatabaseError } from 'pg'
import type { Clock } from '../../../clock.ts'
import { OperationFailed } from '../../../operations/kind.ts'
import { sqlName } from '../../postgres/quote.ts'
import type { Table } from '../../postgres/snapshot.ts'
import type { Querying } from '../databases.ts'
import { isOf } from './is-of.ts'
import { type Live, ownInbound } from './live.ts'
import { inSql, inWords } from './names.ts'

const ATTEMPT_MS = 800
const PAUSE_MS = 400
export const WAITS_MS = 10_000
const NAMED = 5
/** Lock not available, and a deadlock that was found. */
const IN_THE_WAY: ReadonlySet<string | undefined> = new Set(['55P03', '40P01'])

/** The tables that are locked: the chosen ones, and those with a foreign key to one of them. */
export function locked(live: Live): { oid: number; schema: string; name: string }[] {
  const all = [...live.tables, ...ownInbound(live).map(({ from }) => from)]
  return [...new Map(all.map(({ oid, schema, name }) => [oid, { oid, schema, name }])).values()].toSorted(
    (a, b) => a.oid - b.oid,
  )
}

/** Tables besides, for what is made of tables that were not there, or taken away again. */
export interface Besides {
  readonly tables: readonly Table[]
  /** `SHARE ROW EXCLUSIVE` lets others read. */
  readonly mode: 'SHARE ROW EXCLUSIVE' | 'ACCESS EXCLUSIVE'
}
export const NOTHING_BESIDES: Besides = { tables: [], mode: 'ACCESS EXCLUSIVE' }

/**
 * Begins a transaction that has them, and leaves it open.
 * @throws OperationFailed `restore-tables-locked`; no transaction is open then
 */
export async function beginLocked(
  client: Querying,
  live: Live,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
  besides: Besides = NOTHING_BESIDES,
): Promise<void> {
  const tables = locked(live)
  const others = besides.tables.filter((table) => !tables.some(isOf(table)))
  const until = clock.monotonic() + WAITS_MS
  for (;;) {
    signal.throwIfAborted()
    try {
      await client.query(`BEGIN; SET LOCAL lock_timeout = ${ATTEMPT_MS}`)
      if (tables.length > 0)
        await client.query(`LOCK TABLE ${tables.map(inSql).join(', ')} IN ACCESS EXCLUSIVE MODE`)
      if (others.length > 0)
        await client.query(`LOCK TABLE ${others.map(inSql).join(', ')} IN ${besides.mode} MODE`)
      for (const sequence of live.tables.flatMap(({ sequences }) => sequences)) {
        // Changes nothing, but keeps others from counting on until it is over.
        await client.query(`ALTER SEQUENCE ${inSql(sequence)} INCREMENT BY ${sequence.increment}`)
      }
      await client.query(`SET LOCAL lock_timeout = ${WAITS_MS}`)
      return
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {})
      if (!(error instanceof DatabaseError) || !IN_THE_WAY.has(error.code)) throw error
      if (clock.monotonic() >= until) throw await heldBy(client, live, others)
      await new Promise<void>((resolve) => clock.after(PAUSE_MS, resolve))
    }
  }
}

/** `$1`: schemas, `$2`: names; sequences among them. */
const HOLDERS = `
  SELECT format('%s (PID %s, %s, %s)', coalesce(nullif(a.application_name, ''), a.backend_type, '—'), l.pid, coalesce(a.usesysid::regrole::text, '—'),
           coalesce(a.state, '—')) AS who
    FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
    JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN unnest($1::text[], $2::text[]) AS wanted (schema, name) ON wanted.schema = n.nspname AND wanted.name = c.relname
   WHERE l.locktype = 'relation' AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND l.granted AND l.pid <> pg_backend_pid()
   GROUP BY 1, a.xact_start ORDER BY a.xact_start LIMIT ${NAMED}`

async function heldBy(client: Querying, live: Live, others: readonly Table[]): Promise<OperationFailed> {
  const tables = [...locked(live), ...others]
  const all = [...tables, ...live.tables.flatMap(({ sequences }) => sequences)]
  const { rows } = await client.query<{ who: string }>(HOLDERS, [
    all.map(({ schema }) => schema),
    all.map(({ name }) => name),
  ])
  return new OperationFailed('restore-tables-locked', {
    tables: tables.map(inWords).join(', '),
    seconds: WAITS_MS / 1_000,
    sessions: rows.map(({ who }) => who).join(', ') || '—',
  })
}

/** The statement that gives a trigger back when it fires. */
export function enableTrigger(table: string, name: string, enabled: 'O' | 'R' | 'A'): string {
  const how = { O: 'ENABLE', R: 'ENABLE REPLICA', A: 'ENABLE ALWAYS' }[enabled]
  return `ALTER TABLE ONLY ${table} ${how} TRIGGER ${sqlName(name)}`
}
