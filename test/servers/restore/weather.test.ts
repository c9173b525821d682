/** What goes wrong while a database is restored: it is named, the database in use is as it was, and nothing is left behind. */
import type { Client } from 'pg'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import type { Manifest } from '../../../src/main/engine/backups/manifest.ts'
import { until } from '../../support/until.ts'
import { type BackupKit, createBackupKit } from '../backups/backup-kit.ts'
import { ANNA, createRestoreKit, NEVER, type RestoreKit } from './restore-kit.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 })

let server: PostgresServer
let kit: BackupKit
let restore: RestoreKit
let manifest: Manifest
beforeAll(async () => {
  server = await startPostgres({ settings: { max_connections: 20 } })
  kit = await createBackupKit({ password: server.password })
  await server.query('CREATE DATABASE shop')
  // Restoring it waits for as long as there is a role of this name: a check is looked at for each row that is loaded.
  await server.query(
    `CREATE FUNCTION waits() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
       WHILE EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'stall') LOOP PERFORM pg_catalog.pg_sleep(0.1); END LOOP;
       RETURN true; END $$;
     CREATE TABLE orders (id int CHECK (public.waits())); INSERT INTO orders VALUES (1)`,
    { database: 'shop' },
  )
  manifest = await kit.make(server, 'shop', { recipients: [], globals: false })
  await server.query('INSERT INTO orders VALUES (2)', { database: 'shop' })
  restore = createRestoreKit(server, kit, { database: 'shop' })
  restore.know(manifest)
})
afterAll(async () => {
  await restore?.close()
  await kit?.close()
  await server?.stop()
})
afterEach(async () => {
  await server.query('DROP ROLE IF EXISTS stall')
  expect(await server.query('SELECT id FROM orders ORDER BY id', { database: 'shop' })).toEqual([
    { id: 1 },
    { id: 2 },
  ])
  expect(await restore.databases()).toEqual(['shop'])
  await until(async () => (await sessions()).length === 0, { what: 'the end of our sessions' })
})

const sessions = (text = '') =>
  server.query(
    `SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'vakhta restore%' AND query LIKE $1`,
    { values: [`${text}%`] },
  )

it.each([
  ['side-by-side', 'restore-failed'],
  ['in-place', null],
] as const)('tells that the server ended its session in the middle: %s', async (mode, code) => {
  const console = await restore.console()
  await server.query('CREATE ROLE stall')
  const options = { mode, backup: manifest.id, ...(mode === 'in-place' && { room: 'none' }) }
  const asked = { kind: 'restore', deployment: 'shop', options, silence: false, confirm: 'shop' } as const
  const { id } = await console.operations.start(asked, ANNA, null, NEVER)
  const [loading] = await until(
    async () => {
      const found = await sessions('COPY ')
      return found.length > 0 && found
    },
    { what: 'a session that loads rows', timeoutMs: 60_000 },
  )
  await server.query('SELECT pg_terminate_backend($1)', { values: [loading?.pid] })
  await console.operations.settled(id)
  const ended = await console.operations.get(id)
  expect(ended).toMatchObject({ state: 'failed', target: 'unchanged', error: expect.anything() })
  if (code !== null) expect(ended.error).toMatchObject({ code })
  else expect(JSON.stringify(ended.error)).toMatch(/postgres-|restore-failed/)
  await console.close()
})

it('is not begun where the server has no connections left for it', async () => {
  const console = await restore.console()
  await console.preview({ mode: 'side-by-side', backup: manifest.id })
  const others: Client[] = []
  for (let count = 0; count < 14; count += 1) others.push(await server.connect('shop'))
  const { preview } = await console.preview({ mode: 'side-by-side', backup: manifest.id })
  await Promise.all(others.map((client) => client.end()))
  const { needed, free } = preview.connections
  expect(preview.refusals).toContainEqual({ code: 'connections-too-few', params: { needed, free } })
  await console.close()
})
