import { Client, Pool, type PoolClient } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { postgresPool } from '../../../src/main/engine/probes/postgres-pool/index.ts'
import type { DeploymentProfileInput } from '../../../src/shared/model/profile/deployment.ts'
import { until } from '../../support/until.ts'
import { createKit } from '../reach/reach-kit.ts'
import { serve, watch } from './probe-kit.ts'

let server: PostgresServer
const closers: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  server = await startPostgres({ settings: { max_connections: 30, track_activity_query_size: 2048 } })
  await server.query(
    "create role app login password 'apppw'; create role vakhta login password 'watch' in role pg_monitor; create role blind login password 'watch'; create table orders (id int primary key, name text); insert into orders values (1, 'x');",
  )
  await server.query('grant all on orders to app; grant create on schema public to app')
})
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})
afterAll(() => server.stop())

function appPool(max: number): Pool {
  const pool = new Pool({
    host: '127.0.0.1',
    port: server.port,
    user: 'app',
    password: 'apppw',
    database: 'postgres',
    max,
    application_name: 'shop-web',
  })
  pool.on('error', () => {})
  closers.push(() => pool.end())
  return pool
}

async function checkOut(pool: Pool, count: number): Promise<PoolClient[]> {
  const clients = await Promise.all(Array.from({ length: count }, () => pool.connect()))
  for (const client of clients) client.on('error', () => {})
  return clients
}

async function watcher(profile: Partial<DeploymentProfileInput> = {}, role = 'vakhta') {
  const kit = await createKit()
  kit.secrets.set('watch', 'watch')
  const full = {
    postgres: {
      url: `postgresql://${role}@127.0.0.1:${server.port}/postgres?sslmode=disable`,
      password: 'secret:watch',
      application: { role: 'app' },
    },
    ...profile,
  }
  return watch(postgresPool, kit.profile(full), kit.reach(full))
}

const declaredPool = (size: number, overflow = 0, url = 'http://127.0.0.1:9') => ({
  services: [{ name: 'web', url, pool: { size, overflow }, ready: null, metrics: null }],
})

describe('the pool on a real PostgreSQL', () => {
  it('counts checked-out, idle and free connections of the application against the declared pool', async () => {
    const pool = appPool(6)
    const clients = await checkOut(pool, 4)
    await clients[0]?.query('begin')
    await clients[1]?.query('begin')
    const watching = await watcher(declaredPool(3, 5))
    const { status, reason, values } = await until(async () => {
      const seen = await watching.look()
      return seen.values.db_pool_checked_out === 2 && seen
    })
    expect(values).toMatchObject({
      db_up: 1,
      db_pool_size: 8,
      db_pool_checked_out: 2,
      db_pool_checked_in: 2,
      db_pool_overflow: 1,
      db_pool_available: 6,
      db_pool_utilization: 25,
      db_pool_idle_in_transaction: 2,
      db_pool_waiting: null,
      db_lock_waiting: 0,
      db_replication_lag_seconds: null,
      db_slot_retained_wal_bytes: 0,
      db_archive_failures_total: 0,
    })
    expect(values.db_size_bytes).toBeGreaterThan(1_000_000)
    expect(values.db_xid_age_percent).toBeLessThan(1)
    expect(values.db_pool_connections_opened_total).toBeGreaterThan(0)
    expect(status).toBe('HEALTHY')
    expect(reason).toEqual({ code: 'pool-healthy', params: { checkedOut: 2, size: 8, available: 6 } })
    await clients[0]?.query('rollback')
    await clients[1]?.query('rollback')
    for (const client of clients) client.release()
  })

  it('is CRITICAL on a pool that sits idle in transactions, and names that', async () => {
    const clients = await checkOut(appPool(5), 5)
    for (const client of clients) await client.query("begin; select 'top secret', 4711")
    const watching = await watcher(declaredPool(5))
    const seen = await until(async () => {
      const look = await watching.look()
      return look.evidence?.statements?.length === 5 && look
    })
    expect(seen.status).toBe('CRITICAL')
    expect(seen.reason.code).toBe('pool-used-up-idle-in-transaction')
    expect(seen.values).toMatchObject({ db_pool_utilization: 100, db_pool_available: 0 })
    expect(JSON.stringify(seen.evidence)).not.toMatch(/top secret|4711/)
    for (const client of clients) {
      await client.query('rollback')
      client.release()
    }
    const after = await watching.look()
    expect(after.values.db_pool_idle_in_transaction).toBe(0)
    expect(after.values.db_pool_checked_out).toBe(0)
  })

  it('names who blocks, while the table is locked and the blocker is not the application', async () => {
    const migration = await server.connect()
    closers.push(() => migration.end())
    await migration.query('begin; lock table orders in access exclusive mode')
    const pid = (await migration.query('select pg_backend_pid() as pid')).rows[0]?.pid
    const pool = appPool(4)
    const [client] = await checkOut(pool, 1)
    const blocked = client?.query("select name from orders where name = 'mallory@example.com' and id = 1")
    const watching = await watcher(declaredPool(20))
    const seen = await until(async () => {
      const look = await watching.look()
      return look.reason.code === 'pool-locks-waiting' && look
    })
    expect(seen.status).toBe('WARNING')
    expect(seen.values.db_lock_waiting).toBe(1)
    expect(seen.reason.params.blockers).toBe(String(pid))
    const waiting = seen.evidence?.statements?.find(({ blockedBy }) => blockedBy.length > 0)
    expect(waiting).toMatchObject({
      blockedBy: [pid],
      state: 'active',
      statement: 'select name from orders where name = ? and id = ?',
    })
    expect(waiting?.waiting).toMatch(/^Lock: /)
    expect(seen.evidence?.statements?.find((statement) => statement.pid === pid)?.state).toBe(
      'idle in transaction',
    )
    await migration.query('rollback')
    await blocked
    client?.release()
  })

  it('answers while every catalogue and table is locked', async () => {
    const blocker = await server.connect()
    closers.push(() => blocker.end())
    const watching = await watcher()
    await watching.look()
    await blocker.query(
      'begin; lock table orders, pg_class, pg_attribute, pg_database, pg_authid in access exclusive mode',
    )
    const began = performance.now()
    const seen = await watching.look()
    await blocker.query('rollback')
    expect(performance.now() - began).toBeLessThan(5_000)
    expect(['HEALTHY', 'CRITICAL']).toContain(seen.status)
  })

  it('counts a slow statement once however often it is seen', async () => {
    const [client] = await checkOut(appPool(2), 1)
    const watching = await watcher()
    const before = (await watching.look()).values.db_pool_slow_queries_total ?? 0
    const slow = client?.query('select pg_sleep(2.5)')
    const first = await until(async () => {
      const look = await watching.look()
      return (look.values.db_pool_slow_queries_total ?? 0) > before && look
    })
    const again = await watching.look()
    expect(first.values.db_pool_slow_queries_total).toBe(before + 1)
    expect(again.values.db_pool_slow_queries_total).toBe(before + 1)
    expect(again.status).toBe('WARNING')
    expect(again.reason.code).toBe('pool-slow-statements')
    await slow
    expect((await watching.look()).values.db_pool_slow_queries_total).toBe(before + 1)
    client?.release()
  })

  it('does not know a pool whose backends it may not see, and says which grant is missing', async () => {
    const clients = await checkOut(appPool(2), 2)
    const watching = await watcher({}, 'blind')
    const seen = await watching.look()
    expect(seen.status).toBe('UNKNOWN')
    expect(seen.reason).toEqual({
      code: 'pool-privilege-missing',
      params: { hidden: 2, role: 'blind', grant: 'GRANT pg_monitor TO blind;' },
    })
    expect(seen.values).toMatchObject({ db_up: 1, db_pool_checked_out: null, db_pool_utilization: null })
    for (const client of clients) client.release()
  })

  it('takes the role limit for the size where nothing is declared', async () => {
    await server.query('alter role app connection limit 12')
    expect((await (await watcher()).look()).values.db_pool_size).toBe(12)
    await server.query('alter role app connection limit -1')
    expect((await (await watcher()).look()).values.db_pool_size).toBe(27)
  })

  it("shows the application's own view, its waiting clients, and a lasting disagreement", async () => {
    const service = await serve((request, response) => {
      if (request.url !== '/api/v1/monitoring/pool/metrics') return void response.writeHead(404).end()
      response.end(
        JSON.stringify({
          metrics: { db_pool_size: 10, db_pool_checked_out: 9, db_pool_checked_in: 1, db_pool_waiting: 0 },
        }),
      )
    })
    closers.push(service.close)
    const watching = await watcher({
      services: [
        { name: 'web', url: service.url, metrics: null, ready: null, monitoring: '/api/v1/monitoring' },
      ],
    })
    const first = await watching.look()
    expect(first.status).toBe('HEALTHY')
    expect(first.values).toMatchObject({ db_pool_size: 10, db_pool_waiting: 0, db_pool_checked_out: 0 })
    expect(first.evidence?.applicationPool).toMatchObject({ db_pool_checked_out: 9 })
    await watching.look()
    await watching.look()
    const fourth = await watching.look()
    expect(fourth).toMatchObject({
      status: 'WARNING',
      reason: { code: 'pool-views-disagree', params: { application: 9, server: 0 } },
    })
  })

  it('leaves a monitoring endpoint alone that asks for it', async () => {
    let asked = 0
    const service = await serve((_request, response) => {
      asked += 1
      response.writeHead(429, { 'retry-after': '60' }).end()
    })
    closers.push(service.close)
    const watching = await watcher({
      services: [{ name: 'web', url: service.url, metrics: null, ready: null, monitoring: '/monitoring' }],
    })
    for (let look = 0; look < 3; look += 1) {
      expect((await watching.look()).values).toMatchObject({ db_up: 1, db_pool_waiting: null })
    }
    expect(asked).toBe(1)
  })

  it('tells how full the server is through the connection that it holds', async () => {
    const watching = await watcher(declaredPool(40))
    await watching.look()
    const clients: Client[] = []
    for (let index = 0; index < 26; index++) {
      const client = new Client({
        host: '127.0.0.1',
        port: server.port,
        user: 'app',
        password: 'apppw',
        database: 'postgres',
      })
      client.on('error', () => {})
      if (
        await client.connect().then(
          () => true,
          () => false,
        )
      )
        clients.push(client)
    }
    closers.push(() => Promise.all(clients.map((client) => client.end())))
    const seen = await watching.look()
    expect(seen.values.db_up).toBe(1)
    expect(seen.reason.code).toBe('pool-server-nearly-full')
  })

  it('is CRITICAL while PostgreSQL is down and comes back by itself', async () => {
    const watching = await watcher()
    await watching.look()
    await server.halt()
    const down = await until(async () => {
      const look = await watching.look()
      return look.values.db_up === 0 && look
    })
    expect(down.status).toBe('CRITICAL')
    expect(down.values.db_pool_checked_out).toBeNull()
    await server.restart()
    const up = await until(
      async () => {
        const look = await watching.look()
        return look.values.db_up === 1 && look
      },
      { timeoutMs: 25_000 },
    )
    expect(up.status).toBe('HEALTHY')
  })

  it('does not call the pool bad because its own password is', async () => {
    const kit = await createKit()
    kit.secrets.set('watch', 'wrong')
    const profile = {
      postgres: {
        url: `postgresql://vakhta@127.0.0.1:${server.port}/postgres?sslmode=disable`,
        password: 'secret:watch',
      },
    }
    const seen = await watch(postgresPool, kit.profile(profile), kit.reach(profile)).look()
    expect(seen.status).toBe('UNKNOWN')
    expect(seen.values.db_up).toBeNull()
    expect(seen.reason.code).toBe('postgres-password-wrong')
  })
})
