/** A server whose disk is so full that PostgreSQL cannot even drop a database: what is left is told, nobody goes back to half of one, and it goes once there is room. */
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { unprivilegedOwner } from '../../../demo/servers/owner.ts'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { mountSmallDisk, type SmallDisk } from '../../../demo/servers/small-disk.ts'
import type { Manifest } from '../../../src/main/engine/backups/manifest.ts'
import { cannotMount } from '../../crash/small-disk.ts'
import { until } from '../../support/until.ts'
import { type BackupKit, createBackupKit } from '../backups/backup-kit.ts'
import { createRestoreKit, type RestoreConsole, type RestoreKit } from './restore-kit.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 })

let server: PostgresServer
let kit: BackupKit
let restore: RestoreKit
let disk: SmallDisk
let manifest: Manifest
beforeAll(async () => {
  if (cannotMount !== null) return
  // Nothing is written before a checkpoint, which dropping a database asks for.
  server = await startPostgres({ settings: { shared_buffers: `'128MB'`, bgwriter_lru_maxpages: 0 } })
  kit = await createBackupKit({ password: server.password })
  disk = mountSmallDisk(96 * 1_048_576, unprivilegedOwner())
  await server.query(`CREATE TABLESPACE small LOCATION '${disk.directory}'`)
  await server.query('CREATE DATABASE shop TABLESPACE small')
  await server.query(
    `CREATE FUNCTION waits() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
       WHILE EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'stall') LOOP PERFORM pg_catalog.pg_sleep(0.1); END LOOP;
       RETURN true; END $$;
     CREATE TABLE orders (id int, note text, CHECK (public.waits()));
     INSERT INTO orders SELECT g, repeat(md5(g::text), 20) FROM generate_series(1, 4000) g`,
    { database: 'shop' },
  )
  manifest = await kit.make(server, 'shop', { recipients: [], globals: false })
  await server.query('DELETE FROM orders WHERE id > 1', { database: 'shop' })
  await server.query('CHECKPOINT')
  restore = createRestoreKit(server, kit, { database: 'shop', readsOnce: true })
  restore.know(manifest)
})
afterEach(async () => {
  disk?.makeRoom()
})
afterAll(async () => {
  await restore?.close()
  for (const name of (await restore?.databases()) ?? [])
    await server.query(`DROP DATABASE "${name}" WITH (FORCE)`)
  await server?.query('DROP TABLESPACE IF EXISTS small')
  disk?.release()
  await kit?.close()
  await server?.stop()
})

/** Pages of a new database are only in memory, and files with holes hold their place: with no room left there is no checkpoint any more. */
async function fillWhatCannotBeWritten(): Promise<void> {
  await server.query('CREATE DATABASE late TABLESPACE small')
  disk.fill()
  await expect(server.query('CHECKPOINT')).rejects.toThrow()
}

const idsIn = async () =>
  (await server.query('SELECT count(*)::int AS count FROM orders', { database: 'shop' }))[0]?.count

async function onNext<T>(work: (console: RestoreConsole) => Promise<T>): Promise<T> {
  const console = await restore.console()
  try {
    return await work(console)
  } finally {
    await console.close()
  }
}

const named = cannotMount === null ? '' : ` (${cannotMount})`

it.skipIf(cannotMount !== null)(
  `says that what it made is still there, and why it failed, and a later console drops it once there is room${named}`,
  async () => {
    const failed = await onNext(async (console) => {
      await server.query('CREATE ROLE stall')
      const running = console.run({ mode: 'side-by-side', backup: manifest.id })
      await until(
        async () =>
          (await server.query(`SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'`)).length > 0,
        { what: 'rows that are loaded', timeoutMs: 60_000 },
      )
      await fillWhatCannotBeWritten()
      await server.query('DROP ROLE stall')
      const ended = await running
      const [, beside] = await restore.databases().then((names) => names.filter((name) => name !== 'late'))
      expect(ended).toMatchObject({ state: 'failed', undo: 'failed', target: 'unknown' })
      expect(ended.error).toMatchObject({
        code: 'restore-not-dropped',
        params: { database: beside, words: expect.stringContaining('checkpoint') },
      })
      expect(await console.operations.log(ended.id)).toContainEqual(
        expect.objectContaining({
          reason: expect.objectContaining({
            code: 'restore-failed',
            params: expect.objectContaining({ words: expect.stringContaining('No space left on device') }),
          }),
        }),
      )
      return ended
    })
    expect(await idsIn()).toBe(1)
    disk.makeRoom()
    const back = await onNext((console) => console.act(failed.id, 'undo'))
    expect(back).toMatchObject({ state: 'undone', undo: 'done', target: 'unchanged', error: null })
    expect(await restore.databases()).toEqual(['late', 'shop'])
    await server.query('DROP DATABASE late')
  },
)

it.skipIf(cannotMount !== null)(
  `does not go back to a database that was begun to be dropped: keeping goes on once there is room${named}`,
  async () => {
    await onNext(async (console) => {
      const done = await console.run({ mode: 'side-by-side', backup: manifest.id })
      expect(done).toMatchObject({ state: 'succeeded', error: null })
      await server.query('CHECKPOINT')
      await fillWhatCannotBeWritten()
      const keep = { mode: 'keep', operation: done.id }
      const failed = await console.run(keep)
      expect(failed).toMatchObject({ state: 'failed', error: { code: 'restore-before-not-dropped' } })
      const back = await console.act(done.id, 'undo')
      expect(back).toMatchObject({ state: 'failed', error: { code: 'restore-before-broken' } })
      expect(await idsIn()).toBe(4_000)
      disk.makeRoom()
      expect(await console.run(keep)).toMatchObject({ state: 'succeeded', error: null })
      expect(await restore.databases()).toEqual(['late', 'shop'])
      expect(await idsIn()).toBe(4_000)
    })
  },
)
