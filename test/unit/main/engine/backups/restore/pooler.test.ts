import { describe, expect, it } from 'vitest'
import { aboutPools } from '../../../../../../src/main/engine/backups/restore/pooler/about.ts'
import {
  type PoolerAnswers,
  poolsTo,
} from '../../../../../../src/main/engine/backups/restore/pooler/pools.ts'

/** As PgBouncer 1.18 answers, without the columns that nobody reads. */
const ANSWERS: PoolerAnswers = {
  databases: [
    { name: 'pgbouncer', database: 'pgbouncer', pool_mode: 'statement', paused: '0' },
    { name: 'shop', database: 'shop', pool_mode: null, paused: '0' },
    { name: 'reports', database: 'shop', pool_mode: 'session', paused: '0' },
    { name: 'billing', database: 'billing', pool_mode: null, paused: '0' },
  ],
  pools: [
    { database: 'shop', pool_mode: 'transaction', cl_active: '2', cl_waiting: '1' },
    { database: 'shop', pool_mode: 'transaction', cl_active: '4', cl_waiting: '0' },
    { database: 'billing', pool_mode: 'transaction', cl_active: '9', cl_waiting: '0' },
  ],
  config: [
    { key: 'pool_mode', value: 'transaction' },
    { key: 'query_wait_timeout', value: '120' },
    { key: 'client_login_timeout', value: '60' },
    { key: 'auth_query', value: null },
  ],
}
const pool = { name: 'shop', isOfSessions: false, isPaused: false, clients: 7 }
const reports = { name: 'reports', isOfSessions: true, isPaused: false, clients: 0 }

describe('pools to a database', () => {
  it('are those that lead there, whatever they are called', () => {
    expect(poolsTo('shop', ANSWERS)).toEqual({ pools: [pool, reports], boundMs: 30_000 })
    expect(poolsTo('pgbouncer', ANSWERS).pools).toEqual([])
    expect(poolsTo('gone', ANSWERS).pools).toEqual([])
    expect(poolsTo('shop', { databases: [{ '?column?': 1 }], pools: [], config: [] }).pools).toEqual([])
  })

  it('are of sessions where the pooler says so for all of them, or for one of its users', () => {
    const config = ANSWERS.config.map((one) => (one.key === 'pool_mode' ? { ...one, value: 'session' } : one))
    const ofNobody = { ...ANSWERS, config, pools: [] }
    expect(poolsTo('billing', ofNobody).pools).toMatchObject([{ isOfSessions: true }])
    const pools = [...ANSWERS.pools, { database: 'shop', pool_mode: 'session', cl_active: 1, cl_waiting: 0 }]
    expect(poolsTo('shop', { ...ANSWERS, pools }).pools[0]).toMatchObject({ isOfSessions: true, clients: 8 })
  })

  it.each([
    [30_000, { query_wait_timeout: '0', client_login_timeout: '0' }],
    [5_000, { query_wait_timeout: '10' }],
    [1_000, { query_wait_timeout: '300', client_login_timeout: '2' }],
  ])('are waited for at most %i ms with %o', (boundMs, settings: Record<string, string>) => {
    const config = Object.entries(settings).map(([key, value]) => ({ key, value }))
    expect(poolsTo('shop', { ...ANSWERS, config }).boundMs).toBe(boundMs)
  })
})

it('the plan says which pools wait, with how many clients, and which do not', () => {
  const admin = { name: '127.0.0.1:6432' } as never
  const paused = { ...pool, name: 'held', isPaused: true }
  const seen = { admin, failure: null, boundMs: 30_000 }
  const params = (pools: string) => ({ pooler: '127.0.0.1:6432', pools, seconds: 30 })
  expect(aboutPools('shop', [{ ...seen, pools: [pool, reports, paused] }])).toEqual({
    changes: [{ code: 'restore-pauses', params: params('shop (7)') }],
    warnings: [
      { code: 'restore-pool-of-sessions', params: params('reports (0)') },
      { code: 'restore-pool-paused', params: params('held (7)') },
    ],
  })
  expect(aboutPools('shop', [{ ...seen, pools: [] }])).toEqual({
    changes: [],
    warnings: [{ code: 'restore-pool-none', params: { pooler: '127.0.0.1:6432', database: 'shop' } }],
  })
})
