/** A small database is restored, and tried, on a server that may let its log grow larger than its disk is: so much is never logged of it. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import type { Manifest } from '../../../src/main/engine/backups/manifest.ts'
import type { OperationFacts } from '../../../src/shared/model/operation.ts'
import { type BackupKit, createBackupKit } from '../backups/backup-kit.ts'
import { ANNA, createRestoreKit, NEVER, type RestoreConsole, type RestoreKit } from './restore-kit.ts'

// Each is threads and programs that begin: on a machine with much else to do they take their time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let server: PostgresServer
let kit: BackupKit
let restore: RestoreKit
let console: RestoreConsole
let manifest: Manifest
beforeAll(async () => {
  server = await startPostgres()
  kit = await createBackupKit({ password: server.password })
  await server.query('CREATE DATABASE shop')
  await server.query('CREATE TABLE orders AS SELECT generate_series(1, 9) AS id', { database: 'shop' })
  manifest = await kit.make(server, 'shop', { recipients: [], globals: false })
  await server.query(`ALTER SYSTEM SET max_wal_size TO '900TB'`)
  await server.query('SELECT pg_reload_conf()')
  restore = createRestoreKit(server, kit, { database: 'shop' })
  restore.know(manifest)
  console = await restore.console()
  await console.backedUp.catalogue.add(manifest, kit.directory, 'this-console')
})
afterAll(async () => {
  await console?.close()
  await restore?.close()
  await kit?.close()
  await server?.stop()
})

const codes = (reasons: readonly { code: string }[]) => reasons.map(({ code }) => code)
const preview = async (kind: 'restore' | 'drill', options: OperationFacts) => {
  const request = { kind, deployment: 'shop', options, silence: false }
  return (await console.operations.preview(request, ANNA, NEVER)).preview
}

it.each([
  ['beside and swapped', {}, 'restore-in-place-beside'],
  ['in one transaction', { room: 'none' }, 'restore-in-place-replaces'],
])('in place: %s', async (_, more, code) => {
  const { refusals, changes } = await preview('restore', { mode: 'in-place', backup: manifest.id, ...more })
  expect(refusals).toEqual([])
  expect(codes(changes)).toContain(code)
})

it('as a drill on the server', async () => {
  expect((await preview('drill', { backup: manifest.id, from: 'shop' })).refusals).toEqual([])
})

it('and the way back says what it takes', async () => {
  const done = await console.run({ mode: 'in-place', backup: manifest.id, room: 'none' })
  expect(done).toMatchObject({ state: 'succeeded' })
  const { preview: back } = await console.operations.previewAct(done.id, 'undo', false, ANNA, NEVER)
  expect([back.refusals, codes(back.warnings)]).toEqual([[], ['restore-room']])
  expect(await console.act(done.id, 'undo')).toMatchObject({ state: 'undone' })
})
