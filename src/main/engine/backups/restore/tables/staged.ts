/**
 * The tables that rows of a backup wait in. Whoever puts rows there is who operates, so nothing of anybody's may run for it: a domain is what it is made of, and what has one
 * within, or is somebody's otherwise (composite types, ranges with a function of their own), is text as the dump wrote it, until it goes to its table.
 */
import { z } from 'zod'
import { sqlName } from '../../postgres/quote.ts'
import type { Table } from '../../postgres/snapshot.ts'
import type { Querying } from '../databases.ts'
import { inSql } from './names.ts'
import { callsOf } from './types-that-call.ts'

/** `$1`: oid of the table, `$2`: its columns. Of a domain the type below all of it; `calls`: its values are not read by PostgreSQL's own functions alone. */
const STAGED_AS = `
  WITH RECURSIVE below (name, type, modifier) AS (
      SELECT attname, atttypid, atttypmod FROM pg_attribute WHERE attrelid = $1::oid AND attname = ANY ($2::text[]) AND attnum > 0
      UNION ALL SELECT b.name, t.typbasetype, t.typtypmod FROM below b JOIN pg_type t ON t.oid = b.type WHERE t.typtype = 'd'),
    plain AS (SELECT b.name, b.type, b.modifier, b.type AS oid FROM below b JOIN pg_type t ON t.oid = b.type WHERE t.typtype <> 'd'),
    ${callsOf('plain')}
  SELECT p.name, CASE WHEN EXISTS (SELECT FROM calls c WHERE c.name = p.name) THEN NULL ELSE format_type(p.type, p.modifier) END AS type,
         CASE WHEN EXISTS (SELECT FROM pg_cast WHERE castsource = 'varchar'::regtype AND casttarget = a.atttypid) THEN 'text' ELSE 'varchar' END AS text
    FROM plain p JOIN pg_attribute a ON a.attrelid = $1::oid AND a.attname = p.name`

/** What waits as text has one of these. */
export const TEXT: ReadonlySet<string> = new Set(['text', 'character varying'])

const StagedAs = z.object({ name: z.string(), type: z.string().nullable(), text: z.string() })

/** @param columns those that come over */
export async function makeStaged(
  client: Querying,
  into: Table,
  of: Table & { readonly oid: number },
  columns: readonly string[],
): Promise<void> {
  const { rows } = await client.query(STAGED_AS, [of.oid, columns])
  const types = z.array(StagedAs).parse(rows)
  const all = columns.map((column) => {
    const as = types.find(({ name }) => name === column)
    const name = sqlName(column)
    // Made as a column of the table, it compares as that does.
    if (as?.type != null) return `${name}::${as.type} AS ${name}`
    return `NULL::${as?.text ?? 'varchar'} AS ${name}`
  })
  // What is lost with a crash of the server is counted before it is used.
  await client.query(
    `CREATE UNLOGGED TABLE ${inSql(into)} AS SELECT ${all.join(', ')} FROM ONLY ${inSql(of)} WITH NO DATA`,
  )
}
