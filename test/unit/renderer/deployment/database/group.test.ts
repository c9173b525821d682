import { describe, expect, it } from 'vitest'
import type { ConnectionGroup, DatabaseConnections } from '#shared/model/database/connections.ts'
import {
  type Application,
  comparePools,
  countBy,
} from '../../../../../src/renderer/features/deployment/database/connections/group.ts'

const group = (given: Partial<ConnectionGroup>): ConnectionGroup => ({
  application: 'shop-api',
  user: 'shop',
  database: 'shop',
  state: 'idle',
  count: 1,
  oldestSeconds: 3,
  ...given,
})
const groups = [
  group({ count: 5 }),
  group({ state: 'active', count: 2 }),
  group({ state: 'idle in transaction', count: 3, oldestSeconds: 40 }),
  group({ state: 'idle in transaction (aborted)', count: 1, oldestSeconds: 90 }),
  group({ application: null, user: 'etl', state: null, count: 20, oldestSeconds: null }),
]

describe('connections counted by a trait', () => {
  it('say how many there are in each state, most connections first', () => {
    expect(countBy(groups, 'application')).toEqual([
      { value: null, count: 20, active: 0, idle: 0, idleInTransaction: 0, oldestIdleInTransaction: null },
      { value: 'shop-api', count: 11, active: 2, idle: 5, idleInTransaction: 4, oldestIdleInTransaction: 90 },
    ])
  })

  it('are counted by state as PostgreSQL names it', () => {
    expect(countBy(groups, 'state').map(({ value, count }) => [value, count])).toEqual([
      [null, 20],
      ['idle', 5],
      ['idle in transaction', 3],
      ['active', 2],
      ['idle in transaction (aborted)', 1],
    ])
  })
})

describe('the pool as the application and PostgreSQL see it', () => {
  const seen = (out: number | null, idle: number | null, given: Partial<DatabaseConnections> = {}) => ({
    at: 0,
    groups,
    total: 31,
    maxConnections: 100,
    reserved: 3,
    hidden: 0,
    grant: null,
    applicationPool: { db_pool_checked_out: out, db_pool_checked_in: idle },
    pooler: null,
    cost: { ms: 1, rows: 1, bytes: 1 },
    ...given,
  })

  it.each<[string, DatabaseConnections, Application, string | null]>([
    ['agrees', seen(6, 5), { role: 'shop' }, 'agrees'],
    ['agrees within what comes and goes between two looks', seen(6, 3), { role: 'shop' }, 'agrees'],
    ['is larger on the server', seen(2, 4), { role: 'shop' }, 'server-has-more'],
    ['is larger in the application', seen(20, 4), { role: 'shop' }, 'application-has-more'],
    ['is told by name, too', seen(6, 5), { name: 'shop-api' }, 'agrees'],
    ['is not compared where the profile does not say whose it is', seen(6, 5), {}, null],
    ['is not compared where the application does not say what idles', seen(6, null), { role: 'shop' }, null],
    ['is not compared where nothing tells', seen(6, 5, { applicationPool: null }), { role: 'shop' }, null],
    ['is not compared where not all groups are listed', seen(6, 5, { total: 40 }), { role: 'shop' }, null],
  ])('%s', (_name, connections, application, verdict) => {
    expect(comparePools(connections, application)?.verdict ?? null).toBe(verdict)
  })
})
