/** Several backups at once, or one and what works with another: none gets in the way of the other. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { backupId } from '../../../src/main/engine/backups/kinds/backup.ts'
import { sessionName } from '../../../src/main/engine/backups/postgres/dump.ts'
import { createRestoreKit } from '../restore/restore-kit.ts'
import { type BackupKit, createBackupKit } from './backup-kit.ts'

// Each is threads and programs that begin: on a machine with much else to do they take their time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let server: PostgresServer
let kit: BackupKit
beforeAll(async () => {
  server = await startPostgres()
  kit = await createBackupKit({ password: server.password })
  await server.query('CREATE DATABASE shop')
  await server.query('CREATE TABLE orders AS SELECT generate_series(1, 9) AS id', { database: 'shop' })
})
afterAll(async () => {
  await kit?.close()
  await server?.stop()
})

it('one that fails ends no session of another, however long the name of their deployment is', async () => {
  const deployment = 'd'.repeat(63)
  const [one, other] = ['1a2b3c4d', '5e6f7a8b'].map((operation) => backupId(deployment, 0, operation))
  if (one === undefined || other === undefined) throw new TypeError('two were asked for')
  for (const id of [one, other]) expect(Buffer.byteLength(sessionName(id))).toBeLessThanOrEqual(63)
  const session = await server.connect('shop')
  const locker = await server.connect('shop')
  try {
    await session.query(`SET application_name = '${sessionName(other)}'`)
    await locker.query('BEGIN; LOCK TABLE orders')
    const job = { id: one, deployment, lockWaitMs: 200, recipients: [] }
    await expect(kit.make(server, 'shop', job)).rejects.toThrow()
    expect((await session.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  } finally {
    await locker.end()
    await session.end().catch(() => {})
  }
})

it('lets none go that somebody begins to work with meanwhile', async () => {
  const backups = { keep: { last: 1 } }
  const restore = createRestoreKit(server, kit, { database: 'shop', backups })
  const console = await restore.console()
  const backUp = async () => {
    const done = await console.run({}, { kind: 'backup' })
    expect(done).toMatchObject({ state: 'succeeded' })
    return String(done.result?.backup)
  }
  try {
    const first = await backUp()
    const held = vi.spyOn(console.backedUp, 'held')
    // When it is first looked at, nobody does so far.
    held.mockResolvedValueOnce(new Map()).mockResolvedValue(new Map([[first, 'an operation']]))
    const second = await backUp()
    expect(held).toHaveBeenCalledTimes(2)
    expect(await kit.store.list()).toEqual(expect.arrayContaining([first, second]))
    held.mockRestore()
    const third = await backUp()
    expect(await kit.store.list()).toEqual([third])
  } finally {
    await console.close()
    await restore.close()
  }
})
