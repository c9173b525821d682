/**
 * Whether PostgreSQL lets anybody delete rows of a table: not where a publication has its deletes and it has no replica identity, by which those who subscribe would
 * tell which row that was; with any `wal_level`, and also where there are no rows.
 */
import { z } from 'zod'
import type { Querying } from '../databases.ts'

/** For a query, `c` being its `pg_class`. A key that is checked later tells no rows. */
export const IS_TOLD_APART = `
  (c.relreplident = 'f' OR EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisvalid AND i.indimmediate
     AND CASE c.relreplident WHEN 'd' THEN i.indisprimary WHEN 'i' THEN i.indisreplident ELSE false END))`

/** `$1`: tables. Of a partition also those of what it is a partition of, in whose name it may be published. */
const PUBLISHING = (ofSchemas: string) => `
  WITH RECURSIVE upwards (oid, place) AS (
    SELECT c.oid, c.oid FROM pg_class c WHERE c.oid = ANY ($1::oid[]) AND c.relpersistence = 'p'
    UNION ALL SELECT u.oid, i.inhparent FROM upwards u JOIN pg_class c ON c.oid = u.place AND c.relispartition JOIN pg_inherits i ON i.inhrelid = u.place)
  SELECT u.oid, array_agg(DISTINCT p.pubname::text ORDER BY p.pubname::text) AS publications
    FROM upwards u JOIN pg_class c ON c.oid = u.place JOIN pg_publication p ON p.pubdelete
     AND (p.puballtables OR EXISTS (SELECT FROM pg_publication_rel r WHERE r.prpubid = p.oid AND r.prrelid = c.oid) ${ofSchemas})
   GROUP BY u.oid`

/** From 15 on. */
const OF_SCHEMAS =
  'OR EXISTS (SELECT FROM pg_publication_namespace s WHERE s.pnpubid = p.oid AND s.pnnspid = c.relnamespace)'

const Publishing = z.object({ oid: z.coerce.number(), publications: z.array(z.string()) })

/** @param tables oids of those without a replica identity @returns the publications that have their deletes */
export async function publishingOf(
  client: Querying,
  tables: readonly number[],
): Promise<Map<number, string[]>> {
  if (tables.length === 0) return new Map()
  const { rows: known } = await client.query(`SELECT FROM pg_publication LIMIT 1`)
  if (known.length === 0) return new Map()
  const { rows: schemas } = await client.query(
    `SELECT FROM pg_class WHERE oid = to_regclass('pg_catalog.pg_publication_namespace')`,
  )
  const { rows } = await client.query(PUBLISHING(schemas.length > 0 ? OF_SCHEMAS : ''), [tables])
  return new Map(
    z
      .array(Publishing)
      .parse(rows)
      .map(({ oid, publications }) => [oid, publications]),
  )
}
