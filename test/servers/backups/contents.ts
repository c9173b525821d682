/** Everything that is in a database, as text that can be compared. */
import type { PostgresServer } from '../../../demo/servers/postgres.ts'

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** Each table's rows, whatever their types, and what a dump holds besides. */
export async function contentsOf(server: PostgresServer, database: string): Promise<Record<string, unknown>> {
  const client = await server.connect(database)
  try {
    const all = async (text: string) => (await client.query(text)).rows as Record<string, unknown>[]
    const own = `n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'`
    const contents: Record<string, unknown> = {
      schema: await all(`
        SELECT n.nspname AS schema, c.relname AS name, c.relkind::text AS kind, c.relpersistence::text AS lasts, c.relrowsecurity AS secured,
               pg_get_expr(c.relpartbound, c.oid) AS bound, obj_description(c.oid) AS comment,
               (SELECT json_agg(json_build_array(a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
                                                 pg_get_expr(d.adbin, d.adrelid)) ORDER BY a.attnum)
                  FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                 WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${own} ORDER BY 1, 2`),
      constraints: await all(
        `SELECT conrelid::regclass::text AS of, conname, pg_get_constraintdef(oid) FROM pg_constraint
          WHERE conrelid <> 0 AND connamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2`,
      ),
      policies: await all('SELECT * FROM pg_policies ORDER BY 1, 2, 3'),
      extensions: await all('SELECT extname, extversion FROM pg_extension ORDER BY 1'),
      triggers: await all(`SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1`),
      objects: await all(
        `SELECT encode(lo_get(oid), 'hex') AS content FROM pg_largeobject_metadata ORDER BY oid`,
      ),
    }
    const relations = await all(
      `SELECT n.nspname AS schema, c.relname AS name, c.relkind::text AS kind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE ${own} AND c.relkind IN ('r', 'm', 'S') ORDER BY 1, 2`,
    )
    for (const { schema, name, kind } of relations) {
      const relation = `${quoted(String(schema))}.${quoted(String(name))}`
      const rows = await all(
        kind === 'S'
          ? `SELECT ROW(last_value, is_called)::text AS row FROM ${relation}`
          : `SELECT r::text AS row FROM ${kind === 'r' ? 'ONLY ' : ''}${relation} r ORDER BY 1`,
      )
      contents[relation] = rows.map(({ row }) => row)
    }
    return contents
  } finally {
    await client.end()
  }
}
