import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { createDrivenClock } from '../../support/driven-clock.ts'
import { until } from '../../support/until.ts'
import { createRoles, freshInspection, inspect, NEVER, session } from './postgres-kit.ts'

let server: PostgresServer
const TOP = { minutes: null, order: 'total', limit: 20 } as const

beforeAll(async () => {
  server = await startPostgres({ settings: { shared_preload_libraries: "'pg_stat_statements'" } })
  await createRoles(server)
  await server.query(
    `create schema "Monitoring"; create extension pg_stat_statements schema "Monitoring";
     grant usage on schema "Monitoring" to watcher;
     create table orders (id int primary key, note text); grant all on orders to shop`,
  )
})
afterAll(() => server?.stop())
afterEach(() => server.query('select "Monitoring".pg_stat_statements_reset()'))

async function work(times: number, name = 'orders') {
  const client = await session(server, name)
  for (let at = 0; at < times; at += 1) {
    await client.query(`insert into orders values (${at}, 'Ivan Petrov') on conflict do nothing`)
  }
}

describe('what statements cost', () => {
  it('is told since the server counts, with texts and without literals, wherever the extension lies', async () => {
    const { inspection } = await freshInspection(server)
    await work(7)
    const top = await inspection.statements('shop', TOP, NEVER)
    expect(top).toMatchObject({ missing: null, remedy: null, minutes: null, restarted: false })
    const insert = top.statements.find(({ user }) => user === 'shop')
    expect(insert).toMatchObject({
      statement: 'insert into orders values ($1, $2) on conflict do nothing',
      calls: 7,
      walBytes: expect.any(Number),
    })
    expect(insert?.meanMs).toBeCloseTo((insert?.totalMs ?? 0) / 7, 6)
    expect(insert?.maxMs).toBeGreaterThan(0)
    expect(top.totalMs).toBeGreaterThanOrEqual(insert?.totalMs ?? Number.NaN)
    expect(top.since).toBeLessThanOrEqual(top.at)
    expect(top.cost.rows).toBeGreaterThan(top.statements.length)
  })

  it('hides literals of statements that PostgreSQL does not normalise', async () => {
    const { inspection } = await freshInspection(server)
    await server.query("create role intern password 'Kittens-4-ever'")
    await server.query('drop role intern')
    const top = await inspection.statements('shop', { ...TOP, limit: 100 }, NEVER)
    const texts = top.statements.map(({ statement }) => statement)
    expect(texts).toContain('create role intern password ?')
    expect(JSON.stringify(top)).not.toContain('Kittens')
  })

  it('is ordered as wanted', async () => {
    const { inspection } = await freshInspection(server)
    const client = await session(server)
    for (let at = 0; at < 9; at += 1) await client.query('select 1')
    await client.query('select count(*) from generate_series(1, 200000)')
    await client.query('select * from generate_series(1, 500)')
    const first = async (order: 'calls' | 'mean' | 'rows' | 'temp' | 'wal') => {
      const { statements } = await inspection.statements('shop', { ...TOP, order }, NEVER)
      return statements.filter(({ user }) => user === 'shop')[0]?.statement
    }
    expect(await first('calls')).toBe('select $1')
    expect(await first('mean')).toBe('select count(*) from generate_series($1, $2)')
    expect(await first('temp')).toBe('select count(*) from generate_series($1, $2)')
    expect(await first('rows')).toBe('select * from generate_series($1, $2)')
  })

  it('reads the texts once, for they lie in one file that is read whole', async () => {
    const { inspection } = await freshInspection(server)
    // Called more often than all that watches: by time, it may be our own first question that comes first in the second.
    await work(50)
    const byCalls = { ...TOP, order: 'calls' } as const
    const first = await inspection.statements('shop', byCalls, NEVER)
    const again = await inspection.statements('shop', { ...byCalls, limit: 1 }, NEVER)
    expect(again.statements[0]?.statement).toContain('insert into orders')
    expect(again.cost.bytes).toBeLessThan(first.cost.bytes)
    const [asked] = await server.query(
      `select sum(calls)::int as calls from "Monitoring".pg_stat_statements where query like '%left(min(query)%'`,
    )
    expect(asked?.calls).toBe(1)
  })

  it('is told over a window from the looks that were taken every five minutes, before anybody asked', async () => {
    const clock = createDrivenClock(Date.now())
    const { inspection } = await inspect(server, { clock })
    const sampledWithin = async (ms: number) => {
      const looks = () =>
        server.query(
          `select coalesce(sum(calls), 0)::int as calls from "Monitoring".pg_stat_statements s join pg_roles r on r.oid = userid
           where rolname = 'watcher' and query like '%with counted%'`,
        )
      const before = Number((await looks())[0]?.calls)
      await clock.advance(ms)
      await until(async () => Number((await looks())[0]?.calls) > before, { what: 'a look at the counters' })
      await clock.advance(0)
    }
    await work(3)
    await sampledWithin(15_000)
    await work(5)
    await sampledWithin(5 * 60_000)
    await work(2)
    const top = await inspection.statements('shop', { ...TOP, minutes: 15 }, NEVER)
    const insert = top.statements.find(({ user }) => user === 'shop')
    expect(insert).toMatchObject({
      calls: 7,
      maxMs: null,
      statement: expect.stringContaining('insert into orders'),
    })
    expect(top.since).toBeLessThan(top.at)
    expect(top.restarted).toBe(false)
  })

  it('says that the counting began anew within the window', async () => {
    const { inspection } = await freshInspection(server)
    const window = { ...TOP, minutes: 15 }
    await work(3)
    await inspection.statements('shop', window, NEVER)
    await work(4)
    await server.query('select "Monitoring".pg_stat_statements_reset()')
    await work(2)
    const top = await inspection.statements('shop', window, NEVER)
    expect(top.restarted).toBe(true)
    expect(top.statements.find(({ user }) => user === 'shop')?.calls).toBe(2)
  })

  it('says what is missing where the role may not read it', async () => {
    const { inspection } = await freshInspection(server, 'blind')
    expect(await inspection.statements('shop', TOP, NEVER)).toMatchObject({
      missing: 'not-permitted',
      remedy: 'GRANT pg_monitor TO blind; GRANT USAGE ON SCHEMA "Monitoring" TO blind;',
      statements: [],
    })
  })

  it('says what is missing where the extension is loaded and not created, or not even loaded', async () => {
    const { inspection } = await freshInspection(server)
    await server.query('drop extension pg_stat_statements')
    try {
      const top = await inspection.statements('shop', TOP, NEVER)
      expect(top).toMatchObject({ missing: 'not-created', remedy: 'CREATE EXTENSION pg_stat_statements;' })
    } finally {
      await server.query('create extension pg_stat_statements schema "Monitoring"')
    }
    const bare = await startPostgres()
    try {
      await createRoles(bare)
      const other = await freshInspection(bare)
      const top = await other.inspection.statements('shop', TOP, NEVER)
      expect(top).toMatchObject({
        missing: 'not-loaded',
        remedy: expect.stringContaining('shared_preload_libraries'),
      })
      // Until the end of the test it is asked for nothing more.
      await other.reach.close()
    } finally {
      await bare.stop()
    }
  })
})
