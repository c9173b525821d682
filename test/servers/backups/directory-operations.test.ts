/** Backups in the directory format as operations of a whole console: what their plans say, what is refused, and what is known of them from their manifests alone. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { mountOver, unmount } from '../../../demo/servers/small-disk.ts'
import { cannotMount } from '../../crash/small-disk.ts'
import { ANNA, type BackedUp, NEVER, newPlace, startBackedUp } from './operation-kit.ts'

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres()
  await server.query(
    `CREATE TABLE orders (id int PRIMARY KEY, note text);
     INSERT INTO orders SELECT g, md5(g::text) || md5((g * 7)::text) FROM generate_series(1, 60000) g`,
  )
}, 60_000)
afterAll(() => server?.stop())

const staged = (jobs: number, directory?: string) =>
  ({ format: 'directory', staging: { jobs, ...(directory !== undefined && { directory }) } }) as const

async function planOf(console: BackedUp, kind: 'backup' | 'drill') {
  const { preview } = await console.engine.operations.preview(
    { kind, deployment: 'shop', options: {}, silence: false },
    ANNA,
    NEVER,
  )
  return preview
}

async function only(console: BackedUp) {
  const { backups } = await console.engine.backups.list({ deployment: 'shop', before: null, limit: 10 })
  const [backup] = backups
  if (backup === undefined || backups.length !== 1) throw new Error(`there are ${backups.length} backups`)
  return backup
}

it('is planned, made, proven by a drill, and known from its manifest alone', {
  timeout: 180_000,
}, async () => {
  const console = await startBackedUp(server, { wanted: staged(3) })
  const own = join(console.dataDirectory, 'staging')
  const first = await planOf(console, 'backup')
  expect(first).toMatchObject({ refusals: [], connections: { needed: 5 } })
  expect(first.changes.map(({ code }) => code)).toEqual([
    'writes-backup',
    'backup-jobs',
    'backup-stages',
    'backup-tool',
    'backup-compressed',
    'holds-cleanup',
  ])
  expect(first.changes).toContainEqual({
    code: 'backup-stages',
    params: { directory: own, megabytes: expect.any(Number) },
  })
  expect(await console.run('backup')).toMatchObject({ state: 'succeeded', result: { rows: 60_000 } })
  const backup = await only(console)
  expect(backup).toMatchObject({ state: 'verified', format: 'directory', jobs: 3 })
  expect(readdirSync(join(console.kept, backup.id)).sort()).toEqual([
    'database-1.tar.age',
    'globals.sql.age',
    'manifest.json',
  ])
  expect((await planOf(console, 'backup')).changes).toContainEqual({
    code: 'backup-stages-as-last',
    params: {
      ...{ directory: own, seconds: expect.any(Number) },
      megabytes: Math.ceil((backup.databases[0]?.plainBytes ?? 0) / 1_048_576),
    },
  })
  expect((await planOf(console, 'drill')).changes).toContainEqual({
    code: 'restore-stages-parallel',
    params: { directory: own, megabytes: expect.any(Number), jobs: 3 },
  })
  expect(await console.run('drill')).toMatchObject({ state: 'succeeded', result: { rows: 60_000 } })
  expect(readdirSync(own)).toEqual([])

  const another = await startBackedUp(server, { kept: console.kept })
  await another.engine.backups.rescan('shop')
  expect(await only(another)).toMatchObject({
    id: backup.id,
    format: 'directory',
    jobs: 3,
    signedBy: 'another',
  })
})

it('is refused where too few connections are free', { timeout: 180_000 }, async () => {
  const console = await startBackedUp(server, { wanted: staged(32) })
  const taken: Client[] = []
  try {
    for (let count = 0; count < 20; count += 1) taken.push(await server.connect())
    const { connections, refusals } = await planOf(console, 'backup')
    expect(connections.needed).toBe(34)
    expect(refusals).toContainEqual({
      code: 'connections-too-few',
      params: { needed: 34, free: connections.free },
    })
  } finally {
    for (const client of taken) await client.end()
  }
})

it.skipIf(cannotMount !== null)(
  `is refused where there is no room to stage it${cannotMount === null ? '' : ` (${cannotMount})`}`,
  { timeout: 180_000 },
  async () => {
    const stage = newPlace()
    const console = await startBackedUp(server, { wanted: staged(2, stage) })
    expect(await console.run('backup')).toMatchObject({ state: 'succeeded' })
    expect(readdirSync(stage)).toEqual([])
    mountOver(stage, 1024 * 1024)
    try {
      const small = { code: 'staging-too-small', params: { directory: stage, free: 0, spared: 1 } }
      expect((await planOf(console, 'backup')).refusals).toContainEqual({
        ...small,
        params: { ...small.params, needed: expect.any(Number) },
      })
      expect((await planOf(console, 'drill')).refusals.map(({ code }) => code)).toContain('staging-too-small')
    } finally {
      unmount(stage)
    }
    // Of no size that is known.
    const fresh = await startBackedUp(server, { wanted: staged(2, stage) })
    mountOver(stage, 1024 * 1024)
    try {
      expect((await planOf(fresh, 'backup')).warnings.map(({ code }) => code)).toContain(
        'staging-maybe-small',
      )
      const failed = await fresh.run('backup')
      expect(failed).toMatchObject({ state: 'failed', target: 'unchanged', error: { code: 'staging-full' } })
      expect(readdirSync(stage)).toEqual([])
      expect(fresh.inPlace()).toEqual([])
    } finally {
      unmount(stage)
    }
  },
)
