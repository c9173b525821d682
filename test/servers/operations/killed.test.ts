/** The console dies at every entry of the journal of what only reads, or is done at once: it is done as a whole, and once, or not at all. */
import { execFileSync } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import type { Manifest } from '../../../src/main/engine/backups/manifest.ts'
import { MARK_FILE } from '../../../src/main/engine/backups/stores/local/index.ts'
import type { OperationFacts } from '../../../src/shared/model/operation.ts'
import { createApplicationSessions } from '../../support/application-sessions.ts'
import { type RestartableService, startRestartableService } from '../../support/restartable-service.ts'
import { until } from '../../support/until.ts'
import { type BackupKit, client, createBackupKit } from '../backups/backup-kit.ts'
import { useOwnTemporary } from '../restore/every-way.ts'
import { endsWhereverItDied } from '../restore/killed-kit.ts'
import { createRestoreKit, type RestoreKit } from '../restore/restore-kit.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 })

let server: PostgresServer
let kit: BackupKit
let service: RestartableService
let restore: RestoreKit
let kept: Manifest
const sessions = createApplicationSessions(() => server)
beforeAll(async () => {
  server = await startPostgres()
  kit = await createBackupKit({ password: server.password })
  useOwnTemporary()
  service = await startRestartableService()
  await server.query(`CREATE ROLE app LOGIN PASSWORD 'pw'`)
  await server.query('CREATE DATABASE shop')
  await server.query('CREATE TABLE orders AS SELECT 1 AS id', { database: 'shop' })
  kept = await kit.make(server, 'shop', { recipients: [], globals: false })
  await server.query('INSERT INTO orders VALUES (2)', { database: 'shop' })
  const { url, directory } = service
  restore = createRestoreKit(server, kit, {
    ...{ database: 'shop', readsOnce: true },
    service: {
      ...{ url, metrics: null },
      restart: { over: 'local', command: ['./restart'], directory, identity: ['cat', 'pid'] },
    },
  })
  restore.know(kept)
  const console = await restore.console()
  await console.backedUp.catalogue.add(kept, kit.directory, 'this-console')
  await console.close()
})
afterAll(async () => {
  await sessions.end()
  await restore?.close()
  await service?.stop()
  await kit?.close()
  await server?.stop()
})

const names = () => readdirSync(kit.directory).filter((name) => name !== MARK_FILE)
const temporary = () => readdirSync(tmpdir()).filter((name) => name.startsWith('vakhta-'))

/** Makes backups, or registers what others dumped. */
async function endsMaking(options: OperationFacts): Promise<number> {
  let before = names()
  const tidy = temporary()
  const isTidy = async () => {
    const made = names().filter((name) => !before.includes(name))
    expect(made.length).toBeLessThanOrEqual(1)
    expect(temporary()).toEqual(tidy)
  }
  return endsWhereverItDied({
    ...{ restore, kind: 'backup', isTidy },
    options() {
      before = names()
      return options
    },
    async isWhole({ result }) {
      expect(names().filter((name) => !before.includes(name))).toEqual([result?.backup])
      await isTidy()
    },
  })
}

it('a backup is made, once, wherever the console died', async () => {
  expect(await endsMaking({})).toBeGreaterThanOrEqual(7)
})

it('what others dumped is registered, once, wherever the console died', async () => {
  const file = join(kit.home, 'dump.sql')
  const env = { ...process.env, PGPASSWORD: server.password }
  const args = ['-h', '127.0.0.1', '-p', String(server.port), '-U', 'postgres', 'shop']
  writeFileSync(file, execFileSync(client('pg_dump'), args, { env }))
  expect(await endsMaking({ register: { file, database: 'shop' } })).toBeGreaterThanOrEqual(7)
})

it.each([
  ['restored', {}, { tables: 1, rows: 1 }, 6],
  ['read back alone', { verifyOnly: true }, null, 4],
])(
  'a drill, %s, tells what it proved and leaves nothing wherever the console died',
  async (_, options, result, least) => {
    const before = [names(), temporary()]
    const isTidy = async () => expect([names(), temporary()]).toEqual(before)
    const entries = await endsWhereverItDied({
      ...{ restore, kind: 'drill', isTidy },
      options: () => ({ backup: kept.id, ...options }),
      async isWhole(done) {
        if (result === null) expect(done.result).toBeNull()
        else expect(done.result).toMatchObject({ ...result, backup: kept.id, recoveryMs: expect.any(Number) })
        await isTidy()
      },
    })
    expect(entries).toBeGreaterThanOrEqual(least)
  },
)

it.each(['cancel-query', 'terminate-backend'] as const)(
  '%s hits whom it was to, and nobody else, wherever the console died',
  async (kind) => {
    const other = await sessions.open('other')
    let pid = 0
    let ended: Promise<string>
    const isThere = async () => [await sessions.isThere(pid), await sessions.isThere(other.pid)]
    const entries = await endsWhereverItDied({
      ...{ restore, kind },
      async options() {
        const session = await sessions.open()
        pid = session.pid
        ended = session.query('SELECT pg_sleep(600)').then(
          () => 'ran',
          () => 'cancelled',
        )
        await until(
          async () =>
            (await server.query(`SELECT FROM pg_stat_activity WHERE pid = ${pid} AND state = 'active'`))
              .length > 0,
        )
        return { pid }
      },
      async isWhole({ result }) {
        expect(result).toEqual({ pid })
        expect(await ended).toBe('cancelled')
        expect(await isThere()).toEqual([kind === 'cancel-query', true])
      },
      isTidy: async () => expect(await isThere()).toEqual([true, true]),
    })
    expect(entries).toBeGreaterThanOrEqual(4)
  },
)

it('a service is restarted, and well, wherever the console died', async () => {
  let before = service.pid()
  const isWell = async () => expect((await fetch(`${service.url}/ready`)).status).toBe(200)
  const entries = await endsWhereverItDied({
    ...{ restore, kind: 'restart-service' },
    options() {
      before = service.pid()
      return { service: 'api' }
    },
    async isWhole({ result }) {
      expect(result).toEqual({ service: 'api', renewed: true })
      expect(service.pid()).not.toBe(before)
      await isWell()
    },
    async isTidy() {
      expect(service.pid()).toBe(before)
      await isWell()
    },
  })
  expect(entries).toBeGreaterThanOrEqual(6)
})

it('what was there before a restore is let go, once, wherever the console died', async () => {
  let swapped = ''
  const entries = await endsWhereverItDied({
    ...{ restore, kind: 'restore' },
    async options() {
      // One that was not let go is good for the next.
      if ((await restore.databases()).length === 2) return { mode: 'keep', operation: swapped }
      const console = await restore.console()
      const done = await console.run({ mode: 'side-by-side', backup: kept.id })
      await console.close()
      expect(done).toMatchObject({ state: 'succeeded', undo: 'available' })
      swapped = done.id
      return { mode: 'keep', operation: done.id }
    },
    async isWhole(_, { operations }) {
      expect(await restore.databases()).toEqual(['shop'])
      expect(await operations.get(swapped)).toMatchObject({ undo: 'none' })
    },
    async isTidy({ operations }) {
      expect((await restore.databases()).length).toBe(2)
      expect(await operations.get(swapped)).toMatchObject({ undo: 'available' })
    },
  })
  expect(entries).toBeGreaterThanOrEqual(5)
})
