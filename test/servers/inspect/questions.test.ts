import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { type Copy, majors, missing, readable, skipped } from '../../support/postgres-majors.ts'
import { until } from '../../support/until.ts'
import { createRoles, freshInspection, NEVER, session } from './postgres-kit.ts'

const QUESTIONS = ['activity', 'connections', 'replication', 'vacuum', 'tables'] as const
const TOP = { minutes: null, order: 'total', limit: 20 } as const

describe.each(majors)('PostgreSQL %i', (major) => {
  const why = missing(major)
  let server: PostgresServer
  let copy: Copy | null = null
  beforeAll(async () => {
    if (why !== null) return
    copy = readable(major)
    server = await startPostgres({
      version: major,
      settings: { shared_preload_libraries: "'pg_stat_statements'", max_prepared_transactions: 3 },
    })
    await createRoles(server)
    await server.query(
      `create extension pg_stat_statements; create table orders (id int primary key, note text);
       insert into orders select generate_series(1, 5000), 'Ivan Petrov'; create index on orders (note); analyze orders;
       grant all on orders to shop`,
    )
  })
  afterAll(async () => {
    await server?.stop()
    await copy?.remove()
  })

  it.skipIf(why !== null)(
    `answers every question while the application's tables are locked${skipped(why)}`,
    async () => {
      const { inspection } = await freshInspection(server)
      const [locker, waiter] = await Promise.all([session(server, 'locker'), session(server, 'waiter')])
      await locker.query('begin; lock table orders in access exclusive mode')
      const waiting = waiter.query("update orders set note = 'x'")
      const activity = await until(async () => {
        const found = await inspection.activity('shop', NEVER)
        return found.waiting === 1 && found
      })
      const waited = activity.backends.find(({ application }) => application === 'waiter')
      expect(waited).toMatchObject({
        blockedBy: [activity.backends.find(({ application }) => application === 'locker')?.pid],
        lock: {
          type: 'relation',
          mode: 'RowExclusiveLock',
          relation: 'public.orders',
          since: major < 14 ? null : expect.any(Number),
        },
        statement: 'update orders set note = ?',
        ours: true,
        kind: 'client backend',
      })
      for (const kind of QUESTIONS) {
        const { at, cost } = await inspection[kind]('shop', NEVER)
        expect(Math.abs(at - Date.now()), kind).toBeLessThan(60_000)
        expect(cost.bytes, kind).toBeGreaterThan(100)
      }
      const { tables, unusedIndexes } = await inspection.tables('shop', NEVER)
      expect(tables.find(({ table }) => table === 'public.orders')).toMatchObject({ rows: 5000 })
      expect(unusedIndexes).toMatchObject([{ index: 'public.orders_note_idx', definition: 'btree (note)' }])
      const { groups, reserved, maxConnections } = await inspection.connections('shop', NEVER)
      expect(groups).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ application: 'locker', state: 'idle in transaction', count: 1 }),
        ]),
      )
      expect([reserved, maxConnections]).toEqual([3, 50])
      await locker.query('rollback')
      await waiting
    },
  )

  it.skipIf(why !== null)(`tells what statements cost, and how WAL is counted${skipped(why)}`, async () => {
    const { inspection } = await freshInspection(server)
    const top = await inspection.statements('shop', TOP, NEVER)
    const insert = top.statements.find(({ statement }) => statement?.startsWith('insert into orders'))
    expect(insert).toMatchObject({ calls: 1, rows: 5000, walBytes: major < 13 ? null : expect.any(Number) })
    expect(top.since).toEqual(major < 14 ? null : expect.any(Number))
    const over = await inspection.statements('shop', { ...TOP, minutes: 60 }, NEVER)
    expect(over).toMatchObject({ missing: null, minutes: 60, restarted: false })
  })

  it.skipIf(why !== null)(
    `names a prepared transaction that is waited for, and what it holds back${skipped(why)}`,
    async () => {
      const { inspection } = await freshInspection(server)
      const [holder, waiter] = await Promise.all([session(server), session(server, 'waiter')])
      await holder.query("begin; update orders set note = 'x' where id = 1; prepare transaction 'billing'")
      const waiting = waiter.query("update orders set note = 'y' where id = 1")
      const activity = await until(async () => {
        const found = await inspection.activity('shop', NEVER)
        return found.waiting === 1 && found
      })
      expect(activity.prepared).toMatchObject([{ name: 'billing', blocks: [expect.any(Number)] }])
      expect((await inspection.vacuum('shop', NEVER)).heldBack).toEqual(
        expect.arrayContaining([expect.objectContaining({ by: 'prepared', name: 'billing' })]),
      )
      await holder.query("rollback prepared 'billing'")
      await waiting
    },
  )
})
