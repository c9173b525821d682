import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { postgresPool } from '../../../src/main/engine/probes/postgres-pool/index.ts'
import type { Cost } from '../../../src/shared/model/observation.ts'
import { createDrivenClock } from '../../support/driven-clock.ts'
import { until } from '../../support/until.ts'
import { watch } from '../probes/probe-kit.ts'
import { createKit } from '../reach/reach-kit.ts'
import { createRoles, freshInspection, inspect, NEVER, session } from './postgres-kit.ts'

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres({
    settings: { shared_preload_libraries: "'pg_stat_statements'", max_connections: 120, autovacuum: 'off' },
  })
  await createRoles(server)
  await server.query(
    `create extension pg_stat_statements;
     do $$ begin for g in 1..500 loop execute format('create table t%s (id int primary key, note text)', g); end loop; end $$`,
  )
})
afterAll(() => server?.stop())

interface Spent {
  readonly calls: number
  readonly ms: number
  readonly read: number
  readonly wal: number
  readonly temp: number
}

/** What the role that watches cost the server, as the server itself counts it. */
async function spentBy(role: string): Promise<Spent> {
  const [row] = await server.query(
    `select coalesce(sum(calls), 0)::int as calls, coalesce(sum(total_exec_time), 0)::float8 as ms,
       coalesce(sum(shared_blks_read), 0)::int as read, coalesce(sum(wal_bytes), 0)::int as wal,
       coalesce(sum(temp_blks_written), 0)::int as temp
     from pg_stat_statements s join pg_roles r on r.oid = s.userid where rolname = $1`,
    { values: [role] },
  )
  return row as unknown as Spent
}

async function spending(work: () => Promise<unknown>): Promise<Spent> {
  await server.query('select pg_stat_statements_reset()')
  await work()
  return spentBy('watcher')
}

it('costs the database little: what each question takes of it, as it counts that itself', async () => {
  const crowd = await Promise.all(Array.from({ length: 100 }, (_, at) => session(server, `worker ${at}`)))
  await Promise.all(crowd.map((client, at) => client.query(`select ${at}, '${'x'.repeat(200)}'`)))
  const { inspection, reach } = await freshInspection(server)
  const asked: Record<string, () => Promise<{ cost: Cost }>> = {
    activity: () => inspection.activity('shop', NEVER),
    statements: () => inspection.statements('shop', { minutes: 15, order: 'total', limit: 50 }, NEVER),
    connections: () => inspection.connections('shop', NEVER),
    replication: () => inspection.replication('shop', NEVER),
    vacuum: () => inspection.vacuum('shop', NEVER),
    tables: () => inspection.tables('shop', NEVER),
  }
  const lines: string[] = []
  for (const [kind, ask] of Object.entries(asked)) {
    // The first time a session looks, it reads the catalogue.
    await ask()
    const spent = await spending(ask)
    const { cost } = await ask()
    lines.push(
      `${kind.padEnd(12)} ${spent.ms.toFixed(1).padStart(6)} ms in the server, ${String(cost.ms).padStart(4)} ms here, ${cost.bytes} bytes`,
    )
    expect(spent.calls, kind).toBeGreaterThan(0)
    expect(spent.ms, kind).toBeLessThan(1_000)
    // Nothing is written, and nothing is too large for memory.
    expect([spent.wal, spent.temp], kind).toEqual([0, 0])
  }

  const kit = await createKit()
  const profile = kit.profile({ postgres: { url: `postgresql://watcher@127.0.0.1:${server.port}/postgres` } })
  const watcher = watch(postgresPool, profile, reach)
  await watcher.look()
  const look = await spending(() => watcher.look())
  lines.push(`a look of the probe, every ${postgresPool.intervalMs / 1_000} s: ${look.ms.toFixed(1)} ms`)

  const clock = createDrivenClock(Date.now())
  await inspect(server, { clock })
  const sample = await spending(async () => {
    await clock.advance(15_000)
    await until(async () => (await spentBy('watcher')).calls >= 2, { what: 'a look at the counters' })
  })
  lines.push(`counters of statements, every 5 min: ${sample.ms.toFixed(1)} ms`)
  console.log(`100 backends, 500 tables:\n${lines.join('\n')}`)
  expect(sample.ms).toBeLessThan(500)
}, 60_000)

it('opens no third connection, however many ask', async () => {
  const { inspection } = await freshInspection(server)
  const seen = new Set<number>()
  const count = async () => {
    const [row] = await server.query(
      "select count(*)::int as count from pg_stat_activity where application_name = 'vakhta' and state is not null",
    )
    seen.add(Number(row?.count))
  }
  await Promise.all(
    Array.from({ length: 20 }, async (_, at) => {
      const minutes = at + 1
      await inspection.statements('shop', { minutes, order: 'total', limit: 5 }, NEVER)
      await count()
    }),
  )
  expect(Math.max(...seen)).toBeLessThanOrEqual(2)
})
