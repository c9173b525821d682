/** What goes wrong while a database is restored: it is named, the database in use is as it was, and nothing is left behind. */
import { readFileSync } from 'node:fs'
import type { Client } from 'pg'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { unprivilegedOwner } from '../../../demo/servers/owner.ts'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { mountSmallDisk } from '../../../demo/servers/small-disk.ts'
import { startSshd } from '../../../demo/servers/sshd.ts'
import type { Manifest } from '../../../src/main/engine/backups/manifest.ts'
import { Ssh } from '../../../src/shared/model/profile/ssh.ts'
import { cannotMount } from '../../crash/small-disk.ts'
import { until } from '../../support/until.ts'
import { type BackupKit, createBackupKit } from '../backups/backup-kit.ts'
import { ANNA, createRestoreKit, NEVER, type RestoreKit } from './restore-kit.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 })

let server: PostgresServer
let kit: BackupKit
let restore: RestoreKit
let manifest: Manifest
beforeAll(async () => {
  server = await startPostgres({ settings: { max_connections: 20 } })
  kit = await createBackupKit({ password: server.password })
  await server.query('CREATE DATABASE shop')
  // Restoring it waits for as long as there is a role of this name: a check is looked at for each row that is loaded.
  await server.query(
    `CREATE FUNCTION waits() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
       WHILE EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'stall') LOOP PERFORM pg_catalog.pg_sleep(0.1); END LOOP;
       RETURN true; END $$;
     CREATE TABLE orders (id int CHECK (public.waits())); INSERT INTO orders VALUES (1)`,
    { database: 'shop' },
  )
  manifest = await kit.make(server, 'shop', { recipients: [], globals: false })
  await server.query('INSERT INTO orders VALUES (2)', { database: 'shop' })
  restore = createRestoreKit(server, kit, { database: 'shop' })
  restore.know(manifest)
})
afterAll(async () => {
  await restore?.close()
  await kit?.close()
  await server?.stop()
})
afterEach(async () => {
  await server.query('DROP ROLE IF EXISTS stall')
  expect(await server.query('SELECT id FROM orders ORDER BY id', { database: 'shop' })).toEqual([
    { id: 1 },
    { id: 2 },
  ])
  expect(await restore.databases()).toEqual(['shop'])
  await until(async () => (await sessions()).length === 0, { what: 'the end of our sessions' })
})

const sessions = (text = '') =>
  server.query(
    `SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'vakhta restore%' AND query LIKE $1`,
    { values: [`${text}%`] },
  )

it.each([
  ['side-by-side', 'restore-failed'],
  ['in-place', null],
] as const)('tells that the server ended its session in the middle: %s', async (mode, code) => {
  const console = await restore.console()
  await server.query('CREATE ROLE stall')
  const options = { mode, backup: manifest.id, ...(mode === 'in-place' && { room: 'none' }) }
  const asked = { kind: 'restore', deployment: 'shop', options, silence: false, confirm: 'shop' } as const
  const { id } = await console.operations.start(asked, ANNA, null, NEVER)
  const [loading] = await until(
    async () => {
      const found = await sessions('COPY ')
      return found.length > 0 && found
    },
    { what: 'a session that loads rows', timeoutMs: 60_000 },
  )
  await server.query('SELECT pg_terminate_backend($1)', { values: [loading?.pid] })
  await console.operations.settled(id)
  const ended = await console.operations.get(id)
  expect(ended).toMatchObject({ state: 'failed', target: 'unchanged', error: expect.anything() })
  if (code !== null) expect(ended.error).toMatchObject({ code })
  else expect(JSON.stringify(ended.error)).toMatch(/postgres-|restore-failed/)
  await console.close()
})

it('is not begun where the server has no connections left for it', async () => {
  const console = await restore.console()
  await console.preview({ mode: 'side-by-side', backup: manifest.id })
  const others: Client[] = []
  // A superuser has what is reserved, too.
  for (let count = 0; count < 16; count += 1) others.push(await server.connect('shop'))
  const { preview } = await console.preview({ mode: 'side-by-side', backup: manifest.id })
  await Promise.all(others.map((client) => client.end()))
  const { needed, free } = preview.connections
  expect(preview.refusals).toContainEqual({ code: 'connections-too-few', params: { needed, free } })
  await console.close()
})

it.skipIf(cannotMount !== null)(
  `a disk of the server that is full is told, leaves nothing, and room makes it work${cannotMount === null ? '' : ` (${cannotMount})`}`,
  async () => {
    const disk = mountSmallDisk(96 * 1_048_576, unprivilegedOwner())
    let full: RestoreKit | null = null
    try {
      await server.query(`CREATE TABLESPACE small LOCATION '${disk.directory}'`)
      await server.query('CREATE DATABASE noise TABLESPACE small')
      await server.query(
        `CREATE TABLE noise AS SELECT id, string_agg(md5(random()::text), '') AS text FROM generate_series(1, 8000) id, generate_series(1, 40) GROUP BY id`,
        { database: 'noise' },
      )
      const made = await kit.make(server, 'noise', { recipients: [], globals: false })
      await server.query('DELETE FROM noise WHERE id > 10', { database: 'noise' })
      // What the server has still to write there, it could not.
      await server.query('VACUUM noise', { database: 'noise' })
      await server.query('CHECKPOINT')
      full = createRestoreKit(server, kit, { database: 'noise' })
      full.know(made)
      const console = await full.console()
      // Enough for a database, and not for what comes into it.
      disk.fill(10 * 1_048_576)
      const options = { mode: 'side-by-side', backup: made.id }
      const failed = await console.run(options)
      expect(failed).toMatchObject({ state: 'failed', undo: 'done', target: 'unchanged' })
      expect(failed.error).toMatchObject({ code: 'restore-failed' })
      expect(JSON.stringify(failed.error)).toMatch(/No space left on device/)
      expect(await full.databases()).toEqual(['noise', 'shop'])
      disk.makeRoom()
      const done = await console.run(options)
      expect(done).toMatchObject({ state: 'succeeded', error: null })
      const count = async () =>
        (await server.query('SELECT count(*)::int AS count FROM noise', { database: 'noise' }))[0]?.count
      expect(await count()).toBe(8_000)
      expect(await console.act(done.id, 'undo')).toMatchObject({ state: 'undone', target: 'unchanged' })
      expect(await count()).toBe(10)
      await console.close()
    } finally {
      disk.makeRoom()
      await full?.close()
      await server.query('DROP DATABASE IF EXISTS noise WITH (FORCE)')
      await server.query('DROP TABLESPACE IF EXISTS small')
      disk.release()
    }
  },
)

it('a way that is cut in the middle is told, and leaves nothing once somebody decided', async () => {
  const bastion = await startSshd()
  const hop = { host: '127.0.0.1', port: bastion.port, user: bastion.user }
  await kit.vault.set('key', readFileSync(bastion.clientKeyPath, 'utf8'))
  const ssh = Ssh.parse({ hops: [{ ...hop, key: 'secret:key' }] })
  // It is seen first, and then accepted.
  await kit.make(server, 'shop', { ssh, recipients: [] }).catch(() => {})
  await kit.hostKeys.accept(`127.0.0.1:${bastion.port}`, bastion.hostFingerprint)
  const far = createRestoreKit(server, kit, { database: 'shop', ssh })
  try {
    far.know(manifest)
    const console = await far.console()
    await server.query('CREATE ROLE stall')
    const options = { mode: 'side-by-side', backup: manifest.id }
    const asked = { kind: 'restore', deployment: 'shop', options, silence: false, confirm: 'shop' } as const
    const { id } = await console.operations.start(asked, ANNA, null, NEVER)
    await until(async () => (await sessions('COPY ')).length > 0, {
      what: 'a session that loads rows',
      timeoutMs: 60_000,
    })
    await bastion.halt()
    await console.operations.settled(id)
    const cut = await console.operations.get(id)
    // The lock went with the way: a person decides.
    expect(cut).toMatchObject({ state: 'interrupted', error: expect.anything() })
    expect(JSON.stringify(cut.error)).not.toContain('step-bug')
    await bastion.restart()
    far.retry()
    await until(() => bastion.sessions() > 0, { what: 'a way that is back', timeoutMs: 60_000 })
    const given = await console.act(id, 'cancel')
    expect(given).toMatchObject({ state: 'cancelled', target: 'unchanged', error: null })
    await console.close()
  } finally {
    await far.close()
    await bastion.stop()
  }
})

it('is told where who operates may not log in any more in the middle, and is undone once it may', async () => {
  await server.query(`CREATE ROLE helper LOGIN CREATEDB PASSWORD '${server.password}'`)
  await server.query('GRANT postgres TO helper')
  const weak = createRestoreKit(server, kit, { database: 'shop', operate: 'helper' })
  weak.know(manifest)
  const console = await weak.console()
  try {
    await server.query('CREATE ROLE stall')
    const options = { mode: 'side-by-side', backup: manifest.id, swap: false }
    const asked = { kind: 'restore', deployment: 'shop', options, silence: false, confirm: 'shop' } as const
    const { id } = await console.operations.start(asked, ANNA, null, NEVER)
    const [loading] = await until(
      async () => {
        const found = await sessions('COPY ')
        return found.length > 0 && found
      },
      { what: 'a session that loads rows', timeoutMs: 60_000 },
    )
    await server.query('ALTER ROLE helper NOLOGIN')
    await server.query('SELECT pg_terminate_backend($1)', { values: [loading?.pid] })
    await console.operations.settled(id)
    const failed = await console.operations.get(id)
    expect(failed).toMatchObject({
      ...{ state: 'interrupted', target: 'unknown' },
      error: { failure: { code: 'postgres-role-missing', recovery: 'person' } },
    })
    await server.query('ALTER ROLE helper LOGIN')
    expect(await console.act(id, 'cancel')).toMatchObject({ state: 'cancelled', target: 'unchanged' })
    await console.close()
  } finally {
    await weak.close()
    await server.query('REVOKE postgres FROM helper')
    await server.query('DROP OWNED BY helper')
    await server.query('DROP ROLE helper')
  }
})
