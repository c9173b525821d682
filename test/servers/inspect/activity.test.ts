import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { ReachError } from '../../../src/main/engine/reach/reach.ts'
import { blockingTree } from '../../../src/shared/model/blocking-tree.ts'
import type { Backend, DatabaseActivity } from '../../../src/shared/model/database/activity.ts'
import { until } from '../../support/until.ts'
import { createRoles, freshInspection, inspect, NEVER, pidOf, session } from './postgres-kit.ts'

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres({ settings: { max_connections: 300, max_prepared_transactions: 5 } })
  await createRoles(server)
})
afterAll(() => server?.stop())

beforeEach(async () => {
  await server.query(
    `drop table if exists orders; create table orders (id int primary key, note text);
     insert into orders select g, '' from generate_series(1, 9) g; grant all on orders to shop`,
  )
})

/** Looks anew until what is wanted is seen. */
async function seen(
  look: () => Promise<DatabaseActivity>,
  wanted: (activity: DatabaseActivity) => boolean,
): Promise<DatabaseActivity> {
  return until(
    async () => {
      const activity = await look()
      return wanted(activity) && activity
    },
    { what: 'the activity that is wanted' },
  )
}

function waitersIn({ backends }: DatabaseActivity): Backend[] {
  return backends.filter(({ blockedBy }) => blockedBy.length > 0)
}

describe('the activity of a server', () => {
  it('says who waits for whom in a chain of three, for which lock and since when, without literals', async () => {
    const { activity } = await freshInspection(server)
    const [head, middle, last] = await Promise.all([
      session(server, 'head'),
      session(server, 'middle'),
      session(server, 'last'),
    ])
    await head.query("begin; update orders set note = 'Ivan Petrov' where id = 1")
    await middle.query("begin; update orders set note = 'x' where id = 2")
    const waiting = [
      middle.query("update orders set note = 'card 4111111111111111' where id = 1"),
      last.query("update orders set note = 'y' where id = 2"),
    ]
    const found = await seen(activity, (one) => waitersIn(one).length === 2)
    const pidNamed = (name: string) => found.backends.find(({ application }) => application === name)?.pid
    const [headPid, middlePid, lastPid] = ['head', 'middle', 'last'].map(pidNamed)
    const { roots } = blockingTree(found)
    expect(roots).toMatchObject([
      {
        pid: headPid,
        behind: 2,
        backend: { state: 'idle in transaction', application: 'head', user: 'shop', ours: true },
        waiters: [{ pid: middlePid, behind: 1, waiters: [{ pid: lastPid, behind: 0 }] }],
      },
    ])
    const middleSeen = found.backends.find(({ pid }) => pid === middlePid)
    expect(middleSeen).toMatchObject({
      waiting: 'Lock: transactionid',
      lock: { type: 'transactionid', mode: 'ShareLock' },
      statement: 'update orders set note = ? where id = ?',
    })
    expect(middleSeen?.lock?.since).toBeGreaterThanOrEqual(middleSeen?.statementStartedAt ?? Number.NaN)
    expect(found).toMatchObject({ waiting: 2, hidden: 0, grant: null })
    expect(JSON.stringify(found)).not.toMatch(/Ivan|4111/)
    await head.query('rollback')
    await middle.query('rollback')
    await Promise.all(waiting)
  })

  it('names the prepared transaction that somebody waits for, also after a restart', async () => {
    const holder = await session(server)
    await holder.query("begin; update orders set note = 'x' where id = 1; prepare transaction 'billing 7'")
    await holder.query("begin; update orders set note = 'x' where id = 2; prepare transaction 'other'")
    for (const restarted of [false, true]) {
      if (restarted) await server.restart()
      const { activity } = await freshInspection(server)
      const waiter = await session(server, 'waiter')
      const pid = await pidOf(waiter)
      const update = waiter.query('update orders set note = $1 where id = 1', ['z']).catch(() => {})
      const found = await seen(activity, (one) => one.waiting === 1)
      expect(found.prepared).toMatchObject([
        { name: 'billing 7', user: 'shop', database: 'postgres', blocks: [pid] },
        { name: 'other', blocks: [] },
      ])
      expect(blockingTree(found).roots).toMatchObject([
        { prepared: { name: 'billing 7' }, waiters: [{ pid }] },
      ])
      await server.query(`select pg_cancel_backend(${pid})`)
      await update
    }
    await server.query("rollback prepared 'billing 7'")
    await server.query("rollback prepared 'other'")
  })

  it('answers while the application’s tables are locked, and names them', async () => {
    const { activity } = await freshInspection(server)
    const [holder, reader] = await Promise.all([session(server), session(server)])
    await holder.query('begin; lock table orders in access exclusive mode')
    const read = reader.query('select * from orders')
    const found = await seen(activity, (one) => one.waiting === 1)
    expect(waitersIn(found)).toMatchObject([
      { lock: { type: 'relation', mode: 'AccessShareLock', relation: 'public.orders' } },
    ])
    await holder.query('rollback')
    await read
  })

  it('says how many it may not see, and what makes them visible', async () => {
    const { inspection } = await inspect(server, { user: 'blind' })
    await session(server)
    const found = await inspection.activity('shop', NEVER)
    expect(found.hidden).toBeGreaterThan(0)
    expect(found.grant).toBe('GRANT pg_monitor TO blind;')
    expect(found.backends.find(({ user }) => user === 'shop')).toMatchObject({ state: null, statement: null })
  })

  it('gives each of 200 who wait their blocker, though PostgreSQL is asked for 50 of them', async () => {
    const { activity } = await freshInspection(server)
    const holder = await session(server, 'holder')
    await holder.query('begin; select * from orders where id = 1 for update')
    const holderPid = await pidOf(holder)
    const crowd = await Promise.all(Array.from({ length: 200 }, (_, at) => session(server, `worker ${at}`)))
    const updates = crowd.map((client) => client.query("update orders set note = 'x' where id = 1"))
    const found = await seen(activity, (one) => one.waiting === 200)
    const tree = blockingTree(found)
    expect(tree.roots).toMatchObject([{ pid: holderPid, behind: 200 }])
    expect(tree.unknown).toEqual([])
    console.log(`200 of ${found.total} backends wait: ${found.cost.ms} ms, ${found.cost.bytes} bytes`)
    expect(found.cost.ms).toBeLessThan(2_000)
    await holder.query('rollback')
    await Promise.all(updates)
  }, 60_000)

  it('leaves Vakhta itself out', async () => {
    const { activity, reach } = await freshInspection(server)
    const { backends, total } = await activity()
    expect(reach.connection().hops.at(-1)?.status).toBe('CONNECTED')
    expect(backends.filter(({ application }) => application === 'vakhta')).toEqual([])
    expect(total).toBe(backends.length)
  })

  it('gives every question up within about a second where a catalogue itself is locked, and says why', async () => {
    const { inspection } = await inspect(server)
    const admin = await server.connect()
    const reading = [() => inspection.tables('shop', NEVER), () => inspection.vacuum('shop', NEVER)]
    // These come without the catalogue where the session knows their views already.
    const others = [
      () => inspection.connections('shop', NEVER),
      () => inspection.replication('shop', NEVER),
      () => inspection.activity('shop', NEVER),
      () => inspection.statements('shop', { minutes: null, order: 'total', limit: 5 }, NEVER),
    ]
    const outcome = async (ask: () => Promise<unknown>) => {
      const startedAt = performance.now()
      const code = await ask().then(
        () => 'answered',
        (error: unknown) => (error instanceof ReachError ? error.failure.code : String(error)),
      )
      return { code, inTime: performance.now() - startedAt < 4_000 }
    }
    try {
      await admin.query('begin; lock table pg_catalog.pg_class in access exclusive mode')
      for (const ask of reading) {
        expect(await outcome(ask)).toEqual({ code: 'postgres-lock-timeout', inTime: true })
      }
      for (const ask of others) {
        const { code, inTime } = await outcome(ask)
        expect(['answered', 'postgres-lock-timeout']).toContain(code)
        expect(inTime).toBe(true)
      }
      await admin.query('rollback')
    } finally {
      await admin.end()
    }
    await until(() => inspection.tables('shop', NEVER), { what: 'an answer once it is free' })
  }, 30_000)
})

describe('revealing a statement', () => {
  const secret = "update orders set note = 'Ivan Petrov' where id = 1"

  async function running() {
    const { inspection, activity } = await freshInspection(server)
    const holder = await session(server)
    await holder.query('begin')
    await holder.query(secret)
    const found = await seen(activity, ({ backends }) =>
      backends.some(({ state }) => state === 'idle in transaction'),
    )
    const backend = found.backends.find(({ state }) => state === 'idle in transaction')
    if (backend?.startedAt == null || backend.statementStartedAt == null) throw new Error('it is not seen')
    const { pid, startedAt, statementStartedAt } = backend
    return { inspection, holder, wanted: { pid, startedAt, statementStartedAt } }
  }

  it('gives its literals', async () => {
    const { inspection, wanted } = await running()
    const { pid } = wanted
    expect(await inspection.reveal('shop', wanted, NEVER)).toMatchObject({ pid, statement: secret })
  })

  it('gives nothing of another statement, of another backend, or of one that is over', async () => {
    const { inspection, holder, wanted } = await running()
    const reveal = (more: Partial<typeof wanted>) => inspection.reveal('shop', { ...wanted, ...more }, NEVER)
    expect(await reveal({ startedAt: wanted.startedAt - 1 })).toBe('over')
    expect(await reveal({ statementStartedAt: wanted.statementStartedAt + 1 })).toBe('over')
    expect(await reveal({ pid: 2_000_000_000 })).toBe('over')
    await holder.query("update orders set note = 'other' where id = 2")
    expect(await reveal({})).toBe('over')
  })

  it('gives nothing that the role may not see', async () => {
    const { wanted } = await running()
    const { inspection } = await inspect(server, { user: 'blind' })
    expect(await inspection.reveal('shop', wanted, NEVER)).toBe('hidden')
  })
})
