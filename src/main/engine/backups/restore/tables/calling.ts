/**
 * Foreign keys that take a function of somebody's to compare rows: PostgreSQL looks at all rows of a new one as whoever makes it, and casts the columns that refer
 * to what those are compared as that they refer to. Told by types, whatever casts there are at the moment: who owns a type makes and drops casts of it.
 */
import type { Table } from '../../postgres/snapshot.ts'
import type { Querying } from '../databases.ts'

export interface KeyColumns {
  readonly from: Table
  readonly to: Table
  readonly columns: readonly { readonly from: string; readonly to: string }[]
}

/**
 * `$1`: number of the key, `$2`–`$7`: schema, table and column of either side. Two of one type are compared as they are. Types of PostgreSQL itself and base types are
 * made by superusers, and so are casts between those; an array counts among these, too, and is whose its elements are.
 */
const CALLING = `
  WITH RECURSIVE reached (type, oid) AS (
    SELECT oid, oid FROM pg_type UNION ALL SELECT r.type, y.typbasetype FROM reached r JOIN pg_type y ON y.oid = r.oid WHERE y.typtype = 'd'),
  base AS (
    SELECT r.type, y.oid, y.typnamespace = 'pg_catalog'::regnamespace OR (y.typtype = 'b' AND y.typcategory <> 'A') AS of_superuser
      FROM reached r JOIN pg_type y ON y.oid = r.oid WHERE y.typtype <> 'd')
  SELECT DISTINCT w.key
    FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) AS w (key, fs, fn, fc, ts, tn, tc)
    JOIN pg_namespace fs ON fs.nspname = w.fs JOIN pg_class f ON f.relnamespace = fs.oid AND f.relname = w.fn
    JOIN pg_attribute fa ON fa.attrelid = f.oid AND fa.attname = w.fc JOIN base fb ON fb.type = fa.atttypid
    JOIN pg_namespace ts ON ts.nspname = w.ts JOIN pg_class t ON t.relnamespace = ts.oid AND t.relname = w.tn
    JOIN pg_attribute ta ON ta.attrelid = t.oid AND ta.attname = w.tc JOIN base tb ON tb.type = ta.atttypid
   WHERE fb.oid <> tb.oid AND NOT (fb.of_superuser AND tb.of_superuser)`

/** Those of these that take one; their tables are there. */
export async function keysThatCall<Key extends KeyColumns>(
  client: Querying,
  keys: readonly Key[],
): Promise<Key[]> {
  const pairs = keys.flatMap(({ from, to, columns }, key) =>
    columns.map((column) => ({ key, from, to, column })),
  )
  const { rows } = await client.query<{ key: number }>(CALLING, [
    pairs.map(({ key }) => key),
    pairs.map(({ from }) => from.schema),
    pairs.map(({ from }) => from.name),
    pairs.map(({ column }) => column.from),
    pairs.map(({ to }) => to.schema),
    pairs.map(({ to }) => to.name),
    pairs.map(({ column }) => column.to),
  ])
  return keys.filter((_, index) => rows.some(({ key }) => key === index))
}
