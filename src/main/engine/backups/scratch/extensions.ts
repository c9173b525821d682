/** Extensions that only a superuser may install: made in a scratch database, where they were, while nothing of the backup is in it. */
import type { ExtensionThen } from '../postgres/extensions-then.ts'
import { sqlName } from '../postgres/quote.ts'
import type { Querying } from '../restore/databases.ts'

const NOT_THERE = `
  SELECT DISTINCT s AS schema FROM unnest($1::text[]) s WHERE NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = s) ORDER BY 1`

/**
 * What a dump writes rows of: nothing else of them, and no more than that. Who may *refer* to a table of a superuser's has a function of its own run as that one:
 * a foreign key is checked as the owner of the table that it refers to, with the casts of whoever refers.
 */
const GRANTS = `
  SELECT format('GRANT %s %s.%s TO %I', CASE c.relkind WHEN 'S' THEN 'SELECT, UPDATE ON SEQUENCE' ELSE 'SELECT, INSERT ON TABLE' END,
                quote_ident(n.nspname), quote_ident(c.relname), $2::text) AS grant
    FROM pg_extension e CROSS JOIN unnest(e.extconfig) AS f (oid) JOIN pg_class c ON c.oid = f.oid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE e.extname = ANY ($1) ORDER BY c.oid`

/** To what it is granted there. It makes nothing beside it: what is an extension's own may run as a superuser, and find that first. */
const SCHEMAS = `
  SELECT DISTINCT format('GRANT USAGE ON SCHEMA %s TO %I', c.relnamespace::regnamespace, $2::text) AS grant
    FROM pg_extension e CROSS JOIN unnest(e.extconfig) AS f (oid) JOIN pg_class c ON c.oid = f.oid
   WHERE e.extname = ANY ($1)`

/**
 * @param role may make things in the schemas that are made for them, and fill the tables that they have for settings of the user's own, which a dump writes rows of
 * @returns these schemas: the dump makes them, too, and must not
 */
export async function installThere(
  client: Querying,
  extensions: readonly ExtensionThen[],
  role: string,
): Promise<string[]> {
  const { rows } = await client.query<{ schema: string }>(NOT_THERE, [extensions.map(({ schema }) => schema)])
  for (const { schema } of rows) {
    await client.query(`CREATE SCHEMA ${sqlName(schema)}`)
    await client.query(`GRANT ALL ON SCHEMA ${sqlName(schema)} TO ${sqlName(role)}`)
  }
  for (const { name, schema } of extensions)
    await client.query(
      `CREATE EXTENSION IF NOT EXISTS ${sqlName(name)} WITH SCHEMA ${sqlName(schema)} CASCADE`,
    )
  for (const asked of [SCHEMAS, GRANTS]) {
    const granted = await client.query<{ grant: string }>(asked, [extensions.map(({ name }) => name), role])
    for (const { grant } of granted.rows) await client.query(grant)
  }
  return rows.map(({ schema }) => schema)
}
