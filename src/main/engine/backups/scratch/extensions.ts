/** Extensions that only a superuser may install: made in a scratch database while nothing of the backup is in it. */
import { sqlName } from '../postgres/quote.ts'
import type { Querying } from '../restore/databases.ts'

/** Where one has to be, which most do not mind. */
const PLACES = `
  SELECT v.name::text AS name, v.schema::text AS schema
    FROM pg_available_extension_versions v JOIN pg_available_extensions a ON a.name = v.name AND a.default_version = v.version
   WHERE v.name = ANY ($1) ORDER BY 1`

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
  await client.query(`GRANT ALL ON ALL TABLES IN SCHEMA public TO ${sqlName(role)}`)
}
