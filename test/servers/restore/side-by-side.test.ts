/** A restore side by side on a real PostgreSQL: everything comes back, in the place of what was there, and goes back again. */
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import type { Manifest } from '../../../src/main/engine/backups/manifest.ts'
import { until } from '../../support/until.ts'
import { type BackupKit, createBackupKit } from '../backups/backup-kit.ts'
import { contentsOf } from '../backups/contents.ts'
import { countsOf, everything, privileged } from '../backups/everything.ts'
import { createRestoreKit, type RestoreKit } from './restore-kit.ts'

/** A name that needs quoting wherever a name can stand. */
const STRANGE = `Лавка "Ёж" = 'x\\y' /?`
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

// Each restore is threads and programs that begin: on a machine with much else to do they take their time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const { tables: TABLES, rows: ROWS } = countsOf()

let server: PostgresServer
let kit: BackupKit
let restore: RestoreKit
let manifest: Manifest
let contents: Record<string, unknown>
beforeAll(async () => {
  server = await startPostgres()
  kit = await createBackupKit({ password: server.password })
  await server.query(`CREATE ROLE "Кладовщик" LOGIN PASSWORD 'at first'`)
  await server.query(
    `CREATE DATABASE ${quoted(STRANGE)} OWNER "Кладовщик" TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C.UTF-8' CONNECTION LIMIT 30`,
  )
  await server.query(everything() + privileged(), { database: STRANGE })
  await server.query(
    `CREATE POLICY theirs ON customers TO "Кладовщик" USING (true);
     COMMENT ON DATABASE ${quoted(STRANGE)} IS 'всё, что ''есть''';
     ALTER DATABASE ${quoted(STRANGE)} SET search_path TO "$user", public, "Склад ""А""";
     ALTER DATABASE ${quoted(STRANGE)} SET work_mem TO '7MB';
     ALTER DATABASE ${quoted(STRANGE)} SET vakhta.word TO 'it''s, "so"';
     ALTER ROLE "Кладовщик" IN DATABASE ${quoted(STRANGE)} SET statement_timeout TO '9s';
     REVOKE CONNECT ON DATABASE ${quoted(STRANGE)} FROM PUBLIC;
     GRANT CONNECT, CREATE ON DATABASE ${quoted(STRANGE)} TO "Кладовщик" WITH GRANT OPTION`,
    { database: STRANGE },
  )
  manifest = await kit.make(server, STRANGE)
  contents = await contentsOf(server, STRANGE)
  // A secret that was changed since the backup is not what it was then.
  await server.query(`ALTER ROLE "Кладовщик" PASSWORD 'rotated'`)
  restore = createRestoreKit(server, kit, { database: STRANGE })
  restore.know(manifest)
})
afterAll(async () => {
  await restore.close()
  await kit.close()
  await server.stop()
})
afterEach(async () => {
  expect(await restore.databases()).toEqual([STRANGE])
  const [left] = await server.query(
    `SELECT count(*) AS count FROM pg_stat_activity WHERE application_name LIKE 'vakhta restore%'`,
  )
  expect(Number(left?.count)).toBe(0)
})

/** What is of the database and in no dump. */
const around = async (name: string) =>
  server.query(
    `SELECT pg_get_userbyid(datdba) AS owner, datcollate, datctype, pg_encoding_to_char(encoding) AS encoding, datconnlimit, datallowconn,
            shobj_description(oid, 'pg_database') AS comment,
            (SELECT json_agg(json_build_array(grantee, privilege_type, is_grantable) ORDER BY grantee, privilege_type) FROM aclexplode(datacl)) AS grants,
            (SELECT json_agg(json_build_array(setrole, setconfig) ORDER BY setrole) FROM pg_db_role_setting WHERE setdatabase = d.oid) AS settings
       FROM pg_database d WHERE datname = $1`,
    { values: [name] },
  )

const ROOM = {
  code: 'restore-room',
  params: { needed: expect.any(Number), free: expect.any(Number) },
}

const passwords = () => server.query('SELECT rolname, rolpassword FROM pg_authid ORDER BY 1')

const damage = () =>
  server.query('DELETE FROM orders WHERE id > 10; DROP TABLE types; UPDATE customers SET name = $$gone$$', {
    database: STRANGE,
  })

it('brings everything back in the place of what was there, and takes that back', async () => {
  const before = await around(STRANGE)
  const secrets = await passwords()
  await damage()
  const damaged = await contentsOf(server, STRANGE)
  const console = await restore.console()
  const options = { mode: 'side-by-side', backup: manifest.id, swap: true }
  const { preview } = await console.preview(options)
  expect(preview.refusals).toEqual([])
  expect(preview).toMatchObject({ effect: 'destroys', connections: { needed: 3 } })
  expect(preview.changes.map(({ code }) => code)).toContain('restore-swaps')
  // The disk of this machine is asked.
  expect(preview.warnings).toContainEqual(ROOM)
  expect(preview.irreversible.map(({ code }) => code)).toEqual(['restore-loses-since', 'restore-undo-loses'])

  const done = await console.run(options)
  expect(done).toMatchObject({ state: 'succeeded', undo: 'available', target: 'changed', error: null })
  expect(done.result).toMatchObject({ backup: manifest.id, database: STRANGE, tables: TABLES, rows: ROWS })
  expect(await contentsOf(server, STRANGE)).toEqual(contents)
  expect(await around(STRANGE)).toEqual(before)
  expect(await passwords()).toEqual(secrets)
  const aside = String(done.result?.before)
  expect(await restore.databases()).toEqual([STRANGE, aside].toSorted())
  expect(await contentsOf(server, aside)).toEqual(damaged)
  expect(restore.told[manifest.id]).toBe('verified')

  expect((await console.previewUndo(done.id)).irreversible).toMatchObject([{ code: 'undo-loses-nothing' }])
  await server.query(
    `INSERT INTO customers (id, name) VALUES (901, 'new'), (902, 'newer'); UPDATE customers SET name = 'newest' WHERE name = 'newer'; DELETE FROM customers WHERE name = 'new'`,
    { database: STRANGE },
  )
  const back = await until(
    async () => {
      const seen = await console.previewUndo(done.id)
      return seen.irreversible[0]?.code === 'undo-loses-counted' && seen
    },
    { what: 'that the statistics know of it', timeoutMs: 60_000, everyMs: 250 },
  )
  expect(back).toMatchObject({
    ...{ effect: 'destroys', refusals: [], connections: { needed: 2 } },
    irreversible: [{ params: { database: STRANGE, inserted: 2, updated: 1, deleted: 1 } }],
    databases: [{ name: aside }, { name: STRANGE }],
    steps: [{ id: 'restore-swap' }, { id: 'restore-fill' }, { id: 'restore-create' }],
  })
  expect(back.changes.map(({ code }) => code)).toEqual([
    ...['undo-restore-swaps-back', 'restore-ends-sessions', 'undo-restore-drops-restored'],
  ])
  expect(await contentsOf(server, aside)).toEqual(damaged)

  const undone = await console.act(done.id, 'undo')
  expect(undone).toMatchObject({ state: 'undone', undo: 'done', target: 'unchanged' })
  expect(await contentsOf(server, STRANGE)).toEqual(damaged)
  expect(await around(STRANGE)).toEqual(before)
  expect(await passwords()).toEqual(secrets)
  await console.close()
})

it('closes what it swaps in where somebody closed what was there, and names labels that it does not copy', async () => {
  await server.query(`ALTER DATABASE ${quoted(STRANGE)} ALLOW_CONNECTIONS false`)
  // As a module would have it, which none is here.
  await server.query(
    `SET allow_system_table_mods = on;
     INSERT INTO pg_shseclabel SELECT oid, 'pg_database'::regclass, 'selinux', 'system_u:object_r:sepgsql_db_t:s0' FROM pg_database WHERE datname = $n$${STRANGE}$n$`,
  )
  const console = await restore.console()
  try {
    const options = { mode: 'side-by-side', backup: manifest.id, swap: true }
    const { preview } = await console.preview(options)
    expect(preview.warnings).toContainEqual({
      code: 'restore-labels',
      params: { database: STRANGE, labels: 'selinux: system_u:object_r:sepgsql_db_t:s0' },
    })
    expect(preview.warnings.map(({ code }) => code)).toContain('restore-closed')
    const done = await console.run(options)
    expect(done).toMatchObject({ state: 'succeeded', undo: 'available' })
    expect(await around(STRANGE)).toMatchObject([{ datallowconn: false }])
    expect(await console.act(done.id, 'undo')).toMatchObject({ state: 'undone', target: 'unchanged' })
    expect(await around(STRANGE)).toMatchObject([{ datallowconn: false }])
  } finally {
    await server.query('SET allow_system_table_mods = on; DELETE FROM pg_shseclabel')
    await server.query(`ALTER DATABASE ${quoted(STRANGE)} ALLOW_CONNECTIONS true`)
    restore.retry()
    await console.close()
  }
})

it('keeps what was restored, and there is no way back any more', async () => {
  const console = await restore.console()
  const done = await console.run({ mode: 'side-by-side', backup: manifest.id })
  expect(done.state).toBe('succeeded')
  const { preview } = await console.preview({ mode: 'keep', operation: done.id })
  expect(preview).toMatchObject({ effect: 'destroys', refusals: [] })
  expect(await console.run({ mode: 'keep', operation: done.id })).toMatchObject({
    state: 'succeeded',
    undo: 'none',
  })
  const again = await console.preview({ mode: 'keep', operation: done.id })
  expect(again.preview.refusals).toEqual([{ code: 'restore-is-kept', params: { id: done.id } }])
  expect(await contentsOf(server, STRANGE)).toEqual(contents)
  // Nobody is offered a way that leads nowhere.
  expect(await console.operations.get(done.id)).toMatchObject({ state: 'succeeded', undo: 'none' })
  await expect(console.act(done.id, 'undo')).rejects.toMatchObject({ refused: { kind: 'state' } })
  expect(await contentsOf(server, STRANGE)).toEqual(contents)
  await console.close()
})

it('leaves it beside where nothing is to be swapped', async () => {
  const console = await restore.console()
  const options = { mode: 'side-by-side', backup: manifest.id, swap: false }
  expect((await console.preview(options)).preview.effect).toBe('writes')
  const done = await console.run(options)
  expect(done).toMatchObject({ state: 'succeeded', undo: 'available' })
  expect(await contentsOf(server, String(done.result?.restored))).toEqual(contents)
  expect(await console.act(done.id, 'undo')).toMatchObject({ state: 'undone' })
  await console.close()
})
