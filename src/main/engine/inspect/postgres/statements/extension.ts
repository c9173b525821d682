/**
 * Where `pg_stat_statements` is, and in which version: it may lie in any schema, and be older than the server. Its columns
 * were renamed in 1.8 (PostgreSQL 13), when planning got times of its own.
 * https://www.postgresql.org/docs/current/pgstatstatements.html
 */
import { z } from 'zod'
import type { TopStatements } from '#shared/model/database/statements.ts'

export interface Extension {
  /** Quoted by the server. */
  readonly schema: string
  /** As `1.10`: major and minor. */
  readonly version: readonly [number, number]
}

/** `pg_settings` has the library's settings only where it is loaded; a line in a file alone does not show there. */
export const EXTENSION_SQL = `
with found as (
  select n.oid, quote_ident(nspname) as schema, extversion as version
  from pg_extension join pg_namespace n on n.oid = extnamespace where extname = 'pg_stat_statements'
)
select quote_ident(current_user) as me, pg_has_role(current_user, 'pg_read_all_stats', 'usage') as reads_all,
  (select schema from found) as schema, (select version from found) as version,
  (select has_schema_privilege(oid, 'usage') from found) as uses,
  (select bool_and(has_function_privilege(p.oid, 'execute')) from found join pg_proc p on pronamespace = found.oid
    where proname = 'pg_stat_statements') as executes,
  exists (select from pg_settings where name = 'pg_stat_statements.track') as loaded`

export const ExtensionRow = z.object({
  me: z.string(),
  /** Without that it sees figures of its own statements alone. */
  reads_all: z.boolean(),
  schema: z.string().nullable(),
  version: z.string().nullable(),
  /** Whether it may look into the schema, and call the function there; `null` where there is none. */
  uses: z.boolean().nullable(),
  executes: z.boolean().nullable(),
  loaded: z.boolean(),
})
export type ExtensionRow = z.infer<typeof ExtensionRow>

export type Missing = NonNullable<TopStatements['missing']>

/** The extension, or why there is none and what whoever administers the server does about it. */
export function extensionOf(
  row: ExtensionRow,
): { extension: Extension } | { missing: Missing; remedy: string } {
  const { schema, version, loaded, me } = row
  if (!loaded) {
    const create = schema === null ? ' CREATE EXTENSION pg_stat_statements;' : ''
    return {
      missing: 'not-loaded',
      remedy: `shared_preload_libraries = 'pg_stat_statements'  -- postgresql.conf, then restart PostgreSQL.${create}`,
    }
  }
  if (schema === null || version === null) {
    return { missing: 'not-created', remedy: 'CREATE EXTENSION pg_stat_statements;' }
  }
  const grants = [
    ...(row.reads_all ? [] : [`GRANT pg_monitor TO ${me};`]),
    ...(row.uses === false ? [`GRANT USAGE ON SCHEMA ${schema} TO ${me};`] : []),
    ...(row.executes === false ? [`GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${schema} TO ${me};`] : []),
  ]
  if (grants.length > 0) return { missing: 'not-permitted', remedy: grants.join(' ') }
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return { extension: { schema, version: [major, minor] } }
}

export function isSince({ version: [major, minor] }: Extension, [wanted, least]: readonly [number, number]) {
  return major > wanted || (major === wanted && minor >= least)
}
