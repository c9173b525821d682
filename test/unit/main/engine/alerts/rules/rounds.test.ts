import { describe, expect, it } from 'vitest'
import { compileRules } from '../../../../../../src/main/engine/alerts/rules/compile.ts'
import { createRounds, tellsOfThings } from '../../../../../../src/main/engine/alerts/rules/rounds.ts'
import type { Tracked } from '../../../../../../src/main/engine/alerts/rules/trackings.ts'
import { labelled } from '../../../../../../src/shared/catalogue/labelled.ts'
import { type AlertRule, builtInRule } from '../../../../../../src/shared/model/alert-rule.ts'
import type { Observation } from '../../../../../../src/shared/model/observation.ts'

const SHOP = { name: 'shop', tags: [], limits: {} }
/** Five minutes of looks, and some more. */
const LONG = 80

/** Looks at one target, one every five seconds; told is what was decided but that it stays. */
function watch(rule: AlertRule, seen: Pick<Observation, 'probe' | 'target'>) {
  const rounds = createRounds(compileRules([rule], SHOP))
  const tracked = new Map<string, Tracked>()
  let at = 0
  return (status: Observation['status'], values: Observation['values'], times = 1): string[] =>
    Array.from({ length: times }).flatMap(() => {
      at += 5_000
      const look: Observation = {
        ...{ deployment: 'shop', ...seen, at, status, values },
        ...{ reason: { code: 'probe-failed', params: {} }, cost: { ms: 1, rows: 0, bytes: 0 } },
      }
      const kinds = rounds.look(look, tracked).map(({ decision }) => decision.kind)
      return kinds.filter((kind) => kind !== 'stays')
    })
}

describe('a thing with labels that is not among those seen', () => {
  const QUEUES: AlertRule = {
    ...builtInRule('redis-load-high'),
    ...{ id: 'own-1', isBuiltIn: false, title: 'Queues', unit: 'count' },
    condition: { kind: 'metrics', metrics: ['queue_length'] },
    levels: [{ severity: 'WARNING', threshold: 100, clear: 50 }],
  }
  const mail = labelled('queue_length', { queue: 'mail' })
  const celery = labelled('queue_length', { queue: 'celery' })

  it('is gone after five minutes of looks that tell of others', () => {
    const look = watch(QUEUES, { probe: 'redis', target: 'cache' })
    expect(look('HEALTHY', { redis_connected: 1, [mail]: 900 }, 2)).toEqual(['pending', 'fires'])
    expect(look('HEALTHY', { redis_connected: 1, [celery]: 1 }, LONG)).toEqual(['clears'])
  })

  it('is there still for as long as nobody can know of it', () => {
    const look = watch(QUEUES, { probe: 'redis', target: 'cache' })
    expect(look('HEALTHY', { redis_connected: 1, [mail]: 900 }, 2)).toEqual(['pending', 'fires'])
    expect(look('DISCONNECTED', { redis_connected: 0, redis_latency_ms: null }, LONG)).toEqual([])
    expect(look('HEALTHY', { redis_connected: 1, [mail]: 10 }, 3)).toEqual(['clears'])
  })

  it('is there still while the traffic is not told', () => {
    const look = watch(builtInRule('http-requests-slow'), { probe: 'traffic', target: 'api' })
    const slow = { [labelled('http_path_duration_ms', { path: '/pay' })]: 9_000 }
    expect(look('WARNING', { http_requests_per_second: 3, ...slow }, 2)).toEqual(['pending', 'fires'])
    expect(look('UNKNOWN', { http_requests_per_second: null }, LONG)).toEqual([])
    // Nobody asks for anything any more.
    expect(look('HEALTHY', { http_requests_per_second: 0 }, LONG)).toEqual(['clears'])
  })

  it.each<[string, Observation['status'], Observation['values'], boolean]>([
    ['with another of them', 'WARNING', { [celery]: 1 }, true],
    ['with another of them, whatever else is not known', 'UNKNOWN', { [celery]: 1 }, true],
    ['that is well and has none', 'HEALTHY', {}, true],
    ['of a pool that is full', 'CRITICAL', { db_up: 1, db_pool_utilization: 99 }, true],
    ['of a PostgreSQL that is down', 'CRITICAL', { db_up: 0, db_pool_utilization: null }, false],
    ['of one that lets nobody in', 'CRITICAL', { db_up: 1, db_pool_utilization: null }, false],
    ['of a Redis that loads', 'DISCONNECTED', { redis_connected: 0, redis_uptime_seconds: 3 }, false],
    ['of a service that is down', 'DOWN', { health_live: 0 }, false],
    ['that knows nothing', 'UNKNOWN', { [celery]: null }, false],
  ])('a look %s tells of things, or not', (_, status, values, expected) => {
    expect(tellsOfThings({ status, values })).toBe(expected)
  })
})
