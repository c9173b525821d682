import { describe, expect, it } from 'vitest'
import { Activity } from '../../../../../../src/main/engine/probes/postgres-pool/activity.ts'
import {
  type ApplicationView,
  addViews,
  disagreement,
  parsePoolView,
} from '../../../../../../src/main/engine/probes/postgres-pool/application-pool.ts'
import { postgresPool } from '../../../../../../src/main/engine/probes/postgres-pool/index.ts'
import { poolSize } from '../../../../../../src/main/engine/probes/postgres-pool/pool-size.ts'
import { nextSizeAt } from '../../../../../../src/main/engine/probes/postgres-pool/server-state.ts'
import {
  countSlow,
  NO_SLOW_STATEMENTS,
  slowLately,
} from '../../../../../../src/main/engine/probes/postgres-pool/slow-statements.ts'
import type { Failure } from '../../../../../../src/shared/model/failure.ts'
import { Service } from '../../../../../../src/shared/model/profile/service.ts'

const service = (input: Partial<Service>) => Service.parse({ name: 'web', url: 'http://web', ...input })
const activity = (limits: Partial<Activity> = {}) =>
  Activity.parse({
    ...{ backends: 0, hidden: 0, idle: 0, idle_in_transaction: 0, lock_waiting: 0, lock_waiting_long: 0 },
    ...{ longest_statement_ms: 0, active_by_wait: '{}', autovacuum_workers: 0 },
    ...{ oldest_transaction_ms: 0, slow_keys: '[]', slowest_ms: 0, statements: [], server_connections: 1 },
    ...{ role_limit: null, database_limit: -1, max_connections: 100, reserved_connections: 3 },
    ...{ database_statistics: {}, me: 'vakhta', database: 'shop', server_version: '15', started_at: 0 },
    ...limits,
  })

describe("the pool's size", () => {
  const declared = service({ pool: { size: 5, overflow: 10 }, processes: 2, instances: 3 })
  it.each([
    ['declared, over all services', [declared, service({ pool: { size: 4, overflow: 0 } })], 50, {}, 94, 34],
    ['told by the application', [service({})], 50, {}, 50, null],
    ['limited by the server less reserved', [], null, {}, 97, null],
    ['limited by the role', [], null, { role_limit: 20, database_limit: 30 }, 20, null],
    ['limited by the database', [], null, { role_limit: -1, database_limit: 30 }, 30, null],
  ])('%s', (_, services, told, limits, size, kept) => {
    expect(poolSize(services, told, activity(limits))).toMatchObject({ size, kept })
  })
})

describe('slow statements', () => {
  it('counts each once, however often it is seen, and again when it is run again', () => {
    const first = countSlow(NO_SLOW_STATEMENTS, ['7@1', '8@1'], 1500, 0)
    const second = countSlow(first, ['7@1', '8@2'], 6500, 5_000)
    expect([first.total, second.total]).toEqual([2, 3])
    expect(slowLately(second)).toEqual({ statements: 3, slowestMs: 6500 })
  })

  it('keeps them in mind for half a minute', () => {
    const seen = countSlow(NO_SLOW_STATEMENTS, ['7@1'], 1500, 0)
    expect(slowLately(countSlow(seen, [], 0, 29_000))).toEqual({ statements: 1, slowestMs: 1500 })
    const later = countSlow(seen, [], 0, 31_000)
    expect(slowLately(later)).toBeNull()
    expect(later.total).toBe(1)
  })
})

describe("the application's own view", () => {
  it.each([
    ['ours', { metrics: { db_pool_size: 10, db_pool_checked_out: 4, db_pool_waiting: 1 } }],
    ['flat', { db_pool_size: 10, db_pool_checked_out: 4, db_pool_waiting: 1 }],
    ['short names', { pool: { size: 10, checked_out: 4, waiting: 1 } }],
    ['camel case', { data: { poolSize: 10, checkedOut: 4, waiters: 1 } }],
    ['SQLAlchemy words', { pool_size: 10, checkedout: 4, waiting: 1 }],
    ['other pools', { metrics: { max_connections: 10, active_connections: 4, pending: 1 } }],
    ['nested twice', { data: { metrics: { size: 10, in_use: 4, waiting: 1 } } }],
  ])('reads %s', (_, body) => {
    expect(parsePoolView(JSON.stringify(body))).toMatchObject({ size: 10, checkedOut: 4, waiting: 1 })
  })

  it.each(['', 'not json', '[]', '{"detail":"Not found"}', '{"metrics":null}', '42', '{"size":"big"}'])(
    'makes nothing of %j',
    (body) => {
      expect(parsePoolView(body)).toBeNull()
    },
  )

  it('adds services up, and is whole only where each is one process and all answered', () => {
    const view = { size: 5, checkedOut: 2, checkedIn: 1, overflow: 0, waiting: null }
    const one = { service: service({}), view, bytes: 10 }
    const many = { service: service({ processes: 4 }), view, bytes: 10 }
    expect(addViews([one, one])).toMatchObject({ size: 10, checkedOut: 4, waiting: null, whole: true })
    expect(addViews([one, many])).toMatchObject({ size: 25, whole: false })
    expect(addViews([one, { ...one, view: null }])).toMatchObject({ size: null, whole: false })
    expect(addViews([{ ...one, view: null }])).toBeNull()
  })

  it('is said to disagree only when it lastingly does, by more than looks apart explain', () => {
    const view = { checkedOut: 10, whole: true } as ApplicationView
    let looks = 0
    const told = [1, 1, 1, 1].map((server) => {
      const judged = disagreement(looks, view, server, 20)
      looks = judged.looks
      return judged.told
    })
    expect(told).toEqual([false, false, false, true])
    expect(disagreement(9, view, 8, 20).looks).toBe(0)
    expect(disagreement(9, { ...view, whole: false }, 1, 20).looks).toBe(0)
    expect(disagreement(9, view, null, 20).looks).toBe(0)
  })
})

describe('the size of a database', () => {
  it('is asked for ever more rarely the longer it takes', () => {
    expect(nextSizeAt(0, 10)).toBe(60_000)
    expect(nextSizeAt(0, 1_000)).toBe(600_000)
    expect(nextSizeAt(0, null)).toBe(1_800_000)
  })
})

describe('a pool that cannot be reached', () => {
  const failure = (fields: Partial<Failure>): Failure => ({
    step: 'tcp',
    hop: 'PostgreSQL db:5432',
    on: 'target',
    code: 'tcp-refused',
    params: {},
    recovery: 'by-itself',
    ...fields,
  })
  it.each([
    ['the way is down', { on: 'path' as const, hop: 'bastion:22' }, 'UNKNOWN', null],
    ['it refuses connections', {}, 'CRITICAL', 0],
    ['we are still connecting', { step: 'protocol' as const, code: 'connection-slow' }, 'UNKNOWN', null],
    [
      'it has no connection left',
      { code: 'postgres-too-many-clients', step: 'authentication' as const },
      'CRITICAL',
      1,
    ],
    [
      'the password is wrong',
      { step: 'authentication' as const, recovery: 'person' as const },
      'UNKNOWN',
      null,
    ],
  ])('where %s', (_, fields, status, up) => {
    const told = postgresPool.unreachable(failure(fields), 'postgres')
    expect(told.status).toBe(status)
    expect(told.values.db_up).toBe(up)
    expect(told.values.db_pool_checked_out).toBeNull()
  })
})
