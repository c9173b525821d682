import { readFile } from 'node:fs/promises'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type PgBouncer, type PgBouncerOptions, startPgBouncer } from '../../../demo/servers/pgbouncer.ts'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { postgresPool } from '../../../src/main/engine/probes/postgres-pool/index.ts'
import { diagnose } from '../../../src/main/engine/reach/diagnose.ts'
import type { ReachStepResult } from '../../../src/shared/model/failure.ts'
import { until } from '../../support/until.ts'
import { watch } from '../probes/probe-kit.ts'
import { createKit, failureOf, type Kit, soon } from './reach-kit.ts'

let postgres: PostgresServer
let kit: Kit
const poolers: PgBouncer[] = []

beforeAll(async () => {
  postgres = await startPostgres({ settings: { max_connections: 30 } })
  await postgres.query(
    `CREATE ROLE watch LOGIN PASSWORD 'right' IN ROLE pg_monitor; CREATE ROLE app LOGIN PASSWORD 'apppw' IN ROLE pg_monitor;
     CREATE TABLE orders (id int); GRANT ALL ON orders TO app`,
  )
})
afterAll(() => postgres?.stop())
beforeEach(async () => {
  kit = await createKit()
  kit.secrets.set('watch', 'right')
})
afterEach(async () => {
  for (const pooler of poolers.splice(0)) await pooler.stop()
})

async function pooler(options: Partial<PgBouncerOptions> = {}): Promise<PgBouncer> {
  const started = await startPgBouncer({
    postgresPort: postgres.port,
    poolMode: 'transaction',
    users: { watch: 'right', app: 'apppw' },
    ...options,
  })
  poolers.push(started)
  return started
}

const profile = (at: { port: number }, database = 'postgres') => ({
  postgres: {
    url: `postgresql://watch@127.0.0.1:${at.port}/${database}`,
    password: 'secret:watch',
    application: { role: 'app' },
  },
})

function sessionsOf(at: { port: number }, database?: string) {
  const reach = kit.reach(profile(at, database))
  if (reach.postgres === null) throw new Error('the profile has PostgreSQL')
  return { reach, ...reach.postgres }
}

async function application(at: { port: number }): Promise<Client> {
  const client = new Client({
    host: '127.0.0.1',
    port: at.port,
    user: 'app',
    password: 'apppw',
    database: 'postgres',
  })
  client.on('error', () => {})
  await client.connect()
  return client
}

const SETTINGS = `
  SELECT name, setting FROM pg_settings
  WHERE name IN ('application_name', 'statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout',
                 'default_transaction_read_only', 'transaction_read_only', 'search_path', 'tcp_keepalives_idle',
                 'client_connection_check_interval')
  ORDER BY name`

describe.each(['transaction', 'session'] as const)('through PgBouncer in %s mode', (poolMode) => {
  it('leaves nothing behind in the sessions that it shares with the application', async () => {
    // One server connection for all: whatever Vakhta left behind, the application would get.
    const shared = await pooler({
      poolMode,
      forcedUser: 'app',
      settings: { default_pool_size: poolMode === 'session' ? 3 : 1 },
    })
    const before = await application(shared)
    const clean = (await before.query(SETTINGS)).rows
    await before.end()
    const watching = watch(postgresPool, kit.profile(profile(shared)), kit.reach(profile(shared)))
    for (let look = 0; look < 5; look += 1) {
      const { status, values, evidence } = await watching.look()
      expect(status).toBe('HEALTHY')
      expect(values.db_up).toBe(1)
      expect(evidence?.facts?.through).toBe('pooler')
    }
    const client = await application(shared)
    try {
      for (let round = 0; round < 3; round += 1) {
        expect((await client.query(SETTINGS)).rows).toEqual(clean)
        await client.query('INSERT INTO orders VALUES (1)')
        await watching.look()
      }
      const held = await postgres.query(
        `SELECT count(*)::int AS n FROM pg_stat_activity WHERE state LIKE 'idle in%' OR wait_event_type = 'Lock'`,
      )
      expect(held[0]?.n).toBe(0)
    } finally {
      await client.end()
    }
  })

  it('is one of two clients there, and counts what it cost', async () => {
    const own = await pooler({ poolMode })
    const { reach, probes, people } = sessionsOf(own)
    for (let round = 0; round < 3; round += 1) {
      const { rows, bytes } = await probes.query('SELECT $1::int AS n', [round], soon())
      expect(rows).toEqual([{ n: round }])
      expect(bytes).toBeGreaterThan(30)
      await people.query('SELECT 1', [], soon())
    }
    expect(probes.pooled).toBe(true)
    expect(probes.version).toBeGreaterThanOrEqual(120_000)
    const pools = await own.command('SHOW POOLS')
    const pool = pools.find(({ user }) => user === 'watch')
    expect(Number(pool?.cl_active) + Number(pool?.cl_waiting)).toBe(2)
    expect(Number(pool?.sv_active) + Number(pool?.sv_idle)).toBeLessThanOrEqual(2)
    await reach.close()
    await until(async () => {
      const after = (await own.command('SHOW POOLS')).find(({ user }) => user === 'watch')
      return Number(after?.cl_active ?? 0) + Number(after?.cl_waiting ?? 0) === 0
    })
  })

  it('bounds a statement, keeps it read-only, and gives the connection back after it failed', async () => {
    const own = await pooler({ poolMode })
    const { probes } = sessionsOf(own)
    await probes.query('SELECT 1', [], soon())
    expect(await failureOf(probes.query('SELECT pg_sleep(30)', [], soon(1_500)))).toMatchObject({
      code: 'postgres-statement-timeout',
    })
    expect(await failureOf(probes.query('CREATE TABLE mischief (id int)', [], soon()))).toMatchObject({
      params: { sqlstate: '25006' },
    })
    expect((await probes.query('SELECT 2 AS two', [], soon())).rows).toEqual([{ two: 2 }])
  })
})

describe('a pooler in trouble', () => {
  it('is told apart: used up, paused, and back by itself', async () => {
    const small = await pooler({ settings: { default_pool_size: 1, query_wait_timeout: 60 } })
    const { reach, probes } = sessionsOf(small)
    await probes.query('SELECT 1', [], soon())
    const hog = new Client({
      host: '127.0.0.1',
      port: small.port,
      user: 'watch',
      password: 'right',
      database: 'postgres',
    })
    hog.on('error', () => {})
    await hog.connect()
    await hog.query('BEGIN')
    expect(await failureOf(probes.query('SELECT 1', [], soon(800)))).toMatchObject({
      code: 'postgres-pooler-busy',
      recovery: 'by-itself',
    })
    await hog.query('COMMIT')
    await hog.end()
    await until(async () => (await probes.query('SELECT 1', [], soon(1_000))).rows.length === 1, {
      timeoutMs: 20_000,
    })
    await small.command('PAUSE')
    const watching = watch(postgresPool, kit.profile(profile(small)), reach)
    const paused = await watching.look()
    expect(paused).toMatchObject({ status: 'CRITICAL', reason: { code: 'postgres-pooler-busy' } })
    expect(paused.values.db_up).toBeNull()
    const clients = (await small.command('SHOW CLIENTS')).filter(({ user }) => user === 'watch')
    expect(clients.length).toBeLessThanOrEqual(2)
    await small.command('RESUME')
    await until(async () => (await watching.look()).status === 'HEALTHY', { timeoutMs: 25_000 })
  })

  it('says in its own words that it waited too long', async () => {
    const small = await pooler({ settings: { default_pool_size: 1, query_wait_timeout: 1 } })
    const { probes } = sessionsOf(small)
    await probes.query('SELECT 1', [], soon())
    const hog = new Client({
      host: '127.0.0.1',
      port: small.port,
      user: 'watch',
      password: 'right',
      database: 'postgres',
    })
    hog.on('error', () => {})
    await hog.connect()
    await hog.query('BEGIN')
    try {
      expect(await failureOf(probes.query('SELECT 1', [], soon()))).toMatchObject({
        code: 'postgres-pooler-gave-up',
        params: { words: expect.stringContaining('query_wait_timeout') },
      })
    } finally {
      await hog.end()
    }
  })

  it('is back after it was restarted', async () => {
    const own = await pooler()
    const { reach, probes } = sessionsOf(own)
    await until(() => reach.connection().status === 'CONNECTED')
    await own.halt()
    await until(() => reach.connection().status !== 'CONNECTED')
    expect(await failureOf(probes.query('SELECT 1', [], soon()))).toMatchObject({ on: 'target' })
    await own.restart()
    await until(() => reach.connection().status === 'CONNECTED', { timeoutMs: 20_000 })
    expect((await probes.query('SELECT 1 AS one', [], soon())).rows).toEqual([{ one: 1 }])
  })

  it('refuses a password once, and a database that is not there', async () => {
    const own = await pooler()
    const missing = sessionsOf(own, 'nowhere')
    expect(await failureOf(missing.probes.query('SELECT 1', [], soon()))).toMatchObject({
      code: 'postgres-database-missing',
      recovery: 'person',
    })
    kit.secrets.set('watch', 'wrong')
    const { reach, probes, people } = sessionsOf(own)
    expect(await failureOf(probes.query('SELECT 1', [], soon()))).toMatchObject({
      code: 'postgres-password-wrong',
      recovery: 'person',
    })
    await failureOf(people.query('SELECT 1', [], soon()))
    expect(reach.connection().status).toBe('REFUSED')
    const closings = (await readFile(own.logFile, 'utf8')).match(/closing because: .*authentication failed/g)
    expect(closings?.length).toBe(1)
  })

  it('is not called refused while PostgreSQL behind it is away', async () => {
    const away = await startPostgres()
    await away.query(`CREATE ROLE watch LOGIN PASSWORD 'right' IN ROLE pg_monitor`)
    const own = await pooler({ postgresPort: away.port, settings: { server_connect_timeout: 2 } })
    try {
      const { reach, probes } = sessionsOf(own)
      await probes.query('SELECT 1', [], soon())
      await away.halt()
      const failure = await until(async () => {
        const { code } = await failureOf(probes.query('SELECT 1', [], soon(3_000)))
        return ['postgres-pooler-cannot-connect', 'postgres-pooler-busy'].includes(code) && code
      })
      expect(failure).toMatch(/pooler/)
      expect(reach.connection().status).not.toBe('REFUSED')
      await away.restart()
      await until(async () => (await probes.query('SELECT 1', [], soon(2_000))).rows.length === 1, {
        timeoutMs: 28_000,
      })
    } finally {
      await away.stop()
    }
  }, 60_000)
})

describe("PgBouncer's console in the test of a connection", () => {
  it('is logged in to, and told of where who logs in may only look', async () => {
    const own = await pooler({
      users: { watch: 'right', app: 'apppw', looker: 'right' },
      settings: { stats_users: 'looker', admin_users: 'console, watch' },
    })
    const tested = async (user: string) => {
      const { postgres: direct } = profile(postgres)
      const url = `postgresql://${user}@127.0.0.1:${own.port}/pgbouncer?sslmode=disable`
      const named = { postgres: { ...direct, pooler: { url, password: 'secret:watch' as const } } }
      const results: ReachStepResult[] = []
      for await (const result of diagnose(kit.profile(named), kit, new AbortController().signal))
        if (result.hop === `PgBouncer 127.0.0.1:${own.port}`) results.push(result)
      return results.map(({ step, status, failure }) => `${step} ${failure?.code ?? status}`)
    }
    const passed = ['resolve ok', 'tcp ok', 'protocol ok', 'authentication ok']
    expect(await tested('watch')).toEqual([...passed, 'privilege ok'])
    expect(await tested('looker')).toEqual([...passed, 'privilege postgres-pooler-admin-missing'])
    expect((await tested('nobody')).at(-2)).toMatch(/^authentication postgres-/)
  })
})
