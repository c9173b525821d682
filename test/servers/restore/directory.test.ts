/** Restores of what was dumped in the directory format: every way there is, staged by unpacking, and nothing left where it was. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import type { Manifest } from '../../../src/main/engine/backups/manifest.ts'
import { Cancelled } from '../../../src/main/engine/backups/worker/told.ts'
import { until } from '../../support/until.ts'
import { type BackupKit, createBackupKit } from '../backups/backup-kit.ts'
import { contentsOf } from '../backups/contents.ts'
import { countsOf, everything } from '../backups/everything.ts'
import { createRestoreKit, type RestoreKit } from './restore-kit.ts'

// Each restore is threads and programs that begin: on a machine with much else to do they take their time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const { rows: ROWS } = countsOf()

let server: PostgresServer
let blank: PostgresServer
let kit: BackupKit
let stage: string
let whole: Manifest
const opened: RestoreKit[] = []
beforeAll(async () => {
  server = await startPostgres()
  blank = await startPostgres()
  kit = await createBackupKit({ password: server.password })
  stage = join(kit.home, 'stage')
  await server.query('CREATE DATABASE shop')
  await server.query(everything(), { database: 'shop' })
  whole = await kit.make(server, 'shop', { staging: { directory: stage, jobs: 3 } })
})
afterAll(async () => {
  await kit.close()
  await blank.stop()
  await server.stop()
})
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
  expect(existsSync(stage) ? readdirSync(stage) : []).toEqual([])
})

function restoring(
  on: PostgresServer,
  manifest: Manifest,
  more: Partial<Parameters<typeof createRestoreKit>[2]> = {},
): RestoreKit {
  const backups = { format: 'directory', staging: { jobs: 3, directory: stage } } as const
  const restore = createRestoreKit(on, kit, { database: 'shop', readsOnce: true, backups, ...more })
  restore.know(manifest)
  opened.push(restore)
  return restore
}

/** The most sessions of a restore that were there at once. */
function countingSessions() {
  let most = 0
  let isOver = false
  const counting = (async () => {
    while (!isOver) {
      const [found] = await server.query(
        `SELECT count(*) AS count FROM pg_stat_activity WHERE application_name LIKE 'vakhta restore%' AND backend_type = 'client backend'`,
      )
      most = Math.max(most, Number(found?.count))
    }
  })()
  return async () => {
    isOver = true
    await counting
    return most
  }
}

const damage = (database: string) =>
  server.query('DELETE FROM orders WHERE id > 10; UPDATE customers SET name = $$gone$$', { database })

it('side by side comes back by several sessions, in the place of what was there, and goes back again', async () => {
  const then = await contentsOf(server, 'shop')
  await damage('shop')
  const damaged = await contentsOf(server, 'shop')
  const console = await restoring(server, whole).console()
  const options = { mode: 'side-by-side', backup: whole.id, swap: true }
  const { preview } = await console.preview(options)
  // The two of any restore, and the lock.
  expect(preview).toMatchObject({ refusals: [], connections: { needed: 5 } })
  expect(preview.changes[0]).toEqual({
    code: 'restore-stages-parallel',
    params: { directory: stage, megabytes: 1, jobs: 3 },
  })
  const done = await console.run(options)
  expect(done).toMatchObject({ state: 'succeeded', result: { rows: ROWS } })
  expect(await contentsOf(server, 'shop')).toEqual(then)
  expect(await console.act(done.id, 'undo')).toMatchObject({ state: 'undone' })
  expect(await contentsOf(server, 'shop')).toEqual(damaged)
  await console.close()
})

it('what streams is staged, too, where several sessions may restore', async () => {
  await server.query('CREATE DATABASE many')
  const tables = Array.from({ length: 6 }, (_, index) => `t${index}`)
  for (const name of tables)
    await server.query(
      `CREATE TABLE ${name} AS SELECT g AS id, md5(g::text) AS note FROM generate_series(1, 60000) g`,
      { database: 'many' },
    )
  const streamed = await kit.make(server, 'many')
  const backups = { staging: { jobs: 3, directory: stage } }
  const console = await restoring(server, streamed, { database: 'many', backups }).console()
  const options = { mode: 'side-by-side', backup: streamed.id, swap: false }
  expect((await console.preview(options)).preview.changes[0]).toMatchObject({
    code: 'restore-stages-parallel',
  })
  const most = countingSessions()
  const done = await console.run(options)
  expect(done).toMatchObject({ state: 'succeeded', result: { rows: 360_000 } })
  expect(await most()).toBeGreaterThanOrEqual(2)
  expect(await contentsOf(server, String(done.result?.restored))).toEqual(await contentsOf(server, 'many'))
  expect(await console.act(done.id, 'undo')).toMatchObject({ state: 'undone' })
  await console.close()
})

it('in place, in one transaction, after a safety backup in the same format; and back', async () => {
  await server.query('CREATE DATABASE place')
  await server.query(
    'CREATE TABLE orders (id int PRIMARY KEY); INSERT INTO orders SELECT generate_series(1, 50)',
    {
      database: 'place',
    },
  )
  const manifest = await kit.make(server, 'place', { staging: { directory: stage, jobs: 2 } })
  const then = await contentsOf(server, 'place')
  await server.query('DELETE FROM orders WHERE id > 5; CREATE TABLE later (id int)', { database: 'place' })
  const now = await contentsOf(server, 'place')
  const console = await restoring(server, manifest, { database: 'place' }).console()
  const options = { mode: 'in-place', backup: manifest.id, room: 'none' }
  const { preview } = await console.preview(options)
  // Of the safety backup.
  expect(preview).toMatchObject({ refusals: [], connections: { needed: 6 } })
  expect(preview.changes[0]).toMatchObject({ code: 'restore-stages', params: { directory: stage } })
  const done = await console.run(options)
  expect(done).toMatchObject({ state: 'succeeded' })
  expect(await contentsOf(server, 'place')).toEqual(then)
  expect(readdirSync(join(kit.directory, String(done.result?.safety)))).toContain('database-1.tar.age')
  expect(await console.act(done.id, 'undo')).toMatchObject({ state: 'undone' })
  expect(await contentsOf(server, 'place')).toEqual(now)
  await console.close()
})

it('chosen tables, also one that is gone', async () => {
  await server.query('CREATE DATABASE chosen')
  await server.query(
    `CREATE TABLE kept (id int PRIMARY KEY); INSERT INTO kept SELECT generate_series(1, 50);
     CREATE TABLE gone (id int PRIMARY KEY, note text DEFAULT 'x'); INSERT INTO gone SELECT generate_series(1, 30)`,
    { database: 'chosen' },
  )
  const manifest = await kit.make(server, 'chosen', { staging: { directory: stage, jobs: 2 } })
  const then = await contentsOf(server, 'chosen')
  await server.query('DELETE FROM kept WHERE id > 5; DROP TABLE gone', { database: 'chosen' })
  const console = await restoring(server, manifest, { database: 'chosen' }).console()
  const tables = ['kept', 'gone'].map((name) => ({ schema: 'public', name }))
  const options = { mode: 'tables', backup: manifest.id, tables }
  const { preview } = await console.preview(options)
  expect(preview.refusals).toEqual([])
  expect(preview.changes[0]).toMatchObject({ code: 'restore-stages', params: { directory: stage } })
  const done = await console.run(options)
  expect(done).toMatchObject({ state: 'succeeded' })
  const [kept, gone] = await Promise.all(
    ['kept', 'gone'].map((name) =>
      server.query(`SELECT count(*) AS count FROM ${name}`, { database: 'chosen' }),
    ),
  )
  expect([kept, gone]).toEqual([[{ count: '50' }], [{ count: '30' }]])
  expect((await contentsOf(server, 'chosen'))['"public"."gone"']).toEqual(then['"public"."gone"'])
  expect(await console.act(done.id, 'undo')).toMatchObject({ state: 'undone' })
  await console.close()
})

it('to a server without the database, whose profile says nothing of staging', async () => {
  await kit.vault.set('postgres', blank.password)
  try {
    const restore = restoring(blank, whole, { backups: {} })
    const console = await restore.console()
    const options = { mode: 'elsewhere', backup: whole.id, from: 'shop' }
    const { preview } = await console.preview(options)
    expect(preview.refusals).toEqual([])
    // As many as it was dumped by, in the console's own data.
    expect(preview.changes[0]).toMatchObject({ code: 'restore-stages-parallel', params: { jobs: 3 } })
    expect(await console.run(options)).toMatchObject({ state: 'succeeded', result: { rows: ROWS } })
    await console.close()
  } finally {
    await kit.vault.set('postgres', server.password)
  }
})

it('for a trial on a chosen server', async () => {
  await server.query('CREATE DATABASE tried')
  await server.query(
    'CREATE TABLE orders (id int PRIMARY KEY); INSERT INTO orders SELECT generate_series(1, 50)',
    {
      database: 'tried',
    },
  )
  const manifest = await kit.make(server, 'tried', {
    ...{ staging: { directory: stage, jobs: 2 }, deployment: 'source', globals: false },
  })
  const restore = restoring(server, manifest, { database: 'postgres' })
  const console = await restore.console()
  await console.backedUp.catalogue.add(manifest, kit.directory, 'this-console')
  const options = { from: 'source', backup: manifest.id }
  expect(await console.run(options, { kind: 'drill' })).toMatchObject({
    ...{ state: 'succeeded', result: { tables: 1, rows: 50 } },
  })
  await console.close()
})

it('cancelled while it is staged leaves nothing', async () => {
  await server.query('CREATE DATABASE into_this')
  const ending = new AbortController()
  const restored = kit.runJob(
    {
      ...{ kind: 'restore', manifest: whole, store: { kind: 'local', directory: kit.directory }, ssh: null },
      ...{ identity: await kit.keys.drillIdentity(), postgres: kit.job(server, 'shop').postgres },
      ...{ database: { from: 'shop', into: 'into_this' }, args: [], name: 'vakhta restore cancelled' },
      server: { host: '127.0.0.1', port: server.port, major: 15 },
      staging: { directory: stage, jobs: 2 },
    },
    { signal: ending.signal, onProgress() {} },
  )
  const outcome = restored.catch((error: unknown) => error)
  await until(() => readdirSync(stage).length > 0, { what: 'a stage' })
  ending.abort()
  expect(await outcome).toBeInstanceOf(Cancelled)
  expect(readdirSync(stage)).toEqual([])
})
