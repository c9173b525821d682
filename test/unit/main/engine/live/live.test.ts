import { describe, expect, it } from 'vitest'
import { createLive } from '../../../../../src/main/engine/live/create-live.ts'
import type { Observation } from '../../../../../src/shared/model/observation.ts'
import type { DeploymentProfile } from '../../../../../src/shared/model/profile/deployment.ts'
import { createDrivenClock } from '../../../../support/driven-clock.ts'

const MINUTE = 60_000
const START = Date.UTC(2026, 0, 1)

function live(limits: DeploymentProfile['limits'] = {}) {
  const clock = createDrivenClock(START)
  return createLive({ clock, limitsOf: () => limits })
}

function pool(fields: Partial<Observation> = {}): Observation {
  return {
    deployment: 'shop',
    probe: 'pool',
    target: 'postgres',
    at: START,
    status: 'HEALTHY',
    reason: { code: 'pool-healthy', params: {} },
    values: { db_pool_utilization: 50, db_pool_waiting: null },
    cost: { ms: 1.5, rows: 1, bytes: 900 },
    ...fields,
  }
}

describe('the live state', () => {
  it('keeps the newest observation with its evidence, and the last 120 without', () => {
    const seen = live()
    for (let n = 0; n < 130; n++) {
      seen.record(
        pool({
          at: START + n * 5_000,
          values: { db_pool_utilization: n },
          evidence: { facts: { n: `${n}` } },
        }),
      )
    }
    expect(seen.latestOf('shop', 'pool')?.evidence).toEqual({ facts: { n: '129' } })
    const ring = seen.ring('shop', 'pool', 'postgres')
    expect(ring).toHaveLength(120)
    expect(ring[0]).toMatchObject({
      at: START + 10 * 5_000,
      values: { db_pool_utilization: 10, db_up: null },
    })
    expect(ring.at(-1)).toMatchObject({ status: 'HEALTHY', cost: { ms: 1.5, rows: 1, bytes: 900 } })
    expect(ring.at(-1)?.evidence).toBeUndefined()
  })

  it('gives what was not observed no values in the ring', () => {
    const seen = live()
    seen.record(pool({ status: 'UNOBSERVED', values: {} }))
    expect(seen.ring('shop', 'pool', 'postgres')[0]?.values).toEqual({})
  })

  it('takes the worst target for a probe, and the worst probe for the deployment', () => {
    const seen = live()
    seen.record(pool())
    for (const [target, status] of [
      ['a', 'HEALTHY'],
      ['b', 'WARNING'],
    ] as const) {
      seen.record(pool({ probe: 'redis', target, status, reason: { code: target, params: {} }, values: {} }))
    }
    expect(seen.statuses('shop')).toMatchObject({ pool: { status: 'HEALTHY' }, redis: { status: 'WARNING' } })
    expect(seen.latestOf('shop', 'redis')?.target).toBe('b')
    expect(seen.summary('shop', START)).toMatchObject({
      status: 'WARNING',
      probe: 'redis',
      reason: { code: 'b' },
    })
  })

  it('knows since when the status is what it is', () => {
    const seen = live()
    seen.record(pool())
    seen.record(pool({ at: START + 5_000, status: 'CRITICAL' }))
    seen.record(pool({ at: START + 10_000, status: 'CRITICAL' }))
    expect(seen.summary('shop', START + 10_000)).toMatchObject({ since: START + 5_000, at: START + 10_000 })
  })

  it('draws the last hour by the worst of each minute; where nobody looked, it says so', () => {
    const seen = live()
    seen.record(pool({ at: START }))
    seen.record(pool({ at: START + 5_000, status: 'CRITICAL' }))
    seen.record(pool({ at: START + 3 * MINUTE }))
    const { heartbeat, heartbeatAt } = seen.summary('shop', START + 3 * MINUTE + 1)
    expect(heartbeat).toHaveLength(60)
    expect(heartbeat.slice(-5)).toEqual(['UNOBSERVED', 'CRITICAL', 'UNOBSERVED', 'UNOBSERVED', 'HEALTHY'])
    expect(heartbeatAt).toBe(START + 3 * MINUTE)
  })

  it('does not flash a minute that has just begun', () => {
    const seen = live()
    seen.record(pool({ at: START + MINUTE - 1_000 }))
    expect(seen.summary('shop', START + MINUTE + 2_000).heartbeat.at(-1)).toBe('HEALTHY')
    expect(seen.summary('shop', START + MINUTE + 40_000).heartbeat.at(-1)).toBe('UNOBSERVED')
  })

  it('forgets what is over an hour old', () => {
    const seen = live()
    seen.record(pool({ status: 'CRITICAL' }))
    seen.record(pool({ at: START + 60 * MINUTE }))
    const { heartbeat, sparklines } = seen.summary('shop', START + 60 * MINUTE)
    expect(heartbeat).not.toContain('CRITICAL')
    expect(sparklines[0]?.points.filter((point) => point !== null)).toEqual([50])
  })

  it('means each minute of the fleet metrics, with the limit of the profile beside the newest value', () => {
    const seen = live({ db_pool_utilization: { critical: 60 } })
    seen.record(pool({ values: { db_pool_utilization: 40 } }))
    seen.record(pool({ at: START + 5_000, values: { db_pool_utilization: null } }))
    seen.record(pool({ at: START + 10_000, values: { db_pool_utilization: 60 } }))
    const [utilization, memory] = seen.summary('shop', START + 10_000).sparklines
    expect(utilization).toMatchObject({ metric: 'db_pool_utilization', value: 60, limit: 60 })
    expect(utilization?.points.at(-1)).toBe(50)
    expect(utilization?.points).toHaveLength(60)
    expect(memory).toMatchObject({ metric: 'redis_memory_usage', value: null, limit: 85 })
  })

  it('fills the last hour from history, with the worst of before and since in the minute of the start', () => {
    const seen = live()
    seen.record(pool({ at: START + 2 * MINUTE }))
    seen.restore('shop', [
      { at: START + MINUTE, status: 'WARNING', means: { db_pool_utilization: 77 } },
      { at: START + 2 * MINUTE, status: 'CRITICAL', means: { db_pool_utilization: 99 } },
      { at: START - 90 * MINUTE, status: 'DOWN', means: {} },
    ])
    const { heartbeat, sparklines } = seen.summary('shop', START + 2 * MINUTE)
    expect(heartbeat.slice(-3)).toEqual(['UNOBSERVED', 'WARNING', 'CRITICAL'])
    expect(heartbeat).not.toContain('DOWN')
    expect(sparklines[0]?.points.slice(-2)).toEqual([77, 50])
  })

  it('drops targets that an edited profile no longer has, and forgets a removed deployment', () => {
    const seen = live()
    seen.record(pool())
    const old = pool({
      probe: 'redis',
      target: 'old',
      status: 'DISCONNECTED',
      values: {},
      at: START - 60_000,
    })
    seen.record(old)
    seen.keep('shop', { pool: ['postgres'], redis: ['new'] })
    // It is well since what was not was taken out, and not since that failed.
    expect(seen.summary('shop', START)).toMatchObject({ status: 'HEALTHY', since: START })
    seen.forget('shop')
    expect(seen.summary('shop', START)).toMatchObject({
      status: 'UNOBSERVED',
      probe: null,
      reason: { code: 'not-yet-observed' },
      since: null,
      at: null,
    })
    expect(seen.latest('shop')).toEqual([])
  })

  it('stays lean with 500 deployments', () => {
    const seen = live()
    const before = process.memoryUsage()
    for (let look = 0; look < 130; look++) {
      for (let n = 0; n < 500; n++) {
        for (const probe of ['health', 'pool', 'redis', 'host', 'traffic'] as const) {
          seen.record(pool({ deployment: `d${n}`, probe, at: START + look * 5_000 }))
        }
      }
    }
    const after = process.memoryUsage()
    const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers
    expect(grown).toBeLessThan(250 * 2 ** 20)
    expect(seen.summary('d499', START + 129 * 5_000).status).toBe('HEALTHY')
  })
})
