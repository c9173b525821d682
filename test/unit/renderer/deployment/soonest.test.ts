import { describe, expect, it } from 'vitest'
import { soonestOf } from '../../../../src/renderer/features/deployment/forecasts/soonest.ts'
import type { ForecastOut } from '../../../../src/renderer/features/deployment/forecasts/use-forecasts.ts'

const AT = {
  earliest: '2026-11-29T00:00:00Z',
  likely: '2026-11-29T00:00:00Z',
  latest: '2026-11-29T00:00:00Z',
}
const forecast = (given: Partial<ForecastOut>): ForecastOut => ({
  metric: 'system_disk_percent',
  target: 'server',
  limit: 100,
  now: 50,
  ratePerHour: null,
  at: null,
  from: null,
  observedMs: null,
  why: 'rising',
  text: '',
  ...given,
})

describe('the forecast to hear of first', () => {
  const disk = forecast({ at: AT, why: null })
  const pool = forecast({ metric: 'db_pool_utilization', why: 'before-it-is-full', now: 100 })
  const certificate = (now: number) => forecast({ metric: 'tls_days_left', at: AT, why: null, now })

  it('is what is full already, and then what is full the soonest', () => {
    expect(soonestOf([disk, pool])).toBe(pool)
    expect(soonestOf([forecast({}), disk])).toBe(disk)
  })

  it('is no certificate that has months, and none at all where nothing runs out', () => {
    expect(soonestOf([certificate(80), disk])).toBe(disk)
    expect(soonestOf([certificate(8), disk])?.metric).toBe('tls_days_left')
    expect(soonestOf([forecast({})])).toBeUndefined()
  })
})
