/** A server without a database `postgres`: told in words, and restored with another that the profile names. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import type { Manifest } from '../../../src/main/engine/backups/manifest.ts'
import { type BackupKit, createBackupKit } from '../backups/backup-kit.ts'
import { createRestoreKit } from './restore-kit.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let server: PostgresServer
let kit: BackupKit
let manifest: Manifest
beforeAll(async () => {
  server = await startPostgres()
  kit = await createBackupKit({ password: server.password })
  await server.query('CREATE DATABASE shop')
  await server.query('CREATE DATABASE nobodys')
  await server.query('CREATE TABLE orders AS SELECT 1 AS id', { database: 'shop' })
  manifest = await kit.make(server, 'shop', { recipients: [] })
  await server.query('INSERT INTO orders VALUES (2)', { database: 'shop' })
  await server.query('ALTER DATABASE postgres RENAME TO another', { database: 'nobodys' })
})
afterAll(async () => {
  await kit?.close()
  await server?.stop()
})

it('is told which database is missing, and where to name another', async () => {
  const restore = createRestoreKit(server, kit, { database: 'shop' })
  restore.know(manifest)
  const console = await restore.console()
  const { preview } = await console.preview({ mode: 'side-by-side', backup: manifest.id })
  expect(preview.refusals).toContainEqual({
    code: 'maintenance-closed',
    params: { database: 'postgres', user: 'postgres', name: 'shop' },
  })
  await console.close()
  await restore.close()
})

it('is restored, swapped and taken back from the one that the profile names', async () => {
  const restore = createRestoreKit(server, kit, { database: 'shop', maintenance: 'nobodys' })
  restore.know(manifest)
  const console = await restore.console()
  const done = await console.run({ mode: 'side-by-side', backup: manifest.id })
  expect(done).toMatchObject({ state: 'succeeded', undo: 'available', error: null })
  const orders = () => server.query('SELECT id FROM orders ORDER BY id', { database: 'shop' })
  expect(await orders()).toEqual([{ id: 1 }])
  // The marker that keeps other consoles off stood there, and is gone.
  const markers = await server.query('SELECT FROM pg_db_role_setting WHERE setdatabase <> 0', {
    database: 'nobodys',
  })
  expect(markers).toEqual([])
  expect(await console.act(done.id, 'undo')).toMatchObject({ state: 'undone' })
  expect(await orders()).toEqual([{ id: 1 }, { id: 2 }])
  await console.close()
  await restore.close()
})
