/** Extensions that only a superuser may install: made in a scratch database while nothing of the backup is in it. */
import { sqlName } from '../postgres/quote.ts'
import type { Querying } from '../restore/databases.ts'

/** Where one has to be, which most do not mind. */
const PLACES = `
  SELECT v.name::text AS name, v.schema::text AS schema
    FROM pg_available_extension_versions v JOIN pg_available_extensions a ON a.name = v.name AND a.default_version = v.version
   WHERE v.name = ANY ($1) ORDER BY 1`

/**
 * What a dump writes rows of: nothing else of them, and no more than that. Who may *refer* to a table of a superuser's has a function of its own run as that one:
 * a foreign key is checked as the owner of the table that it refers to, with the casts of whoever refers.
 */
const GRANTS = `
  SELECT format('GRANT %s %s.%s TO %I', CASE c.relkind WHEN 'S' THEN 'SELECT, UPDATE ON SEQUENCE' ELSE 'SELECT, INSERT ON TABLE' END,
                quote_ident(n.nspname), quote_ident(c.relname), $2::text) AS grant
    FROM pg_extension e CROSS JOIN unnest(e.extconfig) AS f (oid) JOIN pg_class c ON c.oid = f.oid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE e.extname = ANY ($1) ORDER BY c.oid`

/** @param role may fill the tables that they have for settings of the user's own, which a dump writes rows of */
export async function installThere(
  client: Querying,
  extensions: readonly string[],
  role: string,
): Promise<void> {
  if (extensions.length === 0) return
  const { rows } = await client.query<{ name: string; schema: string | null }>(PLACES, [extensions])
  for (const { name, schema } of rows) {
    const where = schema === null ? ' WITH SCHEMA public' : ''
    await client.query(`CREATE EXTENSION IF NOT EXISTS ${sqlName(name)}${where} CASCADE`)
  }
  const granted = await client.query<{ grant: string }>(GRANTS, [extensions, role])
  for (const { grant } of granted.rows) await client.query(grant)
}
