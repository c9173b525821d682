import { describe, expect, it } from 'vitest'
import { deriveCauses } from '../../../../../src/main/engine/causes/derive.ts'
import { backend, type Seen, situation, told } from './situations.ts'

const WELL: Seen = {
  probe: 'health',
  target: 'api',
  status: 'HEALTHY',
  code: 'health-live-and-ready',
  values: { health_live: 1, health_ready: 1 },
}
const notReady = (rest: Partial<Seen> = {}): Seen => ({
  probe: 'health',
  target: 'api',
  status: 'DEGRADED',
  code: 'health-not-ready',
  params: { path: '/ready', httpStatus: 503 },
  values: { health_live: 1, health_ready: 0 },
  for: 50,
  ...rest,
})
const naming = (dependencies: string, rest: Partial<Seen> = {}) =>
  notReady({
    code: 'health-not-ready-because',
    params: { dependencies, path: '/ready', httpStatus: 503 },
    ...rest,
  })
const pool = (rest: Partial<Seen> = {}): Seen => ({
  probe: 'pool',
  target: 'postgres',
  status: 'CRITICAL',
  code: 'pool-used-up-by-locks',
  for: 55,
  ...rest,
  values: {
    db_up: 1,
    db_pool_size: 40,
    db_pool_checked_out: 40,
    db_pool_utilization: 100,
    db_pool_available: 0,
    db_lock_waiting: 0,
    db_pool_idle_in_transaction: 0,
    db_pool_oldest_transaction_seconds: 0,
    ...rest.values,
  },
})
const waiting = (pid: number, ...blockedBy: number[]) =>
  backend(pid, { blockedBy, waiting: 'Lock: relation', statement: 'UPDATE orders SET state = ?' })
const idle = (pid: number, minutes: number) =>
  backend(pid, {
    state: 'idle in transaction',
    durationMs: minutes * 60_000,
    statement: 'UPDATE orders SET note = ?',
  })

function causes(...seen: Seen[]): string[] {
  return deriveCauses(situation(seen)).map(told)
}

describe('a pool that is used up', () => {
  it('by a lock: the queue, and whom it waits for in the end', () => {
    const statements = [idle(42, 9), waiting(51, 42), waiting(52, 42), waiting(53, 51)]
    expect(
      causes(
        notReady(),
        pool({ values: { db_lock_waiting: 30, db_pool_idle_in_transaction: 1 }, evidence: { statements } }),
      ),
    ).toEqual([
      'api is not ready ← pool 100 % (40 of 40 in use) ← 30 backends wait for PID 42 ← PID 42 (orders) idle in transaction for 9 min, its last statement: UPDATE orders SET note = ? (likely)',
    ])
  })

  it('by a lock that a running migration holds', () => {
    const migration = backend(7, {
      application: 'alembic',
      statement: 'ALTER TABLE orders ADD COLUMN x',
      durationMs: 30_000,
    })
    const [first] = causes(
      pool({ values: { db_lock_waiting: 38 }, evidence: { statements: [migration, waiting(51, 7)] } }),
    )
    expect(first).toBe(
      'pool 100 % (40 of 40 in use) ← 38 backends wait for PID 7 ← PID 7 (alembic) running for 30 s: ALTER TABLE orders ADD COLUMN x (seen)',
    )
  })

  it('by two queues: each with its own head', () => {
    const statements = [idle(1, 3), idle(2, 5), waiting(11, 1), waiting(12, 2), waiting(13, 2)]
    expect(causes(pool({ values: { db_lock_waiting: 36 }, evidence: { statements } }))).toEqual([
      expect.stringContaining('2 backends wait for PID 2 ← PID 2'),
      expect.stringContaining('1 backend waits for PID 1 ← PID 1'),
    ])
  })

  it('by a prepared transaction that nobody ended', () => {
    const [first] = causes(
      pool({ values: { db_lock_waiting: 40 }, evidence: { statements: [waiting(5, 0)] } }),
    )
    expect(first).toContain('40 backends wait for PID 0 ← a prepared transaction holds the lock')
  })

  it('by connections that are not given back', () => {
    const statements = [idle(1, 12), idle(2, 3), idle(3, 1)]
    expect(
      causes(
        pool({
          code: 'pool-used-up-idle-in-transaction',
          values: { db_pool_idle_in_transaction: 38, db_pool_oldest_transaction_seconds: 720 },
          evidence: { statements },
        }),
      ),
    ).toEqual([
      'pool 100 % (40 of 40 in use) ← 38 connections of orders idle in transaction, the oldest for 12 min: they are not given back (seen)',
    ])
  })

  it('by slow statements', () => {
    const statements = Array.from({ length: 20 }, (_, at) =>
      backend(at + 1, { durationMs: 3_000 + at * 1_000, statement: 'SELECT * FROM report' }),
    )
    expect(causes(pool({ code: 'pool-utilization-high', evidence: { statements } }))).toEqual([
      'pool 100 % (40 of 40 in use) ← 20 statements run for over a second, the longest for 22 s: SELECT * FROM report (seen)',
    ])
  })

  it('by slow statements also in the moment between one and the next', () => {
    const statements = Array.from({ length: 20 }, (_, at) => backend(at + 1, { durationMs: 5_000 }))
    const between = situation([pool({ code: 'pool-utilization-high' })], {
      recent: [pool({ code: 'pool-utilization-high', evidence: { statements } })],
    })
    expect(deriveCauses(between).map(told)).toEqual([
      'pool 100 % (40 of 40 in use) ← 20 statements run for over a second, the longest for 5 s: SELECT ? (seen)',
    ])
  })

  it('by more requests than before', () => {
    const traffic: Seen = {
      probe: 'traffic',
      target: 'api',
      status: 'HEALTHY',
      code: 'traffic-healthy',
      values: { http_requests_per_second: 220 },
      before: Array.from({ length: 12 }, () => ({ http_requests_per_second: 80 })),
    }
    expect(causes(pool({ code: 'pool-utilization-high' }), traffic)).toEqual([
      'pool 100 % (40 of 40 in use) ← 220 requests per second to api, 80 before (likely)',
    ])
  })

  it('by nothing that can be seen: said as such', () => {
    expect(causes(notReady(), pool({ code: 'pool-utilization-high' }))).toEqual([
      'api is not ready ← pool 100 % (40 of 40 in use) (not-found)',
    ])
  })

  it('is not blamed on a few that wait or idle beside the many that work', () => {
    const statements = [idle(42, 9), waiting(51, 42)]
    expect(
      causes(
        pool({
          code: 'pool-utilization-high',
          values: { db_lock_waiting: 1, db_pool_idle_in_transaction: 1 },
          evidence: { statements },
        }),
      ),
    ).toEqual(['pool 100 % (40 of 40 in use) (not-found)'])
  })
})

describe('a service that is not ready', () => {
  it('for what it names, though something else is bad too', () => {
    const redis: Seen = {
      probe: 'redis',
      target: 'cache',
      status: 'DISCONNECTED',
      code: 'tcp-refused',
      params: { hop: 'Redis cache:6379', host: 'cache', port: 6379 },
      values: { redis_connected: 0 },
    }
    const chains = causes(naming('redis'), pool({ code: 'pool-utilization-high' }), redis)
    expect(chains[0]).toMatch(
      /^api is not ready ← Redis cache is down ← cache refused the connection on port 6379.* \(seen\)$/,
    )
    expect(chains).toContain('pool 100 % (40 of 40 in use) (not-found)')
    expect(chains.join()).not.toContain('api is not ready ← pool')
  })

  it('for what it names and nobody watches', () => {
    expect(causes(naming('schema', { evidence: { dependencies: { schema: 'behind' } } }))).toEqual([
      'api is not ready ← api names schema (seen)',
    ])
  })

  it('names more than what is in trouble: the rest may be the same trouble', () => {
    expect(causes(naming('database, schema'), pool({ code: 'pool-utilization-high' }))).toEqual([
      'api is not ready ← pool 100 % (40 of 40 in use) (not-found)',
    ])
  })

  it('is not blamed on a pool that went bad only later', () => {
    expect(causes(notReady({ for: 300 }), pool({ code: 'pool-utilization-high', for: 20 }))).toEqual([
      'api is not ready (not-found)',
      'pool 100 % (40 of 40 in use) (not-found)',
    ])
  })

  it('because its ready check waits for a connection itself', () => {
    const [first] = causes(
      notReady({ code: 'health-ready-unanswered' }),
      pool({
        code: 'pool-used-up-idle-in-transaction',
        values: { db_pool_idle_in_transaction: 40, db_pool_oldest_transaction_seconds: 90 },
        evidence: { statements: [idle(1, 1.5)] },
      }),
    )
    expect(first).toMatch(
      /^api is not ready ← its ready check gets no answer while the pool is used up ← pool 100 % .* ← 40 connections/,
    )
  })

  it('lies: it says that it is ready while its database is down', () => {
    const down = pool({
      status: 'CRITICAL',
      code: 'tcp-refused',
      params: { hop: 'PostgreSQL db:5432', host: 'db', port: 5432 },
      values: { db_up: 0 },
    })
    const [, lie] = causes({ ...WELL, evidence: { dependencies: { database: 'ok' } } }, down)
    expect(causes({ ...WELL, evidence: { dependencies: { database: 'ok' } } }, down)[0]).toContain(
      'api says that it is ready all the same ← PostgreSQL is down ← db refused',
    )
    expect(lie).toBeUndefined()
    // It names what it depends on, and the database is not among that.
    expect(causes({ ...WELL, evidence: { dependencies: { storage: 'ok' } } }, down).join()).not.toContain(
      'all the same',
    )
    // A look's time apart is not a lie.
    expect(causes(WELL, { ...down, for: 5 }).join()).not.toContain('all the same')
  })
})

describe('Redis', () => {
  const evicting: Seen = {
    probe: 'redis',
    target: 'cache',
    status: 'WARNING',
    code: 'redis-evicting',
    params: { value: 120, limit: 0 },
    values: {
      redis_connected: 1,
      redis_evictions_per_second: 120,
      redis_memory_usage: 99,
      redis_hit_rate: 40,
    },
    before: [{ redis_hit_rate: 97 }, { redis_hit_rate: 96 }],
    for: 90,
  }

  it('is full, evicts, misses, and the database bears it', () => {
    const statements = Array.from({ length: 20 }, (_, at) => backend(at + 1, { durationMs: 80 }))
    expect(causes(evicting, pool({ code: 'pool-utilization-high', evidence: { statements } }))).toEqual([
      'pool 100 % (40 of 40 in use) ← hit rate of Redis cache 40 %, 97 % before ← Redis cache evicts 120 keys per second ← the memory of Redis cache is 99 % full (likely)',
    ])
  })

  it('misses, and each miss runs for seconds: the statements stand in the chain, not in front of it', () => {
    const slow = { state: 'active', durationMs: 2_500, statement: 'SELECT pg_sleep($1)' } as const
    const statements = Array.from({ length: 30 }, (_, at) => backend(at + 1, slow))
    expect(causes(evicting, pool({ code: 'pool-utilization-high', evidence: { statements } }))).toEqual([
      'pool 100 % (40 of 40 in use) ← 30 statements run for over a second, the longest for 3 s: SELECT pg_sleep($1) ← hit rate of Redis cache 40 %, 97 % before ← Redis cache evicts 120 keys per second ← the memory of Redis cache is 99 % full (likely)',
    ])
  })

  it('misses beside statements that ran before: they stay a root of their own', () => {
    const report = { state: 'active', durationMs: 3_600_000, statement: 'SELECT * FROM report' } as const
    const statements = Array.from({ length: 30 }, (_, at) => backend(at + 1, report))
    expect(causes(evicting, pool({ code: 'pool-utilization-high', evidence: { statements } }))).toEqual([
      'pool 100 % (40 of 40 in use) ← 30 statements run for over a second, the longest for 60 min: SELECT * FROM report (seen)',
      'pool 100 % (40 of 40 in use) ← hit rate of Redis cache 40 %, 97 % before ← Redis cache evicts 120 keys per second ← the memory of Redis cache is 99 % full (likely)',
    ])
  })

  it('misses more while a stuck service asks for less: no word of the database', () => {
    const values = { ...evicting.values, redis_evictions_per_second: 0 }
    const fewer: Seen = { ...evicting, status: 'HEALTHY', code: 'redis-healthy', values }
    expect(causes(fewer, pool({ code: 'pool-utilization-high' }))).toEqual([
      'pool 100 % (40 of 40 in use) (not-found)',
    ])
  })

  it('evicts without harm: no word of the database', () => {
    expect(causes({ ...evicting, values: { ...evicting.values, redis_hit_rate: 96 } })).toEqual([
      'Redis cache evicts 120 keys per second ← the memory of Redis cache is 99 % full (seen)',
    ])
  })
})

describe('a disk that is full', () => {
  const disk = (rest: Partial<Seen> = {}): Seen => ({
    probe: 'host',
    target: 'db1',
    status: 'CRITICAL',
    code: 'host-disk-high',
    params: { disk: '/', value: 99, limit: 90 },
    values: { system_disk_percent: 99 },
    for: 90,
    ...rest,
  })
  const saving: Seen = { probe: 'redis', target: 'cache', status: 'CRITICAL', code: 'redis-save-failing' }
  const archiving = pool({
    code: 'pool-archive-failing',
    params: { wal: '0000000100000000000000A3', seconds: 600 },
  })
  const gone = (code = 'tcp-refused') =>
    pool({ code, params: { hop: 'PostgreSQL db:5432', host: 'db', port: 5432 }, values: { db_up: 0 } })
  const FULL = 'Disk / is 99 % full (limit 90 %)'

  it('is why Redis cannot save', () => {
    expect(causes(saving, disk())).toEqual([
      `The last background save failed: what was written since is lost if Redis stops ← ${FULL} (likely)`,
    ])
    expect(causes({ ...saving, code: 'redis-writes-refused' }, disk())[0]).toContain(` ← ${FULL} (likely)`)
  })

  it('is why WAL is not archived', () => {
    expect(causes(archiving, disk())).toEqual([
      `WAL is not archived: the latest attempt failed, at 0000000100000000000000A3; the last one that succeeded was 10 min ago. WAL piles up on the server, and what was written since cannot be restored ← ${FULL} (likely)`,
    ])
  })

  it('is why PostgreSQL ended: it has no room for its WAL', () => {
    expect(causes(gone(), disk())).toEqual([
      expect.stringMatching(/^PostgreSQL is down ← db refused the connection .* ← Disk \/ is 99 % full/),
    ])
    expect(causes(gone('postgres-starting'), disk())[0]).toContain(FULL)
  })

  it('is why PostgreSQL refuses a statement', () => {
    const refused = pool({
      code: 'postgres-disk-full',
      params: { hop: 'PostgreSQL db:5432', words: 'ENOSPC' },
    })
    expect(causes(refused, disk())[0]).toContain(` ← ${FULL} (likely)`)
  })

  it('is named also where its host says something worse first', () => {
    const busy = disk({ code: 'host-memory-high', params: { value: 97, limit: 90 } })
    expect(causes(saving, busy).join()).toContain(' ← a disk of db1 is 99 % full (likely)')
  })

  it('is not blamed where it is not quite full, or filled up only later', () => {
    expect(causes(saving, disk({ values: { system_disk_percent: 91 } }))).toHaveLength(2)
    expect(causes({ ...saving, for: 600 }, disk())).toHaveLength(2)
    expect(causes({ ...archiving, for: 600 }, disk()).join()).not.toContain('←')
    expect(causes({ ...gone(), for: 600 }, disk()).join()).not.toContain(` ← ${FULL}`)
  })

  it('is not blamed for what does not write: a Redis that is gone, a pool that is used up', () => {
    const redis: Seen = {
      ...saving,
      status: 'DISCONNECTED',
      code: 'tcp-refused',
      values: { redis_connected: 0 },
    }
    expect(causes(redis, disk()).join()).not.toContain(`← ${FULL}`)
    expect(causes(pool({ code: 'pool-utilization-high' }), disk()).join()).not.toContain(`← ${FULL}`)
  })
})

describe('WAL that is not archived', () => {
  it('says itself all there is to say where no disk is full', () => {
    for (const code of ['pool-archive-failing', 'pool-archive-never']) {
      const [only, ...others] = deriveCauses(
        situation([pool({ code, params: { wal: '0000000100000000000000A3', seconds: 600 } })]),
      )
      expect(only).toMatchObject({ code, certainty: 'seen' })
      expect(others).toEqual([])
    }
  })

  it('is felt by no service: it is not why one is not ready, or slow', () => {
    const archiving = pool({ code: 'pool-archive-failing', params: { wal: 'A3', seconds: 9 } })
    expect(causes(naming('database'), archiving)[0]).toBe('api is not ready ← api names database (seen)')
    expect(causes(notReady(), archiving)).toContain('api is not ready (not-found)')
    const slow: Seen = { probe: 'traffic', target: 'api', status: 'WARNING', code: 'traffic-slow-mean' }
    expect(causes(slow, archiving).join()).not.toContain('←')
  })
})

describe('what only whoever watches is short of', () => {
  it.each(['redis-info-forbidden', 'redis-info-renamed'])('is felt by no service: %s', (code) => {
    const redis: Seen = { probe: 'redis', target: 'cache', status: 'WARNING', code }
    expect(causes(notReady(), redis)).toContain('api is not ready (not-found)')
    expect(causes(naming('redis'), redis)[0]).toBe('api is not ready ← api names redis (seen)')
  })

  it.each(['pool-views-disagree', 'pool-query-failed', 'pool-query-too-slow'])(
    'is felt by no service: %s',
    (code) => {
      expect(causes(notReady(), pool({ code, status: 'WARNING' }))).toContain('api is not ready (not-found)')
    },
  )
})

describe('the way', () => {
  const hop = {
    hop: 'ops@bastion:22',
    kind: 'ssh' as const,
    status: 'DISCONNECTED' as const,
    ms: null,
    error: {
      step: 'tcp' as const,
      hop: 'bastion:22',
      on: 'path' as const,
      code: 'tcp-refused',
      params: { host: 'bastion', port: 22 },
      recovery: 'by-itself' as const,
    },
  }
  const unknown = (probe: Seen['probe'], target: string): Seen => ({
    probe,
    target,
    status: 'UNKNOWN',
    code: 'tcp-refused',
    params: { host: 'bastion', port: 22, hop: 'bastion:22' },
    values: {},
  })

  it('is down: one cause for all that is behind it', () => {
    const found = deriveCauses(
      situation([unknown('health', 'api'), unknown('pool', 'postgres'), unknown('host', 'db1')], {
        hops: [hop],
      }),
    )
    expect(found).toHaveLength(1)
    expect(found[0]?.code).toBe('tcp-refused')
    expect(found[0]?.alsoExplains).toHaveLength(3)
    expect(found.map(told)[0]).toMatch(/^ops@bastion:22 is not reached ← bastion refused the connection/)
  })

  it('is slow to everything: said of the way, and not where one target alone is slow', () => {
    const slow: Seen = {
      probe: 'redis',
      target: 'cache',
      status: 'WARNING',
      code: 'redis-latency-high',
      params: { value: 310, limit: 100 },
      values: { redis_connected: 1, redis_latency_ms: 310 },
    }
    const trips = (...all: number[]) =>
      all.map((ms) => ({ hop: 'x', kind: 'http' as const, status: 'CONNECTED' as const, ms, error: null }))
    const chain = (...all: number[]) => deriveCauses(situation([slow], { hops: trips(...all) })).map(told)
    expect(chain(310, 305, 302)).toEqual([
      'Answers in 310 ms (limit 100 ms) ← a round trip to everything takes 302 ms or more (likely)',
    ])
    expect(chain(310, 4, 6)).toEqual(['Answers in 310 ms (limit 100 ms) (not-found)'])
  })

  it('is up: a target that refuses stands for itself', () => {
    expect(
      causes({
        ...unknown('redis', 'cache'),
        status: 'DISCONNECTED',
        params: { host: 'cache', port: 6379, hop: 'Redis cache:6379' },
        values: { redis_connected: 0 },
      })[0],
    ).toMatch(/^Redis cache is down ← cache refused the connection on port 6379/)
  })

  it('is the console itself without a network: one cause, and nobody is called down', () => {
    const lost = (target: string): Seen => ({
      probe: 'health',
      target,
      status: 'UNOBSERVED',
      code: 'console-offline',
    })
    const found = deriveCauses(situation([lost('api'), lost('worker')]))
    expect(found.map(told)).toEqual(['api is not observed ← the console itself has no network (seen)'])
    expect(found[0]?.alsoExplains).toEqual(['health/worker'])
  })
})

describe('what says itself all there is to say', () => {
  it.each([
    ['health', 'api', 'DEGRADED', 'health-tls-expiring', { value: 5, limit: 7 }],
    ['health', 'api', 'UNKNOWN', 'health-limited', { seconds: 30 }],
    ['host', 'db1', 'CRITICAL', 'host-disk-high', { disk: '/', value: 93, limit: 90 }],
    ['pool', 'postgres', 'UNKNOWN', 'pool-privilege-missing', { hidden: 3, role: 'watch', grant: 'GRANT …' }],
  ] as const)('%s %s %s %s', (probe, target, status, code, params) => {
    const found = deriveCauses(situation([{ probe, target, status, code, params }]))
    expect(found.map(({ code: root, certainty, links }) => [root, certainty, links.length])).toEqual([
      [code, 'seen', 1],
    ])
  })
})

describe('what was changed', () => {
  const errors: Seen = {
    probe: 'traffic',
    target: 'api',
    status: 'CRITICAL',
    code: 'traffic-errors-high',
    params: { value: 240, limit: 100 },
    for: 100,
  }

  it('shortly before is suspected', () => {
    const [first] = deriveCauses(situation([errors], { events: [{ at: situation([]).now - 160_000 }] }))
    expect(first).toMatchObject({ code: 'deployed', certainty: 'likely' })
  })

  it('long before, or after, is not', () => {
    const { now } = situation([])
    const found = deriveCauses(
      situation([errors], { events: [{ at: now - 3_000_000 }, { at: now - 20_000 }] }),
    )
    expect(found.map(({ certainty }) => certainty)).toEqual(['not-found'])
  })

  it('is suspected for as long as it lasts: a restart is over soon, what was altered stays so', () => {
    const at = situation([]).now - 100_000 - 240_000
    const longAfter = (kind: 'restart' | 'settings') =>
      deriveCauses(situation([errors], { events: [{ at, kind }] })).map(({ certainty }) => certainty)
    expect(longAfter('restart')).toEqual(['not-found'])
    expect(longAfter('settings')).toEqual(['likely'])
  })

  it('just before comes before what was changed minutes ago', () => {
    const began = situation([]).now - 100_000
    const found = deriveCauses(
      situation([errors], {
        events: [
          { at: began - 300_000, kind: 'settings', reason: { code: 'setting-changed', params: {} } },
          { at: began - 5_000 },
        ],
      }),
    )
    expect(found.map(({ code }) => code)).toEqual(['deployed', 'setting-changed'])
  })

  it('is one change where a deploy restarted what it deployed, and none where watching began', () => {
    const at = situation([]).now - 110_000
    const found = deriveCauses(
      situation([errors], {
        events: [
          { at },
          { at: at + 4_000, kind: 'restart', reason: { code: 'restarted', params: { what: 'api' } } },
          { at, kind: 'profile', reason: { code: 'profile-added', params: {} } },
        ],
      }),
    )
    expect(found.map(({ code }) => code)).toEqual(['deployed'])
  })

  it('is one change where it shows as another image and as another version, of the same service alone', () => {
    const at = situation([]).now - 110_000
    const image = { code: 'image-deployed', params: { what: 'api', image: 'shop:2.0', before: 'shop:1.9' } }
    const found = (target: string) =>
      deriveCauses(
        situation([errors], { events: [{ at, probe: 'host', target, reason: image }, { at: at + 9_000 }] }),
      ).map(({ code }) => code)
    expect(found('api')).toEqual(['image-deployed'])
    expect(found('worker').toSorted()).toEqual(['deployed', 'image-deployed'])
  })

  it('is the end of a container: the last link of why its service does not answer, and of no other', () => {
    const down: Seen = {
      probe: 'health',
      target: 'api',
      status: 'DOWN',
      code: 'tcp-refused',
      params: { hop: 'api', host: '10.0.3.7', port: 8000 },
      values: { health_live: 0 },
      for: 100,
    }
    const killed = (target: string) => ({
      at: situation([]).now - 102_000,
      kind: 'restart' as const,
      probe: 'host' as const,
      target,
      reason: { code: 'ended-memory', params: { what: target, detail: '137' } },
    })
    const [own] = deriveCauses(situation([down], { events: [killed('api')] })).map(told)
    expect(own).toMatch(
      /^api is down ← 10\.0\.3\.7 refused .* ← api was killed: the memory that it may have ran out \(likely\)$/,
    )
    const [first, second] = deriveCauses(situation([down], { events: [killed('worker')] })).map(told)
    expect(first).toMatch(/^api is down ← 10\.0\.3\.7 refused .*\(seen\)$/)
    expect(second).toBe('api is down ← worker was killed: the memory that it may have ran out (likely)')
    const before = { ...killed('api'), at: situation([]).now - 600_000 }
    expect(
      deriveCauses(situation([down], { events: [before] }))
        .map(told)
        .join(),
    ).not.toContain('killed')
  })

  it.each([
    ['traffic', 'api', 'settings', 'setting-changed'],
    ['exposition', 'broker', 'deploy', 'deployed'],
    ['traffic', 'api', 'restart', 'restarted'],
  ] as const)('is not why %s of %s is not known yet: %s', (probe, target, kind, code) => {
    const event = { at: situation([]).now - 8_000, kind, probe, target, reason: { code, params: {} } }
    const unknown = { probe, target, status: 'UNKNOWN', for: 5 } as const
    const found = (reason: string) =>
      deriveCauses(situation([{ ...unknown, code: reason }], { events: [event] })).map((one) => one.code)
    expect(found('traffic-first-look')).toEqual([])
    // What was asked and did not answer as it did before is another thing.
    expect(found('traffic-not-metrics')).toEqual([code])
  })

  it('is not suspected where a status is what changed', () => {
    const found = deriveCauses(
      situation([errors], { events: [{ kind: 'status', at: situation([]).now - 110_000 }] }),
    )
    expect(found.map(({ certainty }) => certainty)).toEqual(['not-found'])
  })
})

it('finds nothing where all is well', () => {
  expect(causes(WELL)).toEqual([])
})

it('tells of what is bad beside what is not known yet, and of that alone', () => {
  const first: Seen = { probe: 'traffic', target: 'api', status: 'UNKNOWN', code: 'traffic-first-look' }
  const found = deriveCauses(situation([first, notReady()]))
  expect(found.map(told)).toEqual([expect.stringMatching(/^api is not ready/)])
  expect(found[0]?.alsoExplains).toEqual([])
})

it('ends where backends wait for each other in a circle', () => {
  const statements = [waiting(1, 2), waiting(2, 1)]
  expect(causes(pool({ values: { db_lock_waiting: 40 }, evidence: { statements } }))).toHaveLength(2)
})
