import { describe, expect, it } from 'vitest'
import { withOutlooks } from '../../../../src/renderer/features/deployment/forecasts/outlooks.ts'
import type { ForecastOut } from '../../../../src/renderer/features/deployment/forecasts/use-forecasts.ts'
import { chartsOf } from '../../../../src/renderer/features/deployment/live/charts-of.ts'
import { DeploymentProfile } from '../../../../src/shared/model/profile/deployment.ts'

const NOW = Date.UTC(2026, 0, 1, 12)
const WINDOW = { from: NOW - 100_000, to: NOW }
const profile = DeploymentProfile.parse({
  name: 'shop',
  environment: 'staging',
  redis: [
    { name: 'cache', url: 'redis://cache' },
    { name: 'queue', url: 'redis://queue' },
  ],
})
const groups = chartsOf(
  { profile, observations: [], history: null, window: WINDOW, following: true },
  (key) => key,
)

const iso = (ms: number) => new Date(NOW + ms).toISOString()
const forecast: ForecastOut = {
  metric: 'redis_memory_usage',
  target: 'queue',
  limit: 100,
  now: 60,
  ratePerHour: { low: 50, likely: 60, high: 70 },
  at: { earliest: iso(30_000), likely: iso(40_000), latest: iso(50_000) },
  from: { at: iso(0), value: 60 },
  observedMs: 20_000,
  why: null,
  text: 'full soon',
}

describe('an outlook', () => {
  it('is in the chart of its metric and target alone, and all charts make the same room for it', () => {
    const drawn = withOutlooks(groups, [forecast], true)
    const contents = drawn.flatMap(({ target, charts }) =>
      charts.map(({ definition, content }) => ({
        target,
        metrics: definition.lines.map(({ metric }) => metric as string),
        content,
      })),
    )
    for (const { target, metrics, content } of contents) {
      expect(content.window).toEqual({ from: NOW - 100_000, to: NOW + 20_000 })
      const wanted = target === 'queue' && metrics.includes('redis_memory_usage')
      expect(content.outlook ?? null).toEqual(
        wanted
          ? {
              at: NOW,
              value: 60,
              observedMs: 20_000,
              limit: 100,
              earliest: NOW + 30_000,
              likely: NOW + 40_000,
              latest: NOW + 50_000,
            }
          : null,
      )
    }
    expect(contents.filter(({ content }) => content.outlook != null)).toHaveLength(1)
  })

  it('takes no room of the past, nor where nothing is foretold', () => {
    expect(withOutlooks(groups, [forecast], false)).toBe(groups)
    expect(withOutlooks(groups, [{ ...forecast, at: null, from: null, why: 'a-trend' }], true)).toBe(groups)
    expect(withOutlooks(groups, [{ ...forecast, target: 'elsewhere' }], true)).toBe(groups)
  })
})
