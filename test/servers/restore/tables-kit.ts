/** A shop whose tables are restored: one backup for all tests of a file, and a copy of the database for each. */
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import type { Manifest } from '../../../src/main/engine/backups/manifest.ts'
import { type BackupKit, createBackupKit } from '../backups/backup-kit.ts'
import { createRestoreKit, type RestoreConsole, type RestoreKit } from './restore-kit.ts'

export interface Shop {
  readonly server: PostgresServer
  readonly kit: BackupKit
  readonly restore: RestoreKit
  readonly manifest: Manifest
  readonly console: RestoreConsole
  /** In the copy, as its superuser. */
  query(sql: string): Promise<Record<string, unknown>[]>
  /** Of a restore of these tables. */
  options(...tables: { schema: string; name: string }[]): {
    mode: 'tables'
    backup: string
    tables: { schema: string; name: string }[]
  }
}

/** For a file of tests. @param sql what the shop is made of, as superuser @param settings of its server */
export function shopWith(sql: string, settings: Readonly<Record<string, string | number>> = {}): Shop {
  let server: PostgresServer
  let kit: BackupKit
  let restore: RestoreKit
  let manifest: Manifest
  let console: RestoreConsole
  beforeAll(async () => {
    server = await startPostgres({ settings })
    kit = await createBackupKit({ password: server.password })
    await server.query('CREATE DATABASE shop')
    await server.query(sql, { database: 'shop' })
    manifest = await kit.make(server, 'shop', { recipients: [], globals: false })
    // Each test has a copy of it.
    await server.query('ALTER DATABASE shop RENAME TO shop_then')
  })
  afterAll(async () => {
    await kit.close()
    await server.stop()
  })
  beforeEach(async () => {
    await server.query('CREATE DATABASE shop TEMPLATE shop_then')
    restore = createRestoreKit(server, kit, { database: 'shop', readsOnce: true })
    restore.know(manifest)
    console = await restore.console()
  })
  afterEach(async () => {
    await console.close()
    const left = await server.query(
      `SELECT ARRAY(SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'vakhta restore%') AS sessions, ARRAY(SELECT rolname::text FROM pg_roles WHERE rolname LIKE 'vakhta%') AS roles`,
    )
    expect(left).toEqual([{ sessions: [], roles: [] }])
    await restore.close()
    await server.query('DROP DATABASE shop WITH (FORCE)')
  })
  return {
    get server() {
      return server
    },
    get kit() {
      return kit
    },
    get restore() {
      return restore
    },
    get manifest() {
      return manifest
    },
    get console() {
      return console
    },
    query: (text) => server.query(text, { database: 'shop' }),
    options: (...tables) => ({ mode: 'tables', backup: manifest.id, tables }),
  }
}

export const table = (name: string, schema = 'public') => ({ schema, name })

/** How tables of these schemas are made, line by line: columns, what belongs to them, and what a restore left. */
export async function definedIn(shop: Pick<Shop, 'query'>, schemas: readonly string[]): Promise<string[]> {
  const named = `SELECT oid FROM pg_namespace WHERE nspname IN (${schemas.map((one) => `'${one}'`).join(', ')})`
  const [row] = await shop.query(`
    SELECT json_agg(d ORDER BY d)::text AS defined FROM (
      SELECT concat_ws(' ', 'column', c.oid::regclass, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated, a.attacl, a.attstattarget, pg_get_expr(f.adbin, f.adrelid), col_description(c.oid, a.attnum)) AS d
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 LEFT JOIN pg_attrdef f ON f.adrelid = c.oid AND f.adnum = a.attnum WHERE c.relnamespace IN (${named})
      UNION ALL SELECT concat_ws(' ', 'class', oid::regclass, relkind, relowner::regrole, coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, relowner)), reloptions, relrowsecurity, relforcerowsecurity, relispartition, pg_get_expr(relpartbound, oid), pg_get_partkeydef(oid), obj_description(oid, 'pg_class'))
        FROM pg_class WHERE relnamespace IN (${named})
      UNION ALL SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated, conislocal, coninhcount, obj_description(oid, 'pg_constraint')) FROM pg_constraint WHERE conrelid <> 0
      UNION ALL SELECT concat_ws(' ', 'index', pg_get_indexdef(indexrelid), indisvalid, indisreplident, (SELECT inhparent::regclass FROM pg_inherits WHERE inhrelid = indexrelid)) FROM pg_index WHERE indrelid >= 16384 AND indrelid::regclass::text !~ '^pg_toast'
      UNION ALL SELECT concat_ws(' ', 'trigger', pg_get_triggerdef(oid), tgenabled, obj_description(oid, 'pg_trigger')) FROM pg_trigger WHERE NOT tgisinternal
      UNION ALL SELECT concat_ws(' ', 'policy', polrelid::regclass, polname, polpermissive, polcmd, polroles::regrole[], pg_get_expr(polqual, polrelid), obj_description(oid, 'pg_policy')) FROM pg_policy
      UNION ALL SELECT concat_ws(' ', 'statistics', pg_get_statisticsobjdef(oid)) FROM pg_statistic_ext
      UNION ALL SELECT concat_ws(' ', 'sequence', schemaname, sequencename, last_value, increment_by, data_type) FROM pg_sequences
      UNION ALL SELECT concat_ws(' ', 'owned', objid::regclass, refobjid::regclass, refobjsubid) FROM pg_depend WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND deptype IN ('a', 'i') AND objid IN (SELECT seqrelid FROM pg_sequence)
      UNION ALL SELECT concat_ws(' ', 'schema', nspname) FROM pg_namespace WHERE nspname LIKE 'vakhta%') AS all_of_it`)
  return JSON.parse(String(row?.defined)) as string[]
}
