import { describe, expect, it } from 'vitest'
import type { Observation } from '#shared/model/observation.ts'
import { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import type { RangeResult } from '#shared/model/range.ts'
import { chartsOf, limitLines } from '../../../../src/renderer/features/deployment/live/charts-of.ts'

const NOW = 1_800_000_000_000
const profile = DeploymentProfile.parse({
  name: 'shop',
  environment: 'staging',
  services: [
    { name: 'api', url: 'http://127.0.0.1:1' },
    { name: 'worker', url: 'http://127.0.0.1:2', metrics: null },
  ],
  redis: [{ name: 'cache', url: 'redis://127.0.0.1:6379' }],
  limits: { redis_latency_ms: { warning: 50, critical: 200 } },
})

const look = (at: number, values: Observation['values']): Observation => ({
  deployment: 'shop',
  probe: 'redis',
  target: 'cache',
  at,
  status: 'HEALTHY',
  reason: { code: 'not-yet-observed', params: {} },
  values,
  cost: { ms: 1, rows: 0, bytes: 0 },
})

function history(
  at: number[],
  values: (number | null)[],
  unobserved: RangeResult['unobserved'] = [],
): RangeResult {
  return {
    from: NOW - 60_000,
    to: NOW,
    stepMs: 1_000,
    source: 'raw',
    series: [{ metric: 'redis_latency_ms', target: 'cache', at, min: values, mean: values, max: values }],
    unobserved,
  }
}

function latencyOf(sources: {
  history: RangeResult | null
  observations?: Observation[]
  following?: boolean
}) {
  const groups = chartsOf(
    {
      profile,
      observations: sources.observations ?? [],
      history: sources.history,
      window: { from: NOW - 60_000, to: NOW },
      following: sources.following ?? true,
    },
    (metric) => metric,
  )
  const chart = groups
    .find(({ definition }) => definition.id === 'redis')
    ?.charts.find(({ definition }) => definition.id === 'redis-latency')
  if (chart === undefined) throw new Error('There is no chart of the Redis latency.')
  return chart.content
}

const every5s = Array.from({ length: 12 }, (_, index) => NOW - 60_000 + index * 5_000)

describe('chartsOf', () => {
  it('draws charts for what the profile declares, each target by itself, and none for what it does not', () => {
    const groups = chartsOf(
      { profile, observations: [], history: null, window: { from: 0, to: 1 }, following: true },
      (metric) => metric,
    )
    expect(groups.map(({ definition, target }) => `${definition.id} ${target}`)).toEqual([
      'redis cache',
      'service api',
      'service worker',
    ])
    const worker = groups.find(({ target }) => target === 'worker')
    expect(worker?.charts.some(({ definition }) => definition.probe === 'traffic')).toBe(false)
  })

  it('hatches nothing while history has not answered: that is not known yet, and not unobserved', () => {
    expect(latencyOf({ history: null }).stretches).toEqual([])
  })

  it('hatches where no look was made, and what history says nobody looked at', () => {
    const unobserved = { probe: 'redis', target: 'cache', from: NOW - 30_000, to: NOW - 22_000 } as const
    const seen = every5s.filter((at) => at > NOW - 40_000)
    const other = { probe: 'pool', target: 'postgres', from: NOW - 20_000, to: NOW } as const
    const { stretches } = latencyOf({
      history: history(
        seen,
        seen.map(() => 1),
        [unobserved, other],
      ),
    })
    expect(stretches).toEqual([
      { from: NOW - 60_000, to: NOW - 35_000 },
      { from: NOW - 30_000, to: NOW - 22_000 },
    ])
  })

  it('adds the newest observation while it follows, and leaves it out of a fixed stretch', () => {
    const observations = [look(NOW - 200, { redis_latency_ms: 7 })]
    const kept = history(
      every5s,
      every5s.map(() => 1),
    )
    expect(latencyOf({ history: kept, observations }).series[0]?.mean.at(-1)).toBe(7)
    const fixed = latencyOf({ history: kept, observations, following: false })
    expect(fixed.series[0]?.mean.at(-1)).toBe(1)
    expect(fixed.series[0]?.latest).toBe(7)
  })

  it('says of a value that could not be known that it is not known', () => {
    const observations = [look(NOW - 200, { redis_latency_ms: null })]
    const content = latencyOf({
      history: history(
        every5s,
        every5s.map(() => 1),
      ),
      observations,
    })
    expect(content.series[0]?.latest).toBeNull()
    expect(content.series[0]?.mean.at(-1)).toBeNull()
  })
})

describe('limitLines', () => {
  it("takes the profile's limits before the catalogue's", () => {
    expect(limitLines('redis_latency_ms', profile)).toEqual([
      { value: 50, severity: 'warning', direction: 'above' },
      { value: 200, severity: 'critical', direction: 'above' },
    ])
    expect(limitLines('redis_hit_rate', profile)).toEqual([
      { value: 80, severity: 'warning', direction: 'below' },
    ])
    expect(limitLines('redis_connected_clients', profile)).toEqual([])
  })
})
