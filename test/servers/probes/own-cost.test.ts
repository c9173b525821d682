import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { postgresPool } from '../../../src/main/engine/probes/postgres-pool/index.ts'
import { partOf, statementsOf, together } from '../../support/own-statements.ts'
import { createKit } from '../reach/reach-kit.ts'
import { watch } from './probe-kit.ts'

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres({
    settings: {
      shared_preload_libraries: "'pg_stat_statements'",
      'pg_stat_statements.track_planning': 'on',
      'pg_stat_statements.track_utility': 'on',
      autovacuum: 'off',
    },
  })
  await server.query(
    `create extension pg_stat_statements; create role watcher login password 'watch' in role pg_monitor;
     create table orders (id int primary key, note text); insert into orders values (1, 'x')`,
  )
})
afterAll(() => server?.stop())

async function watching(queries: { name: string; sql: string }[] = []) {
  const kit = await createKit()
  kit.secrets.set('watch', 'watch')
  const profile = {
    postgres: {
      url: `postgresql://watcher@127.0.0.1:${server.port}/postgres`,
      password: 'secret:watch',
      queries,
    },
  }
  return watch(postgresPool, kit.profile(profile), kit.reach(profile))
}

/** How often each relation was read or written, whoever did it. */
const touched = () =>
  server.query(
    `select relname, seq_scan + coalesce(idx_scan, 0) as scans, n_tup_ins + n_tup_upd + n_tup_del as writes
     from pg_stat_user_tables order by relname`,
  )

it('asks one statement a look, touches no table of anybody and writes nothing, as the server itself counts', async () => {
  const watcher = await watching()
  // The first look asks the rarer statements too, and the session reads the catalogue; the second sets its own time limit again.
  await watcher.look()
  await watcher.look()
  const before = await touched()
  await server.query('select pg_stat_statements_reset()')
  const LOOKS = 10
  for (let n = 0; n < LOOKS; n++) await watcher.look()
  const own = await statementsOf(server, 'watcher')
  expect(own.map(({ statement, calls }) => [partOf(statement), calls])).toEqual([['look, every 5 s', LOOKS]])
  const all = together(own)
  expect([all.tempBlocks, all.walBytes, all.blocksRead]).toEqual([0, 0, 0])
  expect(all.rows).toBe(LOOKS)
  expect(all.blocksHit / LOOKS).toBeLessThan(20)
  // It takes half a millisecond; a machine that others use may take it away for a while.
  expect(all.totalMs / LOOKS).toBeLessThan(20)
  expect(await touched()).toEqual(before)
})

it('asks no more than the rarer statements beside it, each once, and writes nothing with them', async () => {
  const watcher = await watching()
  await server.query('select pg_stat_statements_reset()')
  const before = await touched()
  await watcher.look()
  const own = await statementsOf(server, 'watcher')
  const parts = own.map(({ statement }) => partOf(statement))
  expect(parts).toEqual(expect.arrayContaining(['look, every 5 s', 'server, every 30 s', 'size, every 60 s']))
  for (const { statement, calls } of own.filter((one) => partOf(one.statement) !== 'login and settings')) {
    expect(calls, statement).toBe(1)
  }
  const all = together(own)
  expect(all.tempBlocks).toBe(0)
  // Who reads a page of the catalogue may have to tidy it up, which is logged.
  expect(all.walBytes).toBeLessThan(2_000)
  expect(await touched()).toEqual(before)
})

it('would see it if a table were read: a query of the profile is counted', async () => {
  const watcher = await watching([{ name: 'orders', sql: 'select count(*) from orders' }])
  await server.query('grant select on orders to watcher')
  const before = await touched()
  await watcher.look()
  await watcher.look()
  await expect.poll(touched, { timeout: 20_000 }).not.toEqual(before)
})
