import { readFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type PgBouncer, startPgBouncer } from '../../../demo/servers/pgbouncer.ts'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { blockingTree } from '../../../src/shared/model/blocking-tree.ts'
import { until } from '../../support/until.ts'
import {
  APPLICATION,
  createRoles,
  forgetful,
  inspect,
  NEVER,
  PASSWORD,
  session,
  WATCHER,
} from './postgres-kit.ts'

let server: PostgresServer
const poolers: PgBouncer[] = []
beforeAll(async () => {
  server = await startPostgres({ settings: { shared_preload_libraries: "'pg_stat_statements'" } })
  await createRoles(server)
  await server.query(
    'create extension pg_stat_statements; create table orders (id int); insert into orders values (1); grant all on orders to shop',
  )
})
afterAll(() => server?.stop())
afterEach(async () => {
  for (const pooler of poolers.splice(0)) await pooler.stop()
})

async function pooler(settings: Record<string, string | number> = {}): Promise<PgBouncer> {
  const started = await startPgBouncer({
    postgresPort: server.port,
    poolMode: 'transaction',
    users: { [WATCHER]: PASSWORD, [APPLICATION]: PASSWORD },
    settings: { default_pool_size: 2, ...settings },
  })
  poolers.push(started)
  return started
}

describe('through a pooler', () => {
  it('tells of its pools to whoever may read its statistics: who works, who waits and since when', async () => {
    const bouncer = await pooler({ stats_users: WATCHER })
    const { inspection, reach } = await inspect(server, { port: bouncer.port })
    const [one, two, three] = await Promise.all([session(bouncer), session(bouncer), session(bouncer)])
    await one.query('begin; select 1')
    await two.query('begin; select 1')
    const waiting = three.query('select 1')
    const pools = await until(async () => {
      const { pooler: found } = await inspection.connections('shop', NEVER)
      const waits = found?.find(({ user }) => user === APPLICATION)
      return (waits?.longestWaitSeconds ?? 0) > 0 && found
    })
    expect(pools[0]).toMatchObject({
      database: 'postgres',
      user: APPLICATION,
      mode: 'transaction',
      clientsActive: 2,
      clientsWaiting: 1,
      serversActive: 2,
      serversIdle: 0,
    })
    expect(pools.some(({ database }) => database === 'pgbouncer')).toBe(false)
    await one.query('rollback')
    await two.query('rollback')
    await waiting
    // Nobody stays on its console.
    const clients = await until(async () => {
      const rows = await bouncer.command('SHOW CLIENTS')
      return rows.every(({ database, user }) => database !== 'pgbouncer' || user !== WATCHER) && rows
    })
    expect(clients.length).toBeGreaterThan(0)
    await reach.close()
  })

  it('does without where it is refused, and does not log in there again', async () => {
    const bouncer = await pooler()
    const { inspection, reach } = await inspect(server, { port: bouncer.port, clock: forgetful })
    const refusals = async () => {
      const log = await readFile(bouncer.logFile, 'utf8')
      return log.split('\n').filter((line) => line.includes('pgbouncer/watcher') && line.includes('closing'))
        .length
    }
    expect((await inspection.connections('shop', NEVER)).pooler).toBe(null)
    expect(await until(refusals)).toBe(1)
    for (let look = 0; look < 3; look += 1) {
      expect((await inspection.connections('shop', NEVER)).pooler).toBe(null)
    }
    expect(await refusals()).toBe(1)
    // A person tries again.
    reach.retry()
    const again = until(async () => {
      // The first may get the answer of a millisecond ago.
      await inspection.connections('shop', NEVER)
      return (await refusals()) > 1 && refusals()
    })
    expect(await again).toBe(2)
  })

  it('answers all other questions as without one', async () => {
    const bouncer = await pooler()
    const { inspection } = await inspect(server, { port: bouncer.port })
    const [holder, waiter] = await Promise.all([session(server, 'holder'), session(server, 'waiter')])
    await holder.query('begin; update orders set id = 2')
    const waiting = waiter.query('update orders set id = 3')
    const found = await until(async () => {
      const activity = await inspection.activity('shop', NEVER)
      return activity.waiting === 1 && activity
    })
    expect(blockingTree(found).roots).toMatchObject([{ backend: { application: 'holder' }, behind: 1 }])
    const top = await inspection.statements('shop', { minutes: null, order: 'calls', limit: 5 }, NEVER)
    expect(top.missing).toBe(null)
    for (const kind of ['vacuum', 'tables', 'replication'] as const) await inspection[kind]('shop', NEVER)
    await holder.query('rollback')
    await waiting
  })
})
