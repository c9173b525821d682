/** A restore in place on a real PostgreSQL: where there is room it is a swap, and where there is none one transaction that replaces everything, or nothing. */
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import type { Manifest } from '../../../src/main/engine/backups/manifest.ts'
import { until } from '../../support/until.ts'
import { type BackupKit, createBackupKit } from '../backups/backup-kit.ts'
import { contentsOf } from '../backups/contents.ts'
import { everything, privileged } from '../backups/everything.ts'
import { createRestoreKit, type RestoreKit } from './restore-kit.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const STRANGE = `Лавка "Ёж" = 'x\\y' /?`
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

let server: PostgresServer
let kit: BackupKit
let restore: RestoreKit
let manifest: Manifest
let then: unknown
beforeAll(async () => {
  server = await startPostgres()
  kit = await createBackupKit({ password: server.password })
  await server.query('CREATE ROLE "Кладовщик"')
  await server.query(`CREATE DATABASE ${quoted(STRANGE)} OWNER "Кладовщик" TEMPLATE template0`)
  await sql(everything() + privileged())
  await sql(
    `CREATE SCHEMA "Склад"; CREATE TABLE "Склад".gone AS SELECT 1 AS id;
     CREATE FUNCTION copying() RETURNS text LANGUAGE sql AS $$ SELECT 'COPY customers FROM stdin;
COPY public.customers (id) FROM stdin;
CREATE SCHEMA public;
SET transaction_timeout = 0;
\\restrict me'::text $$`,
  )
  manifest = await kit.make(server, STRANGE)
  then = await whole()
  await sql(
    `DELETE FROM orders WHERE id > 10; DROP TABLE types; UPDATE customers SET name = $$now$$; DROP SCHEMA "Склад" CASCADE;
     CREATE TABLE since AS SELECT generate_series(1, 5) AS id; CREATE SCHEMA newer; CREATE VIEW newer.seen AS SELECT name FROM customers;
     ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC; SELECT lo_from_bytea(0, 'new');
     CREATE PUBLICATION feed FOR TABLE since; REVOKE CREATE ON SCHEMA public FROM "Кладовщик"; REFRESH MATERIALIZED VIEW totals`,
  )
  restore = createRestoreKit(server, kit, { database: STRANGE })
  restore.know(manifest)
})
afterAll(async () => {
  await restore?.close()
  await kit?.close()
  await server?.stop()
})
afterEach(async () => {
  expect(await restore.databases()).toEqual([STRANGE])
  const [left] = await server.query(
    `SELECT count(*) AS count FROM pg_stat_activity WHERE application_name LIKE 'vakhta restore%'`,
  )
  expect(Number(left?.count)).toBe(0)
})

const sql = (text: string) => server.query(text, { database: STRANGE })

const whole = () => contentsOf(server, STRANGE)

const options = () => ({ mode: 'in-place', backup: manifest.id, room: 'none' })

it('replaces all that is in the database, and takes that back as a whole', async () => {
  const now = await whole()
  const console = await restore.console()
  const { preview } = await console.preview(options())
  expect(preview).toMatchObject({ effect: 'destroys', refusals: [] })
  expect(preview.changes.map(({ code }) => code)).toEqual([
    ...['restore-in-place-safety', 'restore-in-place-replaces', 'restore-ends-sessions'],
    'restore-in-place-waits',
  ])
  expect(preview.irreversible.map(({ code }) => code)).toEqual([
    'restore-in-place-loses',
    'restore-in-place-undo-loses',
  ])
  const oid = await sql('SELECT oid FROM pg_database WHERE datname = current_database()')

  await console.backedUp.catalogue.add(manifest, kit.directory, 'this-console')
  const done = await console.run(options())
  expect(done).toMatchObject({ state: 'succeeded', undo: 'available', target: 'changed', error: null })
  // Of its safety backup there was one before: how far it is can be told; so little is done before there is a speed.
  const told = console.turns.find(
    ({ progress: { bytes, totalBytes } }) => bytes !== null && totalBytes !== null,
  )
  expect(told?.progress.totalBytes).toBeGreaterThan(0)
  expect(await whole()).toEqual(then)
  expect(await sql('SELECT oid FROM pg_database WHERE datname = current_database()')).toEqual(oid)
  expect(done.result?.safety).toMatch(/^shop-/)

  await sql(`INSERT INTO customers (id, name) VALUES (901, 'since')`)
  const back = await until(
    async () => {
      const seen = await console.previewUndo(done.id)
      return seen.irreversible[0]?.code === 'undo-loses-counted' && seen
    },
    { what: 'that the statistics know of it', timeoutMs: 60_000, everyMs: 250 },
  )
  expect(back).toMatchObject({
    ...{
      refusals: [],
      changes: [{ code: 'undo-in-place-restores', params: { safety: done.result?.safety } }, {}, {}],
    },
    irreversible: [{ params: { database: STRANGE, inserted: 1, updated: 0, deleted: 0 } }],
  })
  expect(await console.act(done.id, 'undo')).toMatchObject({ state: 'undone', target: 'unchanged' })
  expect(await whole()).toEqual(now)
  // Without statistics the first hours after it would be the slowest.
  expect(
    await sql(
      "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND reltuples < 0",
    ),
  ).toEqual([])
  await console.close()
})

it('leaves every row as it was where the rows that came are not those that were counted', async () => {
  const now = await whole()
  const parts = manifest.parts.map((part) => ({
    ...part,
    tables: part.tables.map((table) =>
      table.name === 'orders' ? { ...table, rows: table.rows + 1 } : table,
    ),
  }))
  restore.know({ ...manifest, parts })
  const console = await restore.console()
  const failed = await console.run(options())
  restore.know(manifest)
  expect(failed).toMatchObject({
    ...{ state: 'failed', undo: 'none', target: 'unchanged' },
    error: { code: 'counts-differ', params: { found: 200, expected: 201 } },
  })
  expect(await whole()).toEqual(now)
  await console.close()
})

it('is a swap where there is room, which it sees by itself', async () => {
  const now = await whole()
  const console = await restore.console()
  const { preview } = await console.preview({ mode: 'in-place', backup: manifest.id })
  expect(preview.changes[0]).toMatchObject({ code: 'restore-in-place-beside' })
  const done = await console.run({ mode: 'in-place', backup: manifest.id })
  expect(done).toMatchObject({ state: 'succeeded', result: { before: expect.any(String) } })
  expect(await whole()).toEqual(then)
  expect(await console.act(done.id, 'undo')).toMatchObject({ state: 'undone' })
  expect(await whole()).toEqual(now)
  await console.close()
})

it('says of a disk that it does not see no number', async () => {
  // Whoever may not read where the server lies sees no disk.
  await server.query(`CREATE ROLE blind LOGIN CREATEDB PASSWORD '${server.password}' IN ROLE "Кладовщик"`)
  const blind = createRestoreKit(server, kit, { database: STRANGE, operate: 'blind' })
  blind.know(manifest)
  const console = await blind.console()
  const { preview } = await console.preview({ ...options(), room: 'enough' })
  expect(preview.changes[0]).toMatchObject({ code: 'restore-in-place-beside-unseen' })
  await console.close()
  await blind.close()
})

it('refuses, in words, whoever may not drop what is there', async () => {
  await server.query(`CREATE ROLE keeper LOGIN PASSWORD '${server.password}' IN ROLE "Кладовщик"`)
  const weak = createRestoreKit(server, kit, { database: STRANGE, operate: 'keeper' })
  weak.know(manifest)
  const console = await weak.console()
  const { preview } = await console.preview(options())
  expect(preview.refusals).toContainEqual({
    code: 'restore-in-place-not-owner',
    params: { user: 'keeper', things: expect.stringMatching(/publication feed.*schema newer/) },
  })
  // That it may make no database is no matter here.
  expect(preview.refusals.map(({ code }) => code)).not.toContain('restore-no-createdb')
  await console.close()
  await weak.close()
})
