/** The columns of tables that rows wait in, those of the backup or those that were put aside. */
import { escapeLiteral } from 'pg'
import { z } from 'zod'
import { sqlName } from '../../postgres/quote.ts'
import type { Table } from '../../postgres/snapshot.ts'
import type { Querying } from '../databases.ts'
import type { LiveTable } from './live.ts'
import { inSql } from './names.ts'

const HeldColumn = z.object({
  ...{ table: z.string(), name: z.string(), type: z.string() },
  /** It was so where the rows are from, and is of no use to them. */
  computed: z.boolean(),
  /** Whether it would be known of a column of this table; older consoles noted nothing. */
  noted: z.boolean(),
})
export type HeldColumn = z.infer<typeof HeldColumn>

/** As comments, on columns and on their table: what a column of a query was, PostgreSQL does not note. */
const COMPUTED = 'Vakhta: computed'
const NOTED = 'Vakhta: computed columns are noted'

/** `$1`: the schema. */
const COLUMNS = `
  SELECT c.relname AS table, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, coalesce(col_description(c.oid, a.attnum) = $2, false) AS computed,
         coalesce(obj_description(c.oid, 'pg_class') = $3, false) AS noted
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname = $1 AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.oid, a.attnum`

/** All that are in such a schema. */
export async function lookAtHeld(client: Querying, schema: string): Promise<HeldColumn[]> {
  const { rows } = await client.query(COLUMNS, [schema, COMPUTED, NOTED])
  return z.array(HeldColumn).parse(rows)
}

/** Of one that has rows of this table. */
export async function noteComputed(client: Querying, into: Table, of: LiveTable): Promise<void> {
  await client.query(`COMMENT ON TABLE ${inSql(into)} IS ${escapeLiteral(NOTED)}`)
  for (const { name } of of.columns.filter(({ generated }) => generated))
    await client.query(`COMMENT ON COLUMN ${inSql(into)}.${sqlName(name)} IS ${escapeLiteral(COMPUTED)}`)
}
