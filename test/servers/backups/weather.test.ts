/** What goes wrong while a backup is made: it is named, nothing looks whole that is not, and nothing is left behind. */
import { readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import type { Client } from 'pg'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { descendantsOf } from '../../../demo/servers/process-tree.ts'
import { mountSmallDisk } from '../../../demo/servers/small-disk.ts'
import { Cancelled } from '../../../src/main/engine/backups/worker/told.ts'
import { cannotMount } from '../../crash/small-disk.ts'
import { mountFreezableDisk, whyNoFreezing } from '../../support/frozen-disk.ts'
import { until } from '../../support/until.ts'
import { type BackupKit, createBackupKit } from './backup-kit.ts'

const cannotFreeze = await whyNoFreezing()
if (cannotFreeze !== null)
  console.warn(`The test of a disk that stops answering is skipped: ${cannotFreeze}.`)

let server: PostgresServer
let kit: BackupKit
let locker: Client | null = null
beforeAll(async () => {
  server = await startPostgres()
  kit = await createBackupKit({ password: server.password })
  process.env.TMPDIR = kit.home
  await server.query('CREATE DATABASE shop')
  await server.query(
    `CREATE TABLE orders AS SELECT g AS id, md5(g::text) || md5((g * 7)::text) AS note FROM generate_series(1, 60000) g;
     CREATE TABLE other (id int)`,
    { database: 'shop' },
  )
})
afterAll(async () => {
  await kit.close()
  await server.stop()
})
afterEach(async () => {
  await locker?.end()
  locker = null
  await until(async () => (await sessions()).length === 0, { what: 'the end of our sessions' })
  expect(programs()).toEqual([])
  expect(leftInTemporary()).toEqual([])
})

async function lock(): Promise<void> {
  locker = await server.connect('shop')
  await locker.query('BEGIN; LOCK TABLE other IN ACCESS EXCLUSIVE MODE')
}

const sessions = (): Promise<Record<string, unknown>[]> =>
  server.query(
    `SELECT pid, wait_event_type AS waits, query FROM pg_stat_activity WHERE application_name LIKE 'vakhta backup%'`,
  )

/** The programs that run for us. */
function programs(): number[] {
  return descendantsOf(process.pid).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('pg_dump')
    } catch {
      return false
    }
  })
}

/** In a temporary directory of our own: other tests make backups at the same time. */
const leftInTemporary = (): string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith('vakhta-backup-'))

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'it succeeded',
    (error: unknown) => (error as { failure?: unknown }).failure ?? error,
  )

/** Until the program waits for the lock. */
const untilItWaits = () =>
  until(
    async () =>
      (await sessions()).some(
        ({ waits, query }) => waits === 'Lock' && String(query).startsWith('LOCK TABLE'),
      ) && programs()[0],
    { what: 'a program that waits' },
  )

it('a table that stays locked ends it, by name', async () => {
  await lock()
  expect(await failure(kit.make(server, 'shop', { lockWaitMs: 400 }))).toMatchObject({
    code: 'lock-timeout',
    params: { table: 'public.other', seconds: 0.4 },
  })
  expect(readdirSync(kit.directory)).toEqual([])
})

it('cancelling ends the program and its sessions, and the password was nowhere to be seen', async () => {
  await lock()
  const ending = new AbortController()
  const recipients = await kit.keys.recipients()
  const job = kit.job(server, 'shop', { lockWaitMs: 60_000, recipients })
  const made = failure(kit.runJob(job, { signal: ending.signal, onProgress() {} }))
  const pid = await untilItWaits()
  for (const file of ['cmdline', 'environ']) {
    expect(readFileSync(`/proc/${pid}/${file}`, 'utf8')).not.toContain(server.password)
  }
  ending.abort()
  expect(await made).toBeInstanceOf(Cancelled)
  expect(await sessions()).toEqual([])
  expect(readdirSync(kit.directory)).toEqual([])
})

it('a program that is killed is told as that', async () => {
  await lock()
  const made = failure(kit.make(server, 'shop', { lockWaitMs: 60_000 }))
  process.kill(await untilItWaits(), 'SIGKILL')
  expect(await made).toMatchObject({ code: 'tool-killed', params: { program: 'pg_dump', signal: 'SIGKILL' } })
  expect(readdirSync(kit.directory)).toEqual([])
})

it('a session that the server ends is told in its words', async () => {
  await lock()
  const made = failure(kit.make(server, 'shop', { lockWaitMs: 60_000 }))
  await untilItWaits()
  await server.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'vakhta backup%' AND query LIKE 'LOCK TABLE%'`,
  )
  expect(await made).toMatchObject({
    code: 'tool-failed',
    params: { words: expect.stringContaining('terminat') },
  })
  expect(readdirSync(kit.directory)).toEqual([])
})

it('a backup that keeps the server from cleaning up for too long is ended', async () => {
  await lock()
  const made = failure(kit.make(server, 'shop', { lockWaitMs: 60_000, mostHeldMs: 1_500 }))
  expect(await made).toMatchObject({ code: 'held-too-long' })
  expect(readdirSync(kit.directory)).toEqual([])
})

it.skipIf(cannotFreeze !== null)(
  `a disk that stops answering keeps the server no longer than is allowed, and is in nobody's way${cannotFreeze === null ? '' : ` (${cannotFreeze})`}`,
  { timeout: 90_000 },
  async () => {
    const disk = mountFreezableDisk()
    try {
      const store = { kind: 'local' as const, directory: disk.directory }
      await lock()
      const made = failure(
        kit.make(server, 'shop', { store, lockWaitMs: 60_000, mostHeldMs: 8_000, recipients: [] }),
      )
      await untilItWaits()
      disk.freeze()
      await locker?.query('ROLLBACK')
      // Its rows wait in the pipe for a disk that takes none.
      await until(async () => (await sessions()).some(({ query }) => String(query).startsWith('COPY')), {
        what: 'a program that dumps',
      })
      await until(async () => (await sessions()).length === 0 && programs().length === 0, {
        what: 'the server to be let go',
        timeoutMs: 20_000,
      })
      expect(await made).toMatchObject({ code: 'store-stuck', params: { place: disk.directory } })
      expect(readdirSync(disk.directory).filter((name) => name.endsWith('.part'))).toHaveLength(1)
      // No second thread waits for it; other places are none the worse.
      expect(await failure(kit.make(server, 'shop', { store }))).toMatchObject({ code: 'store-silent' })
      expect(await failure(kit.make(server, 'shop'))).toBe('it succeeded')
      disk.thaw()
      await until(() => !readdirSync(disk.directory).some((name) => name.endsWith('.part')), {
        what: 'the draft to be taken back',
      })
      expect(
        await until(
          async () => {
            const outcome = await failure(kit.make(server, 'shop', { store }))
            return outcome === 'it succeeded' && outcome
          },
          { what: 'a backup to the disk that answers again', timeoutMs: 20_000 },
        ),
      ).toBe('it succeeded')
    } finally {
      await disk.release()
    }
  },
)

it('a role without rights is told what it may not read, and one from which rows are hidden too', async () => {
  await server.query(
    `CREATE ROLE reader LOGIN PASSWORD 'reader'; GRANT SELECT ON orders TO reader;
     CREATE TABLE hidden (id int, owner text); ALTER TABLE hidden ENABLE ROW LEVEL SECURITY; GRANT SELECT ON hidden TO reader;`,
    { database: 'shop' },
  )
  await kit.vault.set('reader', 'reader')
  const { postgres } = kit.job(server, 'shop')
  const as = { ...postgres, operate: { user: 'reader', password: 'secret:reader' as const } }
  const make = (table: string) => {
    const selection = { schemas: [], tables: [{ schema: 'public', name: table }] }
    return kit.make(server, 'shop', { postgres: as, selection, globals: false })
  }
  expect(await failure(make('other'))).toMatchObject({
    code: 'no-right-to-read',
    params: { tables: 'public.other' },
  })
  expect(await failure(make('hidden'))).toMatchObject({
    code: 'rows-hidden',
    params: { tables: 'public.hidden' },
  })
  expect(await make('orders')).toMatchObject({ partial: true })
  await kit.vault.set('reader', 'wrong')
  expect(await failure(make('orders'))).toMatchObject({ code: 'postgres-password-wrong' })
  await kit.vault.remove('reader')
  expect(await failure(make('orders'))).toMatchObject({ code: 'secret-missing', params: { name: 'reader' } })
  await server.query('DROP TABLE hidden', { database: 'shop' })
})

it.skipIf(cannotMount !== null)(
  `a full disk is told, and nothing is left on it${cannotMount === null ? '' : ` (${cannotMount})`}`,
  async () => {
    const disk = mountSmallDisk(1024 * 1024)
    const small = await createBackupKit({ password: server.password, directory: disk.directory })
    try {
      expect(await failure(small.make(server, 'shop'))).toMatchObject({
        code: 'store-full',
        params: { place: disk.directory },
      })
      expect(readdirSync(disk.directory)).toEqual([])
      disk.makeReadOnly()
      expect(await failure(small.make(server, 'shop'))).toMatchObject({ code: 'store-unwritable' })
    } finally {
      await small.close()
      disk.release()
    }
  },
)
