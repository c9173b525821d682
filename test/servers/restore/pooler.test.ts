/** A swap, and a restore in one transaction, behind a real PgBouncer: its clients wait, and none of them is told of an error; and no pool stays paused, whatever became of the console. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { type PgBouncer, startPgBouncer } from '../../../demo/servers/pgbouncer.ts'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import type { Manifest } from '../../../src/main/engine/backups/manifest.ts'
import { startCuttingRelay } from '../../support/cutting-relay.ts'
import { createHurriedClock } from '../../support/hurried-clock.ts'
import { until } from '../../support/until.ts'
import { type BackupKit, createBackupKit } from '../backups/backup-kit.ts'
import { ANNA, createRestoreKit, NEVER, type RestoreKit } from './restore-kit.ts'

// Each restore is threads and programs that begin: on a machine with much else to do they take their time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let server: PostgresServer
let kit: BackupKit
let manifest: Manifest
let pooler: PgBouncer
let restore: RestoreKit
beforeAll(async () => {
  server = await startPostgres()
  kit = await createBackupKit({ password: server.password })
  await kit.vault.set('pooler', 'console')
  await server.query(`CREATE ROLE app LOGIN PASSWORD 'app'`)
  await server.query('CREATE DATABASE shop OWNER app')
  await server.query('CREATE TABLE visits (id int, by text); ALTER TABLE visits OWNER TO app', {
    database: 'shop',
  })
  manifest = await kit.make(server, 'shop', { recipients: [], globals: false })
})
afterAll(async () => {
  await kit?.close()
  await server?.stop()
})
beforeEach(() => begin())
afterEach(async () => {
  await restore?.close()
  await pooler?.stop()
  expect(await restore.databases()).toEqual(['shop'])
})

/** A PgBouncer, and a profile that names its console. */
async function begin(
  settings: {
    readonly poolMode?: 'session'
    readonly user?: string
    readonly more?: Record<string, number>
  } = {},
): Promise<void> {
  const { poolMode = 'transaction', user = 'console', more = {} } = settings
  await restore?.close()
  await pooler?.stop()
  pooler = await startPgBouncer({
    ...{ postgresPort: server.port, poolMode, users: { app: 'app', looker: 'console' } },
    settings: { stats_users: 'looker', ...more },
  })
  restore = createRestoreKit(server, kit, { database: 'shop', readsOnce: true, ...consoleAs(user) })
  restore.know(manifest)
}

const consoleAs = (user: string, port = pooler.port) => ({
  pooler: {
    url: `postgresql://${user}@127.0.0.1:${port}/pgbouncer?sslmode=disable`,
    password: 'secret:pooler' as const,
  },
})
const options = () => ({ mode: 'side-by-side', backup: manifest.id })
const inPlace = () => ({ mode: 'in-place', backup: manifest.id, room: 'none' })
const pausedPools = async () =>
  (await pooler.command('SHOW DATABASES')).filter(({ paused }) => paused === 1).map(({ name }) => name)
const rowsIn = async (database: string) =>
  (await server.query('SELECT by, id FROM visits ORDER BY by, id', { database })).map(
    ({ by, id }) => `${by} ${id}`,
  )

async function connect(): Promise<Client> {
  const client = new Client(`postgresql://app:app@127.0.0.1:${pooler.port}/shop`)
  client.on('error', () => {})
  await client.connect()
  return client
}

/** Writes one row after another in transactions of two statements, and counts no error as none. */
async function startWriter(
  by: string,
): Promise<{ written: string[]; errors: string[]; stop(): Promise<void> }> {
  const client = await connect()
  const written: string[] = []
  const errors: string[] = []
  let isStopped = false
  const writing = (async () => {
    for (let id = 1; !isStopped && errors.length === 0; id += 1) {
      try {
        await client.query('BEGIN')
        await client.query('INSERT INTO visits VALUES ($1, $2)', [id, by])
        await client.query('COMMIT')
        written.push(`${by} ${id}`)
      } catch (error) {
        errors.push(String(error))
      }
    }
  })()
  return {
    ...{ written, errors },
    async stop() {
      isStopped = true
      await writing
      await client.end()
    },
  }
}

it.each([
  ['a swap', options],
  ['a restore in one transaction', inPlace],
] as const)('%s is noticed by nobody but for a wait, and neither is its way back', async (_, asked) => {
  await server.query('TRUNCATE visits', { database: 'shop' })
  const writers = [await startWriter('one'), await startWriter('two')]
  const more = async () => {
    const counts = writers.map(({ written }) => written.length)
    await until(() => writers.every(({ written }, n) => written.length > (counts[n] ?? 0) + 3), {
      what: 'services that write on',
    })
  }
  const console = await restore.console()
  await more()
  const { preview } = await console.preview(asked())
  expect(preview.changes).toContainEqual(
    expect.objectContaining({
      code: 'restore-pauses',
      params: expect.objectContaining({ pools: 'shop (2)', seconds: 30 }),
    }),
  )
  const done = await console.run(asked())
  expect(done).toMatchObject({ state: 'succeeded', error: null })
  expect(await pausedPools()).toEqual([])
  await more()
  expect(await console.act(done.id, 'undo')).toMatchObject({ state: 'undone', target: 'unchanged' })
  expect(await pausedPools()).toEqual([])
  await more()
  for (const writer of writers) await writer.stop()
  expect(writers.flatMap(({ errors }) => errors)).toEqual([])
  const log = await console.operations.log(done.id)
  expect(log.filter(({ reason }) => reason.code === 'restore-pool-held')).toHaveLength(2)
  // What was written before it and after its way back is there, row by row; what was written between went with it, as the plan said.
  const kept = await rowsIn('shop')
  const all = new Set(writers.flatMap(({ written }) => written))
  const there = new Set(kept)
  expect(there.size).toBe(kept.length)
  expect(kept.filter((row) => !all.has(row))).toEqual([])
  for (const { written } of writers)
    expect([written[0], written.at(-1)].filter((row) => !there.has(row ?? ''))).toEqual([])
  await console.close()
})

it('does not wait for a transaction for ever: it is ended, and the others go on', async () => {
  await begin({ more: { query_wait_timeout: 8 } })
  const slow = await connect()
  await slow.query('BEGIN; SELECT 1')
  const writer = await startWriter('beside')
  await until(() => writer.written.length > 3)
  const console = await restore.console()
  const done = await console.run(options())
  expect(done).toMatchObject({ state: 'succeeded', error: null })
  const codes = (await console.operations.log(done.id)).map(({ reason }) => reason.code)
  expect(codes).toEqual(expect.arrayContaining(['restore-pool-busy', 'restore-pool-held']))
  await expect(slow.query('SELECT 1')).rejects.toThrow()
  const count = writer.written.length
  await until(() => writer.written.length > count + 3)
  await writer.stop()
  expect(writer.errors).toEqual([])
  expect(await console.act(done.id, 'undo')).toMatchObject({ state: 'undone' })
  await slow.end().catch(() => {})
  await console.close()
})

it.each([
  ['lend a connection for a session', { poolMode: 'session' as const }, 'restore-pool-of-sessions'],
  ['may only be looked at', { user: 'looker' }, 'restore-pool-not-asked'],
])('says before that pools which %s are not paused, and restores all the same', async (_, settings, code) => {
  await begin(settings)
  const client = await connect()
  await client.query('SELECT 1')
  const console = await restore.console()
  const { preview } = await console.preview(options())
  expect(preview.refusals).toEqual([])
  expect(preview.warnings.map((warning) => warning.code)).toContain(code)
  expect(preview.changes.map((change) => change.code)).not.toContain('restore-pauses')
  const done = await console.run(options())
  expect(done).toMatchObject({ state: 'succeeded', error: null })
  expect(await console.act(done.id, 'undo')).toMatchObject({ state: 'undone' })
  await client.end().catch(() => {})
  await console.close()
})

it('leaves a pool as it is that somebody else paused', async () => {
  const client = await connect()
  await client.query('SELECT 1')
  await pooler.command('PAUSE shop')
  const console = await restore.console()
  const { preview } = await console.preview(options())
  expect(preview.warnings.map(({ code }) => code)).toContain('restore-pool-paused')
  const done = await console.run(options())
  expect(await console.act(done.id, 'undo')).toMatchObject({ state: 'undone' })
  expect(await pausedPools()).toEqual(['shop'])
  await pooler.command('RESUME shop')
  await client.end()
  await console.close()
})

it.each([
  ['a swap', options, 'undo-restore-drops-beside'],
  ['a restore in one transaction', inPlace, 'undo-in-place-rolls-back'],
] as const)('goes on where %s is given up while it waits, which is said before', async (_, asked, code) => {
  const slow = await connect()
  // It keeps the pause waiting.
  await slow.query('BEGIN; SELECT 1')
  const before = await rowsIn('shop')
  const console = await restore.console()
  const running = console.run(asked())
  await until(async () => (await pausedPools()).length > 0, { what: 'a pause', timeoutMs: 60_000 })
  const [one] = (
    await console.operations.list({
      ...{ deployment: null, kinds: null, states: ['running'], before: null, limit: 1 },
    })
  ).operations
  const id = one?.id ?? ''
  const { preview } = await console.operations.previewAct(id, 'cancel', false, ANNA, NEVER)
  expect(preview.refusals).toEqual([])
  expect(preview.changes).toHaveLength(2)
  expect(preview.changes).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ code }),
      { code: 'undo-pools-go-on', params: { pools: 'shop' } },
    ]),
  )
  await console.act(id, 'cancel')
  expect(await running).toMatchObject({ state: 'cancelled', error: null })
  expect(await pausedPools()).toEqual([])
  await slow.query('COMMIT')
  expect((await slow.query('SELECT 1 AS here')).rows).toEqual([{ here: 1 }])
  expect(await rowsIn('shop')).toEqual(before)
  await slow.end()
  await console.close()
})

it.each([
  ['resume', 'a swap', options],
  ['cancel', 'a swap', options],
  ['cancel', 'a restore in one transaction', inPlace],
] as const)(
  'is not left paused by a console that was killed: the next tells it to go on at its start (%s of %s)',
  async (act, what, asked) => {
    const slow = await connect()
    // It keeps the pause, and so the console, waiting.
    await slow.query('BEGIN; SELECT 1')
    const data = join(kit.home, `killed-${act}-${what.replaceAll(' ', '-')}`)
    const input = `${data}.json`
    const before = await rowsIn('shop')
    const { port } = server
    const about = {
      ...{ manifest, port, data, directory: kit.directory, options: asked() },
      ...consoleAs('console'),
    }
    writeFileSync(input, JSON.stringify({ ...about, password: server.password }), { mode: 0o600 })
    const child = spawn(process.execPath, [join(import.meta.dirname, 'children/restore.ts'), input], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    await until(async () => (await pausedPools()).length > 0, { what: 'a pause', timeoutMs: 60_000 })
    child.kill('SIGKILL')
    await once(child, 'exit')
    await slow.query('COMMIT')
    const waiting = slow.query('SELECT 1 AS here')
    expect(await pausedPools()).toEqual(['shop'])

    await restore.close()
    restore = createRestoreKit(server, kit, { database: 'shop', data, ...consoleAs('console') })
    restore.know(manifest)
    const console = await restore.console()
    expect((await waiting).rows).toEqual([{ here: 1 }])
    expect(await pausedPools()).toEqual([])
    const page = await console.operations.list({
      ...{ deployment: null, kinds: null, states: null, before: null, limit: 1 },
    })
    const id = page.operations[0]?.id ?? ''
    expect(page.operations[0]).toMatchObject({ state: 'interrupted' })
    const ended = await console.act(id, act)
    expect(ended).toMatchObject({ state: act === 'resume' ? 'succeeded' : 'cancelled', error: null })
    if (act === 'resume') expect(await console.act(id, 'undo')).toMatchObject({ state: 'undone' })
    expect(await pausedPools()).toEqual([])
    expect(await rowsIn('shop')).toEqual(before)
    await slow.end()
    await console.close()
  },
)

it('is not left paused where the way to it is lost: it is told to go on as soon as there is one again', async () => {
  const toServer = await startCuttingRelay(server.port)
  const toPooler = await startCuttingRelay(pooler.port)
  const ways = [toServer, toPooler]
  await restore.close()
  restore = createRestoreKit(server, kit, {
    ...{ database: 'shop', port: toServer.port, ...consoleAs('console', toPooler.port) },
    // Half a minute in which it would be told to go on.
    clock: createHurriedClock(20),
  })
  restore.know(manifest)
  const slow = await connect()
  // It keeps the pause waiting.
  await slow.query('BEGIN; SELECT 1')
  const console = await restore.console()
  const running = console.run(options())
  await until(async () => (await pausedPools()).length > 0, { what: 'a pause', timeoutMs: 60_000 })
  for (const way of ways) way.cutAfter(1)
  const cut = await running
  expect(cut).toMatchObject({ state: 'interrupted', error: { code: 'lock-lost' } })
  expect(await console.operations.log(cut.id)).toContainEqual(
    expect.objectContaining({
      reason: expect.objectContaining({
        code: 'restore-pool-not-resumed',
        params: expect.objectContaining({ commands: 'RESUME "shop";' }),
      }),
    }),
  )
  await slow.query('COMMIT')
  const waiting = slow.query('SELECT 1 AS here')
  expect(await pausedPools()).toEqual(['shop'])

  for (const way of ways) way.fair()
  expect((await waiting).rows).toEqual([{ here: 1 }])
  expect(await pausedPools()).toEqual([])
  restore.retry()
  expect(await console.act(cut.id, 'cancel')).toMatchObject({ state: 'cancelled', error: null })
  await slow.end()
  await console.close()
  for (const way of ways) await way.stop()
})
