/**
 * Tables whose policies hold for their owner, too, come back by the hands of who is no superuser and has no BYPASSRLS: what is compared is every row, and the tables
 * are as they were then.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import type { Manifest } from '../../../src/main/engine/backups/manifest.ts'
import { type BackupKit, createBackupKit } from '../backups/backup-kit.ts'
import { createRestoreKit, type RestoreKit } from './restore-kit.ts'

// Each restore is threads and programs that begin: on a machine with much else to do they take their time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

/** `hid"den` and `divided` show nobody anything, `open` is no concern of policies; and what is called as PostgreSQL calls its own would be run by who may do more. */
const TABLES = `
  SET ROLE keeper; CREATE SCHEMA mine; CREATE FUNCTION mine.row_security_active(oid) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''it was run by %'', current_user; END';
  CREATE SCHEMA "Склад"; CREATE TABLE "Склад"."hid""den" AS SELECT generate_series(1, 30) AS id; CREATE TABLE open AS SELECT generate_series(1, 4) AS id;
  CREATE TABLE divided (id int) PARTITION BY RANGE (id); CREATE TABLE divided_1 PARTITION OF divided FOR VALUES FROM (1) TO (100);
  INSERT INTO divided SELECT generate_series(1, 6); CREATE MATERIALIZED VIEW seen AS SELECT id FROM divided; RESET ROLE`
const POLICIES = ['"Склад"."hid""den"', 'divided', 'divided_1']
  .map(
    (table) =>
      `CREATE POLICY nobody ON ${table} USING (false); ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY; ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`,
  )
  .join('; ')

let source: PostgresServer
let other: PostgresServer
let kit: BackupKit
let manifest: Manifest
const opened: RestoreKit[] = []
beforeAll(async () => {
  ;[source, other] = await Promise.all([startPostgres(), startPostgres()])
  kit = await createBackupKit({ password: source.password })
  await source.query('CREATE ROLE keeper NOLOGIN')
  await source.query('CREATE DATABASE guarded OWNER keeper')
  await source.query(`${TABLES}; ${POLICIES}`, { database: 'guarded' })
  manifest = await kit.make(source, 'guarded', { deployment: 'shop' })
  await kit.vault.set('postgres', other.password)
  await other.query(
    `CREATE ROLE operator LOGIN CREATEDB CREATEROLE PASSWORD '${other.password}'; GRANT pg_signal_backend TO operator;
     CREATE ROLE watcher LOGIN PASSWORD '${other.password}' IN ROLE pg_monitor`,
  )
})
afterAll(async () => {
  await kit?.close()
  await source?.stop()
  await other?.stop()
})
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close()
})

function restoring(): RestoreKit {
  const restore = createRestoreKit(other, kit, {
    ...{ database: 'guarded', operate: 'operator', watch: 'watcher', readsOnce: true },
  })
  restore.know(manifest)
  opened.push(restore)
  return restore
}

const COUNTS = `SELECT (SELECT count(*) FROM "Склад"."hid""den")::int AS hidden, (SELECT count(*) FROM public.divided_1)::int AS divided, (SELECT count(*) FROM public.open)::int AS open`
const FORCED = `SELECT relnamespace::regnamespace::text AS schema, relname, relrowsecurity, relforcerowsecurity FROM pg_class WHERE relkind IN ('r', 'p') AND oid >= 16384 ORDER BY 1, 2`

async function expectAll(database: string) {
  // Filled by its owner, who sees none of them any more.
  expect(await other.query('SELECT id FROM public.seen', { database })).toEqual([])
  expect(await other.query(COUNTS, { database })).toEqual([{ hidden: 30, divided: 6, open: 4 }])
  expect(await other.query(FORCED, { database })).toEqual(await source.query(FORCED, { database: 'guarded' }))
}

it('brings them to a server without the database', async () => {
  const console = await restoring().console()
  const options = { mode: 'elsewhere', backup: manifest.id, from: 'shop' }
  const done = await console.run(options)
  expect(done).toMatchObject({ state: 'succeeded', error: null, result: { tables: 3, rows: 40 } })
  await expectAll('guarded')
  expect(await console.act(done.id, 'undo')).toMatchObject({ state: 'undone', target: 'unchanged' })
  await console.close()
})

it('counts every row of them, and says which are missing', async () => {
  const restore = restoring()
  const parts = manifest.parts.map((part) => ({
    ...part,
    tables: part.tables.map((table) => (table.name === 'hid"den' ? { ...table, rows: 31 } : table)),
  }))
  restore.know({ ...manifest, parts })
  const console = await restore.console()
  const done = await console.run({ mode: 'elsewhere', backup: manifest.id, from: 'shop' })
  expect(done).toMatchObject({
    ...{ state: 'failed', target: 'unchanged' },
    error: {
      code: 'counts-differ',
      params: { table: 'guarded: Склад.hid"den', expected: 31, found: 30, more: 0 },
    },
  })
  await console.close()
})

describe('where the database is there', () => {
  beforeAll(async () => {
    await other.query('CREATE ROLE keeper NOLOGIN; GRANT keeper TO operator')
  })
  afterEach(async () => {
    await other.query('DROP DATABASE guarded WITH (FORCE)')
  })
  const there = async (sql: string) => {
    await other.query('CREATE DATABASE guarded OWNER keeper')
    await other.query(sql, { database: 'guarded' })
  }

  it('brings them back beside it, and in its place, whatever its owner set for it', async () => {
    await there(
      'ALTER SCHEMA public OWNER TO keeper; ALTER DATABASE guarded SET search_path = mine, pg_catalog',
    )
    const console = await restoring().console()
    const done = await console.run({ mode: 'side-by-side', backup: manifest.id, swap: true })
    expect(done).toMatchObject({ state: 'succeeded', error: null, result: { tables: 3, rows: 40 } })
    await expectAll('guarded')
    expect(await console.act(done.id, 'undo')).toMatchObject({ state: 'undone', target: 'unchanged' })
    await console.close()
  })

  it('brings them back in one transaction', async () => {
    await there('ALTER SCHEMA public OWNER TO keeper; SET ROLE keeper; CREATE TABLE now AS SELECT 1 AS id')
    const console = await restoring().console()
    const done = await console.run({ mode: 'in-place', backup: manifest.id, room: 'none' })
    expect(done).toMatchObject({ state: 'succeeded', error: null })
    await expectAll('guarded')
    expect(await console.act(done.id, 'undo')).toMatchObject({ state: 'undone' })
    await console.close()
  })

  it('replaces nothing in one transaction that it can make no backup of', async () => {
    await there(
      `ALTER SCHEMA public OWNER TO keeper; ${TABLES}; ${POLICIES}; ALTER DATABASE guarded SET search_path = mine, pg_catalog`,
    )
    const console = await restoring().console()
    const { preview } = await console.preview({ mode: 'in-place', backup: manifest.id, room: 'none' })
    expect(preview.refusals).toEqual([
      {
        code: 'restore-in-place-hidden',
        params: {
          user: 'operator',
          database: 'guarded',
          tables: 'public.divided, public.divided_1, Склад.hid"den',
        },
      },
    ])
    await console.close()
  })
})
