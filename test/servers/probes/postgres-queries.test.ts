import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { postgresPool } from '../../../src/main/engine/probes/postgres-pool/index.ts'
import type { DeploymentProfileInput } from '../../../src/shared/model/profile/deployment.ts'
import { createKit } from '../reach/reach-kit.ts'
import { watch } from './probe-kit.ts'

let server: PostgresServer

beforeAll(async () => {
  server = await startPostgres()
  await server.query(`
    create role vakhta login password 'watch' in role pg_monitor;
    create table orders (id int, status text); insert into orders select n, case when n % 3 = 0 then 'paid' else 'open' end from generate_series(1, 30) n;
    create table hidden (id int); create table noted (id int);
    create function note() returns int language sql volatile as 'insert into noted values (1) returning 1';
    create function finds_full() returns int language plpgsql as 'begin raise sqlstate ''53100''; end';
    grant select on orders to vakhta; grant all on noted to vakhta;
  `)
})
afterAll(() => server.stop())

type Queries = NonNullable<NonNullable<DeploymentProfileInput['postgres']>['queries']>

async function watcher(queries: Queries) {
  const kit = await createKit()
  kit.secrets.set('watch', 'watch')
  const profile = {
    postgres: {
      url: `postgresql://vakhta@127.0.0.1:${server.port}/postgres?sslmode=disable`,
      password: 'secret:watch',
      queries,
    },
  }
  return watch(postgresPool, kit.profile(profile), kit.reach(profile))
}

async function seen(queries: Queries) {
  return (await watcher(queries)).look()
}

describe("the profile's own queries on a real PostgreSQL", () => {
  it('become values beside those of the pool, one query in each look', async () => {
    const watching = await watcher([
      {
        name: 'orders',
        sql: 'SELECT status, count(*) FROM orders GROUP BY status ORDER BY 1;',
        by: 'status',
      },
      { name: 'connections', sql: 'SHOW max_connections' },
    ])
    const first = await watching.look()
    expect(first).toMatchObject({
      status: 'HEALTHY',
      values: {
        db_up: 1,
        'db_query_value{query="orders",series="open"}': 20,
        'db_query_value{query="orders",series="paid"}': 10,
      },
    })
    const second = await watching.look()
    expect(second.values).toMatchObject({
      'db_query_value{query="orders",series="open"}': 20,
      'db_query_value{query="connections",series=""}': Number(
        (await server.query('show max_connections'))[0]?.max_connections,
      ),
    })
    expect(second.cost.rows).toBeLessThan(first.cost.rows + 2)
  })

  it('turn the status at their own bounds', async () => {
    const sql = 'SELECT count(*) FROM orders'
    expect(await seen([{ name: 'many', sql, above: { warning: 5, critical: 100 } }])).toMatchObject({
      status: 'WARNING',
      reason: { code: 'pool-query-above', params: { query: 'many', value: 30, limit: 5 } },
    })
    expect(await seen([{ name: 'few', sql, below: { critical: 31 } }])).toMatchObject({
      status: 'CRITICAL',
      reason: { code: 'pool-query-below' },
    })
  })

  it.each([
    ['a table that the role may not read', 'SELECT * FROM hidden', '42501'],
    ['what is no SQL', 'SELECT FROM WHERE', '42601'],
    ['what finds no room on a disk', 'SELECT finds_full()', '53100'],
    ['a function that writes', 'SELECT note()', '25006'],
    ['a WITH that writes', 'WITH x AS (DELETE FROM noted RETURNING 1) SELECT * FROM x', '0A000'],
  ])('are told by name where the server refuses %s', async (_, sql, sqlstate) => {
    const look = await seen([{ name: 'mine', sql }])
    expect(look).toMatchObject({
      status: 'WARNING',
      reason: { code: 'pool-query-failed', params: { query: 'mine', sqlstate } },
      values: { db_up: 1 },
    })
    expect(await server.query('select count(*)::int as n from noted')).toEqual([{ n: 0 }])
  })

  it('leave nothing behind in the session: no setting, no transaction', async () => {
    const watching = await watcher([
      { name: 'sets', sql: "SELECT length(set_config('default_transaction_read_only', 'off', false))" },
      { name: 'writes', sql: 'SELECT note()' },
      { name: 'reads', sql: 'SHOW default_transaction_read_only' },
    ])
    await watching.look()
    await watching.look()
    const third = await watching.look()
    expect(third.reason).toMatchObject({
      code: 'pool-query-failed',
      params: { query: 'writes', sqlstate: '25006' },
    })
    const sessions = await server.query(
      "select state from pg_stat_activity where application_name = 'vakhta' and usename = 'vakhta'",
    )
    expect(sessions.map(({ state }) => state)).not.toContain('idle in transaction')
    expect(await server.query('select count(*)::int as n from noted')).toEqual([{ n: 0 }])
  })

  it('are cut off after two seconds, asked more rarely, and the pool is watched all the same', async () => {
    const watching = await watcher([{ name: 'slow', sql: 'SELECT 1 FROM pg_sleep(30)', every: 15 }])
    const first = await watching.look()
    expect(first).toMatchObject({
      status: 'WARNING',
      reason: { code: 'pool-query-too-slow', params: { query: 'slow', seconds: 2 } },
      values: { db_up: 1 },
    })
    expect(first.cost.ms).toBeLessThan(3_500)
    expect(Number(/(\d+) s$/.exec(first.evidence?.facts?.['query slow'] ?? '')?.[1])).toBeGreaterThan(150)
    const second = await watching.look()
    expect(second.cost.ms).toBeLessThan(1_500)
    expect(second.reason.code).toBe('pool-query-too-slow')
  })

  it('take fifty rows of a million and no more', async () => {
    const look = await seen([
      { name: 'many', sql: 'SELECT n::text AS name, n FROM generate_series(1, 1000000) n', by: 'name' },
    ])
    const names = Object.keys(look.values).filter((name) => name.startsWith('db_query_value'))
    expect(names).toHaveLength(50)
    expect(look.cost.bytes).toBeLessThan(200_000)
  })
})
