/** Everything that is in a database, as text that can be compared. */
import type { PostgresServer } from '../../../demo/servers/postgres.ts'
import { DEFINITIONS } from './definitions.ts'

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** What there is besides rows by its kind, each thing as a line; and each table's rows by its name, whatever their types. */
export async function contentsOf(
  server: PostgresServer,
  database: string,
): Promise<Record<string, string[]>> {
  const client = await server.connect(database)
  try {
    await client.query(`SET search_path = ''`)
    const lines = async (text: string): Promise<string[]> =>
      (await client.query<{ line: string }>(text)).rows.map(({ line }) => line)
    const contents: Record<string, string[]> = {}
    for (const [kind, query] of Object.entries(DEFINITIONS))
      contents[kind] = await lines(`SELECT to_json(d)::text COLLATE "C" AS line FROM (${query}) d ORDER BY 1`)
    const { rows: relations } = await client.query<Record<'schema' | 'name' | 'kind', string>>(
      `SELECT n.nspname AS schema, c.relname AS name, c.relkind::text AS kind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND c.relkind IN ('r', 'm', 'S') AND c.relispopulated ORDER BY 1, 2`,
    )
    for (const { schema, name, kind } of relations) {
      const relation = `${quoted(schema)}.${quoted(name)}`
      contents[relation] = await lines(
        kind === 'S'
          ? `SELECT ROW(last_value, is_called)::text AS line FROM ${relation}`
          : `SELECT r::text COLLATE "C" AS line FROM ${kind === 'r' ? 'ONLY ' : ''}${relation} r ORDER BY 1`,
      )
    }
    return contents
  } finally {
    await client.end()
  }
}
