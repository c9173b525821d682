/** A restore under a service that writes all the time, directly and through PgBouncer; and what stands in its way. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { startPgBouncer } from '../../../demo/servers/pgbouncer.ts'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import type { Manifest } from '../../../src/main/engine/backups/manifest.ts'
import { type Clock, systemClock } from '../../../src/main/engine/clock.ts'
import { until } from '../../support/until.ts'
import { type BackupKit, createBackupKit } from '../backups/backup-kit.ts'
import {
  ANNA,
  createRestoreKit,
  NEVER,
  type RestoreConsole,
  type RestoreKit,
  startService,
} from './restore-kit.ts'
import { holdingUp, toldByAnother } from './second-console.ts'

// Each restore is threads and programs that begin: on a machine with much else to do they take their time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let server: PostgresServer
let kit: BackupKit
let manifest: Manifest
const opened: RestoreKit[] = []
/** Rows of `visits`. */
const IN_BACKUP = 5
beforeAll(async () => {
  server = await startPostgres({
    settings: {
      wal_level: 'logical',
      max_prepared_transactions: 5,
      max_connections: 100,
      superuser_reserved_connections: 50,
    },
  })
  kit = await createBackupKit({ password: server.password })
  await server.query(`CREATE ROLE app LOGIN PASSWORD 'app'`)
  await server.query('CREATE DATABASE shop OWNER app')
  await server.query(
    `CREATE TABLE visits (id bigserial PRIMARY KEY, at timestamptz DEFAULT now()); ALTER TABLE visits OWNER TO app; INSERT INTO visits SELECT FROM generate_series(1, ${IN_BACKUP})`,
    { database: 'shop' },
  )
  await server.query(`CREATE ROLE watcher LOGIN PASSWORD '${server.password}' IN ROLE pg_monitor`)
  manifest = await kit.make(server, 'shop')
})
afterAll(async () => {
  await kit.close()
  await server.stop()
})
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close()
})

const ALL = { deployment: null, kinds: null, states: null, before: null, limit: 10 }

function restoring(
  more: Partial<Parameters<typeof createRestoreKit>[2]> = {},
  over: BackupKit = kit,
): RestoreKit {
  const restore = createRestoreKit(server, over, { database: 'shop', readsOnce: true, ...more })
  restore.know(manifest)
  opened.push(restore)
  return restore
}

const codesOf = async ({ operations }: RestoreConsole, id: string) =>
  (await operations.log(id)).map(({ reason }) => reason.code)
const options = () => ({ mode: 'side-by-side', backup: manifest.id })
const rows = async (database = 'shop') =>
  Number((await server.query('SELECT count(*) AS count FROM visits', { database }))[0]?.count)

describe.each(['directly', 'through PgBouncer'] as const)('a service that writes %s', (way) => {
  it('goes on with what was restored, and with what was there before', async () => {
    const pooler =
      way === 'directly'
        ? null
        : await startPgBouncer({
            postgresPort: server.port,
            poolMode: 'transaction',
            users: { app: 'app' },
          })
    const atStart = await rows()
    const service = await startService(`postgresql://app:app@127.0.0.1:${pooler?.port ?? server.port}/shop`)
    try {
      await until(() => service.written() > 3, { what: 'a service that writes' })
      const restore = restoring({ service: { url: service.url } })
      const console = await restore.console()
      const done = await console.run(options())
      expect(done).toMatchObject({ state: 'succeeded', error: null })
      expect(await codesOf(console, done.id)).toContain('restore-ready')
      const before = String(done.result?.before)
      // Everything that the service was told of is in one of the two.
      const atSwap = service.written()
      await until(() => service.written() > atSwap + 3, { what: 'a service that writes again' })
      const told = service.written()
      const [aside, inUse] = [(await rows(before)) - atStart, (await rows()) - IN_BACKUP]
      expect(aside).toBeGreaterThan(0)
      expect(inUse).toBeGreaterThan(0)
      expect(aside + inUse).toBeGreaterThanOrEqual(told)

      expect(await console.act(done.id, 'undo')).toMatchObject({ state: 'undone', target: 'unchanged' })
      const back = await rows()
      const atUndo = service.written()
      await until(() => service.written() > atUndo + 3, { what: 'a service that writes once more' })
      expect(await rows()).toBeGreaterThan(back)
      expect(await restore.databases()).toEqual(['shop'])
      expect((await codesOf(console, done.id)).filter((code) => code === 'restore-ready')).toHaveLength(2)
      await console.close()
    } finally {
      await service.stop()
      await pooler?.stop()
    }
  })
})

describe.each(['side-by-side', 'in-place', 'tables'] as const)('a service under a restore %s', (mode) => {
  /** What waits for a service waits a twentieth of it. */
  const hurried: Clock = { ...systemClock, monotonic: () => systemClock.monotonic() * 20 }
  const asked = () => ({
    ...options(),
    mode,
    ...(mode === 'tables' && { tables: [{ schema: 'public', name: 'visits' }] }),
    ...(mode === 'in-place' && { room: 'none' }),
  })

  it('that is not ready with what was restored has what was there before again', async () => {
    await server.query(`INSERT INTO visits (at) VALUES ('2001-01-01')`, { database: 'shop' })
    const url = `postgresql://app:app@127.0.0.1:${server.port}/shop`
    const service = await startService(url, `SELECT FROM visits WHERE at = '2001-01-01'`)
    const restore = restoring({ service: { url: service.url }, clock: hurried })
    const console = await restore.console()
    const done = await console.run(asked())
    expect(done).toMatchObject({
      ...{ state: 'failed', undo: 'done', target: 'unchanged' },
      error: { code: 'restore-not-ready', params: { services: 'api' } },
    })
    expect(await codesOf(console, done.id)).toContain('restore-ready')
    expect(await rows()).toBeGreaterThan(5)
    await console.close()
    await service.stop()
  })

  it('is told of where it is not ready after the way back, and holds that up for nothing', async () => {
    const service = await startService(`postgresql://app:app@127.0.0.1:${server.port}/shop`)
    const restore = restoring({ service: { url: service.url }, clock: hurried })
    const console = await restore.console()
    const [there] = await server.query(`SELECT pg_database_size('shop')::int8 AS bytes`)
    const told = { services: ['api'], databases: [{ name: 'shop', bytes: expect.any(Number) }] }
    const { preview } = await console.preview(asked())
    expect({ ...preview, databases: preview.databases.slice(0, 1) }).toMatchObject(told)
    const away = Math.abs((preview.databases[0]?.bytes ?? 0) / Number(there?.bytes) - 1)
    expect(away).toBeLessThan(0.1)
    const done = await console.run(asked())
    expect(done).toMatchObject({ state: 'succeeded', error: null })
    expect((await console.previewUndo(done.id)).services).toEqual(['api'])
    await service.stop()
    expect(await console.act(done.id, 'undo')).toMatchObject({ state: 'undone', target: 'unchanged' })
    const last = (await console.operations.log(done.id)).filter(({ step }) => step !== null)
    expect(last.at(-1)?.reason).toMatchObject({
      code: 'restore-not-ready-again',
      params: { services: 'api' },
    })
    await console.close()
  })
})

describe('what stands in its way is told before anything is touched:', () => {
  const refusals = async (restore: RestoreKit, more: Record<string, string | boolean> = {}) => {
    const console = await restore.console()
    try {
      const { preview } = await console.preview({ ...options(), ...more })
      expect(await restore.databases()).toEqual(['shop'])
      return preview.refusals
    } finally {
      await console.close()
    }
  }

  it('a slot of logical replication', async () => {
    await server.query(`SELECT pg_create_logical_replication_slot('feed', 'pgoutput')`, { database: 'shop' })
    expect(await refusals(restoring())).toMatchObject([{ code: 'restore-slots', params: { names: 'feed' } }])
    // Beside it nothing is swapped.
    expect(await refusals(restoring(), { swap: false })).toEqual([])
    await server.query(`SELECT pg_drop_replication_slot('feed')`)
  })

  it('a subscription', async () => {
    await server.query(
      `CREATE SUBSCRIPTION theirs CONNECTION 'dbname=nowhere' PUBLICATION p WITH (connect = false)`,
      { database: 'shop' },
    )
    expect(await refusals(restoring())).toMatchObject([{ code: 'restore-subscriptions' }])
    await server.query('ALTER SUBSCRIPTION theirs SET (slot_name = NONE); DROP SUBSCRIPTION theirs', {
      database: 'shop',
    })
  })

  it('a prepared transaction', async () => {
    await server.query(`BEGIN; INSERT INTO visits DEFAULT VALUES; PREPARE TRANSACTION 'later'`, {
      database: 'shop',
    })
    expect(await refusals(restoring())).toMatchObject([
      { code: 'restore-prepared', params: { names: 'later' } },
    ])
    await server.query(`ROLLBACK PREPARED 'later'`, { database: 'shop' })
  })

  it('a role without rights', async () => {
    await server.query(`CREATE ROLE helper LOGIN PASSWORD '${server.password}'`)
    const codes = (await refusals(restoring({ operate: 'helper', watch: 'watcher' }))).map(({ code }) => code)
    expect(codes).toEqual([
      ...['restore-no-createdb', 'restore-not-owner', 'restore-not-member', 'restore-cannot-end'],
    ])
  })

  it('a role that the backup needs and that is not there', async () => {
    await server.query('CREATE ROLE passing')
    await server.query('CREATE DATABASE other')
    await server.query('CREATE TABLE theirs (); ALTER TABLE theirs OWNER TO passing', { database: 'other' })
    const other = await kit.make(server, 'other')
    await server.query('DROP DATABASE other')
    await server.query('CREATE DATABASE other')
    await server.query('DROP ROLE passing')
    const restore = restoring({ database: 'other' })
    restore.know(other)
    const console = await restore.console()
    const { preview } = await console.preview({ mode: 'side-by-side', backup: other.id })
    expect(preview.refusals).toMatchObject([{ code: 'restore-roles-missing', params: { roles: 'passing' } }])
    await console.close()
    await server.query('DROP DATABASE other WITH (FORCE)')
  })

  it('fewer connections than it needs are left, as those count for who operates', async () => {
    const role = `LOGIN CREATEDB PASSWORD '${server.password}' IN ROLE app, pg_signal_backend, pg_monitor`
    await server.query(`CREATE ROLE limited ${role} CONNECTION LIMIT 2`)
    const asLimited = await restoring({ operate: 'limited', watch: 'watcher' }).console()
    const limited = async () => (await asLimited.preview(options())).preview
    const code = 'connections-too-few'
    expect((await limited()).refusals).toMatchObject([{ code, params: { needed: 3, free: 2 } }])
    await server.query('ALTER ROLE limited CONNECTION LIMIT 3')
    expect((await limited()).refusals).toEqual([])
    await server.query('ALTER ROLE limited CONNECTION LIMIT -1; ALTER DATABASE shop CONNECTION LIMIT 0')
    expect((await limited()).refusals).toMatchObject([{ code, params: { needed: 3, free: 0 } }])
    await server.query('ALTER DATABASE shop CONNECTION LIMIT -1')
    // What is kept for superusers is there for them.
    expect((await limited()).connections.free).toBeLessThanOrEqual(50)
    await server.query('ALTER ROLE limited SUPERUSER')
    expect((await limited()).connections.free).toBeGreaterThan(60)
    await asLimited.close()
    await server.query('DROP ROLE limited')
  })

  it('a backup of another deployment', async () => {
    const restore = restoring()
    restore.know({ ...manifest, deployment: 'billing' })
    expect(await refusals(restore)).toMatchObject([{ code: 'backup-unknown' }])
  })

  it('a backup that another console signed, and a key that is not the one', async () => {
    const restore = restoring()
    restore.know(manifest, { signedBy: 'another' })
    expect(await refusals(restore)).toMatchObject([{ code: 'restore-signed-by-another' }])
    expect(await refusals(restore, { another: true })).toEqual([])
    await kit.vault.set('another', (await kit.keys.makeRecovery()).identity)
    expect(await refusals(restoring(), { key: 'secret:another' })).toMatchObject([{ code: 'identity-other' }])
  })
})

it('is refused on a second console while one restores there', async () => {
  const { kit: held, reached, letGo } = holdingUp(kit, 'restore')
  const first = await restoring({}, held).console()
  const second = await restoring({ name: 'other' }).console()
  const request = { kind: 'restore' as const, deployment: 'shop', options: options(), silence: false }
  const { id } = await first.operations.start(request, ANNA, null, NEVER)
  await reached
  expect(await toldByAnother(second, request)).toMatchObject({
    warned: { console: 'this', operation: id },
    refused: {
      kind: 'locked',
      scope: 'database shop',
      holder: { console: 'this', operation: id, isLeft: false },
    },
  })
  expect(await second.operations.list(ALL)).toMatchObject({ operations: [] })
  letGo()
  await first.operations.settled(id)
  expect(await first.operations.get(id)).toMatchObject({ state: 'succeeded' })
  expect(await first.act(id, 'undo')).toMatchObject({ state: 'undone' })
  await first.close()
  await second.close()
})

it('leaves everything as it was where what was restored is not what was counted', async () => {
  const restore = restoring()
  const [part, ...others] = manifest.parts
  const tables = part?.tables.map((table) => ({ ...table, rows: table.rows + 1 })) ?? []
  restore.know({ ...manifest, parts: part === undefined ? [] : [{ ...part, tables }, ...others] })
  const before = await rows()
  const console = await restore.console()
  expect(await console.run(options())).toMatchObject({
    ...{ state: 'failed', target: 'unchanged', undo: 'done' },
    error: { code: 'counts-differ' },
  })
  expect(await restore.databases()).toEqual(['shop'])
  expect(await rows()).toBe(before)
  await console.close()
})

it('a role with just the rights that it needs can do it', async () => {
  await server.query(
    `CREATE ROLE operator LOGIN CREATEDB PASSWORD '${server.password}' IN ROLE app, pg_signal_backend, pg_monitor`,
  )
  const restore = restoring({ operate: 'operator', watch: 'watcher' })
  const console = await restore.console()
  const done = await console.run(options())
  expect(done).toMatchObject({ state: 'succeeded', error: null })
  expect(await rows()).toBe(5)
  expect(await console.act(done.id, 'undo')).toMatchObject({ state: 'undone' })

  // What it could not give the new database in the end is said before anything is done.
  await server.query('CREATE ROLE api; ALTER ROLE operator IN DATABASE shop SET work_mem TO 8192')
  await server.query('ALTER DATABASE shop SET work_mem TO 9000')
  const asked = async () => (await console.preview(options())).preview.refusals
  expect(await asked()).toEqual([])
  await server.query('ALTER ROLE api IN DATABASE shop SET work_mem TO 8192')
  await server.query(
    "ALTER DATABASE shop SET log_min_duration_statement TO 100; ALTER DATABASE shop SET app.tenant TO 'one'",
  )
  expect(await asked()).toMatchObject([
    {
      code: 'restore-settings-not-ours',
      params: { user: 'operator', settings: 'app.tenant, log_min_duration_statement, work_mem (api)' },
    },
  ])
  await server.query('ALTER ROLE operator CREATEROLE')
  expect((await asked())[0]?.params.settings).toBe('app.tenant, log_min_duration_statement')
  await server.query('GRANT SET ON PARAMETER log_min_duration_statement, app.tenant TO operator')
  expect(await asked()).toEqual([])
  expect(await console.run(options())).toMatchObject({ state: 'succeeded', error: null })
  await console.close()
})
