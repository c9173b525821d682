// The three deployments of the demo (direct, one hop, two hops), watched as a whole while the worst happens to them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DEPLOYMENT_NAMES } from '../../../demo/profiles.ts'
import { type Demo, startDemo } from '../../../demo/start.ts'
import type { Change } from '../../../src/shared/model/change.ts'
import { seriesOf } from '../../support/series.ts'
import { until } from '../../support/until.ts'
import {
  ANY_MACHINE,
  type Console,
  countPostgres,
  countRedis,
  openConsole,
  type PostgresCount,
  statuses,
  untilHealthy,
  untilSeen,
} from './engine-kit.ts'

const state = mkdtempSync(join(tmpdir(), 'vakhta-engine-demo-'))
let demo: Demo
let console: Console
let postgres: PostgresCount

beforeAll(async () => {
  demo = await startDemo({ dataDirectory: join(state, 'demo') })
  console = await openConsole({
    dataDirectory: join(state, 'console/data'),
    secrets: demo.secrets,
    profiles: demo.profiles.map((profile) => ({ ...profile, limits: ANY_MACHINE })),
  })
})
afterAll(async () => {
  await console?.engine.stop()
  await demo?.stop()
  rmSync(state, { recursive: true, force: true })
})

beforeEach(async () => {
  postgres = await countPostgres(demo.deployment('shop').postgres)
})

/** The fewest and the most connections to each deployment's PostgreSQL and Redis while `work` goes on. */
async function connectionsDuring(work: () => Promise<void>): Promise<Record<string, [number, number]>> {
  const seen: Record<string, [number, number]> = {}
  const note = (what: string, count: number) => {
    const [fewest, most] = seen[what] ?? [count, count]
    seen[what] = [Math.min(fewest, count), Math.max(most, count)]
  }
  let going = true
  const counting = (async () => {
    while (going) {
      for (const name of DEPLOYMENT_NAMES) {
        note(`PostgreSQL of ${name}`, await postgres(name))
        note(`Redis of ${name}`, await countRedis(demo.deployment(name).redis))
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
  })()
  try {
    await work()
  } finally {
    going = false
    await counting
  }
  return seen
}

const AS_MANY_AS_EVER = Object.fromEntries(
  DEPLOYMENT_NAMES.flatMap((name) => [
    [`PostgreSQL of ${name}`, [1, 1]],
    [`Redis of ${name}`, [1, 1]],
  ]),
)

/** Waits for so many further looks at each deployment's pool, each of which the server answered. */
async function poolAnswers(times: number, names: readonly string[] = DEPLOYMENT_NAMES): Promise<void> {
  await Promise.all(
    names.map(async (name) => {
      const since = Date.now()
      const answered = () =>
        console.engine.live
          .ring(name, 'pool', 'postgres')
          .filter(({ at, values }) => at > since && values.db_up === 1).length
      await until(() => answered() >= times, {
        timeoutMs: 30_000,
        what: `${times} looks at the pool of ${name}`,
      })
    }),
  )
}

describe('the probes of the demo over no, one and two hops', () => {
  afterEach(() => Promise.all(demo.faults().map(({ fault }) => demo.fault(fault, false, 'shop'))))

  it('are healthy, over a path of which every hop is told', async () => {
    await Promise.all(
      DEPLOYMENT_NAMES.map((name) => untilHealthy(console.engine, name, seriesOf(console.engine, name))),
    )
    for (const [hops, name] of DEPLOYMENT_NAMES.entries()) {
      const host = hops === 0 ? 'local' : 'server'
      expect(statuses(console.engine, name)).toEqual({
        'health/api': 'HEALTHY',
        'pool/postgres': 'HEALTHY',
        'redis/cache': 'HEALTHY',
        [`host/${host}`]: 'HEALTHY',
        'traffic/api': 'HEALTHY',
      })
      const connection = console.engine.connection(name)
      expect(connection.status).toBe('CONNECTED')
      expect(connection.hops.map(({ kind }) => kind)).toEqual([
        ...Array.from({ length: hops }, () => 'ssh'),
        'postgres',
        'redis',
        'http',
        'host',
      ])
      expect(connection.hops.every(({ status, error }) => status === 'CONNECTED' && error === null)).toBe(
        true,
      )
      expect(console.engine.fleetRow(name)).toMatchObject({ status: 'HEALTHY', connection: 'CONNECTED' })
      expect(console.engine.costs(name)).toHaveLength(seriesOf(console.engine, name))
      for (const sshd of demo.deployment(name).chain) expect(sshd.sessions()).toBe(1)
    }
  })

  it('hold one PostgreSQL connection and one Redis connection, from look to look', async () => {
    expect(await connectionsDuring(() => poolAnswers(1))).toEqual(AS_MANY_AS_EVER)
  })

  it('hold the same, and say so, while the server has no connection left for anybody', async () => {
    const { postgres: server } = demo.deployment('shop')
    const others = await fill(server.port, server.password)
    try {
      const during = await connectionsDuring(async () => {
        await poolAnswers(1)
        await expect(server.connect()).rejects.toThrow(/too many clients|reserved/)
      })
      expect(during).toEqual(AS_MANY_AS_EVER)
      // One that is lost now cannot come back yet: that is told.
      await postgres.client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'vakhta' AND datname = 'shop'`,
      )
      const extra = await fill(server.port, server.password)
      others.push(...extra)
      const full = await untilSeen(
        console.engine,
        'shop',
        'pool',
        ({ reason }) => reason.code === 'postgres-too-many-clients',
      )
      expect(full).toMatchObject({ status: 'CRITICAL', values: { db_up: 1 } })
    } finally {
      await Promise.all(others.map((client) => client.end()))
    }
    await until(async () => (await postgres('shop')) === 1, {
      timeoutMs: 30_000,
      what: 'the connection again',
    })
    await untilSeen(console.engine, 'shop', 'pool', healthy)
  })

  it('hold the same, and tell why, while the pool of the application is exhausted', async () => {
    let reason: string | undefined
    const during = await connectionsDuring(async () => {
      await demo.fault('pool-exhausted', true, 'shop')
      const critical = await untilSeen(console.engine, 'shop', 'pool', ({ status }) => status === 'CRITICAL')
      reason = critical.reason.code
      expect(critical.values.db_pool_available).toBe(0)
      await poolAnswers(1)
    })
    expect(during).toEqual(AS_MANY_AS_EVER)
    expect(reason).toBe('pool-used-up-idle-in-transaction')
    await demo.fault('pool-exhausted', false, 'shop')
    await untilSeen(console.engine, 'shop', 'pool', healthy)
  })

  it('hold the same, and go on looking, while every table of every database is locked', async () => {
    const lockers = await Promise.all(
      DEPLOYMENT_NAMES.map(async (name) => {
        const locker = await demo.deployment(name).postgres.connect(name)
        await locker.query('BEGIN; LOCK TABLE orders, customers, schema_revision IN ACCESS EXCLUSIVE MODE')
        return locker
      }),
    )
    try {
      expect(await connectionsDuring(() => poolAnswers(1))).toEqual(AS_MANY_AS_EVER)
    } finally {
      await Promise.all(lockers.map((locker) => locker.end()))
    }
  })

  it('hold no more, and come back by themselves, while the catalogue itself is locked', async () => {
    const { postgres: server } = demo.deployment('shop')
    const locker = await server.connect('shop')
    await locker.query(
      'BEGIN; LOCK TABLE pg_catalog.pg_class, pg_catalog.pg_database IN ACCESS EXCLUSIVE MODE',
    )
    let seen: Awaited<ReturnType<typeof connectionsDuring>> = {}
    try {
      // Whoever counts opened its connection before, and so did the console; nobody else gets in.
      seen = await countedOn(locker, async () => {
        await untilSeen(console.engine, 'shop', 'pool', ({ status }) => status !== 'HEALTHY')
        const since = Date.now()
        await until(() => (console.engine.live.latestOf('shop', 'pool')?.at ?? 0) > since, {
          timeoutMs: 15_000,
        })
      })
    } finally {
      await locker.end()
    }
    expect(Math.max(...Object.values(seen).map(([, most]) => most))).toBeLessThanOrEqual(2)
    await poolAnswers(1, ['shop'])
    await until(async () => (await postgres('shop')) === 1)
  })
})

describe('a client of the fleet', () => {
  it('sees rows move, at most four times a second, and costs nothing once it stops', async () => {
    const { engine, clock } = console
    const reading = new AbortController()
    const answers: { at: number; changes: Change[] }[] = []
    const stopped = (async () => {
      let cursor: string | null = null
      while (!reading.signal.aborted) {
        const answer = await engine.changes({ topics: ['fleet'], cursor, waitMs: 20_000 }, reading.signal)
        if (cursor !== null) answers.push({ at: performance.now(), changes: answer.changes })
        cursor = answer.cursor
      }
      return cursor
    })()
    const seen = () => answers.flatMap(({ changes }) => changes)
    const statuses = () =>
      seen().flatMap((change) =>
        change.kind === 'fleet-row'
          ? change.row.status
          : change.kind === 'fleet-now'
            ? change.now.status
            : [],
      )
    const isOfRows = ({ kind }: Change) => kind === 'fleet-row' || kind === 'fleet-now'
    await demo.fault('not-ready', true, 'shop')
    try {
      await until(() => statuses().includes('DEGRADED'), {
        timeoutMs: 20_000,
      })
    } finally {
      await demo.fault('not-ready', false, 'shop')
    }
    for (const name of DEPLOYMENT_NAMES) {
      await until(() => seen().some((change) => isOfRows(change) && 'name' in change && change.name === name))
    }
    expect(seen().every(isOfRows)).toBe(true)
    // The minutes that went by are told once in each of them, and not with every look.
    expect(seen().filter(({ kind }) => kind === 'fleet-now').length).toBeGreaterThan(0)
    const [first] = answers
    const last = answers.at(-1)
    const seconds = ((last?.at ?? 0) - (first?.at ?? 0)) / 1_000
    expect(answers.length).toBeLessThanOrEqual(4 * seconds + 2)

    reading.abort()
    const cursor = await stopped
    // Nothing is kept for whoever went but what is kept for all: where they were is in their own hands.
    const timers = clock.timers()
    await poolAnswers(1)
    expect(clock.timers()).toBeLessThanOrEqual(timers + 3)
    const caughtUp = await engine.changes(
      { topics: ['fleet'], cursor, waitMs: 0 },
      new AbortController().signal,
    )
    expect(caughtUp.reset).toBe(false)
    // Each row once whole and once as it is now, at the most, however often it moved.
    const told = caughtUp.changes.map((change) => `${change.kind} ${'name' in change ? change.name : ''}`)
    expect(told).toHaveLength(new Set(told).size)
    expect(new Set(told.map((one) => one.split(' ')[1]))).toEqual(new Set(DEPLOYMENT_NAMES))
  })
})

const healthy = ({ status }: { status: string }) => status === 'HEALTHY'

/** Counts the console's connections to `shop` over a session that holds the locks itself. */
async function countedOn(
  locker: Client,
  work: () => Promise<void>,
): Promise<Record<string, [number, number]>> {
  const seen: [number, number] = [Number.POSITIVE_INFINITY, 0]
  let going = true
  const counting = (async () => {
    while (going) {
      const { rows } = await locker.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name = 'vakhta' AND datname = 'shop'`,
      )
      const count = rows[0]?.count ?? 0
      seen[0] = Math.min(seen[0], count)
      seen[1] = Math.max(seen[1], count)
    }
  })()
  try {
    await work()
  } finally {
    going = false
    await counting
  }
  return { 'PostgreSQL of shop': seen }
}

/** Opens connections, those that are reserved for the superuser too, until the server takes no more. */
async function fill(port: number, password: string): Promise<Client[]> {
  const open: Client[] = []
  for (;;) {
    const client = new Client({ host: '127.0.0.1', port, user: 'postgres', password, database: 'postgres' })
    client.on('error', () => {})
    try {
      await client.connect()
      open.push(client)
    } catch {
      return open
    }
  }
}
