/** The thread of a backup as it is shipped: an entry of its own in the built bundle. */
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { buildDesktop } from '../../support/fake-electron/build-desktop.ts'
import { type BackupKit, createBackupKit } from './backup-kit.ts'

let main = ''
let server: PostgresServer
let kit: BackupKit
beforeAll(async () => {
  main = await buildDesktop('backups-under-test')
  server = await startPostgres()
  const worker = pathToFileURL(join(dirname(main), 'backup-worker.js'))
  kit = await createBackupKit({ password: server.password, worker })
}, 120_000)
afterAll(async () => {
  await kit?.close()
  await server?.stop()
  await rm(join(main, '../..'), { recursive: true, force: true })
})

it('makes a backup and verifies it', async () => {
  await server.query('CREATE TABLE orders AS SELECT g AS id FROM generate_series(1, 100) g')
  const manifest = await kit.make(server, 'postgres')
  expect(manifest.parts[0]?.tables).toEqual([{ schema: 'public', name: 'orders', rows: 100 }])
  expect(await kit.verify(manifest)).toEqual({ isManifestWhole: true })
})
