/** What was written to a database, or to tables of it, as its own statistics count: so that whoever takes a restore back sees how much is lost with that. */
import { DatabaseError } from 'pg'
import { z } from 'zod'
import type { Reason } from '#shared/model/reason.ts'
import { OperationFailed, type Subject } from '../../operations/kind.ts'
import { ReachError } from '../../reach/reach.ts'
import type { Table } from '../postgres/snapshot.ts'
import type { Querying } from './databases.ts'
import { operatingOf } from './operating.ts'

/** Rows, ever since the statistics were last reset. */
export const Written = z.object({
  inserted: z.coerce.number(),
  updated: z.coerce.number(),
  deleted: z.coerce.number(),
  /** As the server writes it; `null`: they never were. */
  resetAt: z.string().nullable(),
})
export type Written = z.infer<typeof Written>

/**
 * `$1`: names as `schema.table`; none for all. Views that were refreshed are no rows that somebody wrote.
 * @param withOwn what this session has written, too: the server's own count has that only when the transaction is over, and up to 14 a while after
 */
function written(withOwn: boolean): string {
  const sum = (what: string) =>
    `coalesce(sum(s.n_tup_${what}${withOwn ? ` + o.n_tup_${what}` : ''}), 0)::text`
  return `
  SELECT ${sum('ins')} AS inserted, ${sum('upd')} AS updated, ${sum('del')} AS deleted,
         (SELECT stats_reset::text FROM pg_catalog.pg_stat_database WHERE datname = current_database()) AS "resetAt"
    FROM pg_catalog.pg_stat_user_tables s JOIN pg_catalog.pg_class c ON c.oid = s.relid${withOwn ? ' JOIN pg_catalog.pg_stat_xact_user_tables o ON o.relid = s.relid' : ''}
   WHERE c.relkind = 'r' AND ($1::text[] IS NULL OR s.schemaname || '.' || s.relname = ANY ($1))`
}

const OF_EXTENSIONS = ` AND EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`

type Counting = Pick<Subject<unknown>, 'reach' | 'profile' | 'signal'>

/** @returns `null` where it cannot be counted: that is no reason not to restore, or to take back */
export function countWritten(
  context: Counting,
  database: string,
  tables: readonly Table[] | null = null,
): Promise<Written | null> {
  return count(context, database, written(false), tables)
}

/** To tables that extensions made, which they fill themselves. @returns `null` as above */
export function countWrittenOfExtensions(context: Counting, database: string): Promise<Written | null> {
  return count(context, database, `${written(false)}${OF_EXTENSIONS}`, null)
}

async function count(
  context: Counting,
  database: string,
  sql: string,
  tables: readonly Table[] | null,
): Promise<Written | null> {
  try {
    return await operatingOf(context).apart(context.signal, database, async ({ client }) => {
      const { rows } = await client.query(sql, [tables?.map(named) ?? null])
      return Written.parse(rows[0])
    })
  } catch (error) {
    context.signal.throwIfAborted()
    if (error instanceof ReachError || error instanceof OperationFailed) return null
    throw error
  }
}

/**
 * In a transaction that has these tables for itself, and wrote to them: what is counted by then of others, and its own. So nothing of it counts as written since.
 * @returns `null` as above; the transaction goes on
 */
export async function countWrittenWithin(
  client: Querying,
  tables: readonly Table[],
): Promise<Written | null> {
  await client.query('SAVEPOINT counted')
  try {
    const { rows } = await client.query(written(true), [tables.map(named)])
    return Written.parse(rows[0])
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    await client.query('ROLLBACK TO SAVEPOINT counted')
    return null
  }
}

function named({ schema, name }: Table): string {
  return `${schema}.${name}`
}

/** What came since, in rows; `null`: the two do not count from the same moment. */
export function writtenSince(then: Written | null, now: Written | null): Omit<Written, 'resetAt'> | null {
  if (then === null || now === null || then.resetAt !== now.resetAt) return null
  const since = {
    inserted: now.inserted - then.inserted,
    updated: now.updated - then.updated,
    deleted: now.deleted - then.deleted,
  }
  // A server that crashed counts anew.
  return Object.values(since).some((rows) => rows < 0) ? null : since
}

/** What going back loses, in a line. @param seconds since when */
export function lossOf(
  about: { readonly database: string; readonly seconds: number },
  then: Written | null,
  now: Written | null,
): Reason {
  const since = writtenSince(then, now)
  if (since === null) return { code: 'undo-loses-uncounted', params: about }
  const isNothing = since.inserted + since.updated + since.deleted === 0
  return isNothing
    ? { code: 'undo-loses-nothing', params: about }
    : { code: 'undo-loses-counted', params: { ...about, ...since } }
}
