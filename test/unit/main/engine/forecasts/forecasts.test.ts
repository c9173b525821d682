/** Forecasts over the history that is really kept: its worker, its file, its ranges. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createForecasts, type Forecasts } from '../../../../../src/main/engine/forecasts/forecasts.ts'
import { silentLog } from '../../../../../src/main/engine/log.ts'
import { createHistory } from '../../../../../src/main/engine/metrics/create-history.ts'
import { DEFAULT_RETENTION, type History } from '../../../../../src/main/engine/metrics/history.ts'
import { forecasts as texts } from '../../../../../src/shared/locales/en/forecasts.ts'
import { LANGUAGES } from '../../../../../src/shared/locales/languages.ts'
import { createTranslator, forecastText } from '../../../../../src/shared/locales/translate.ts'
import { Forecast, NOT_FORETOLD } from '../../../../../src/shared/model/forecast.ts'
import type { Evidence, Observation } from '../../../../../src/shared/model/observation.ts'
import { createDrivenClock } from '../../../../support/driven-clock.ts'
import { HOUR_MS, MINUTE_MS, normal, seeded } from './series.ts'

const clock = createDrivenClock(Date.UTC(2026, 0, 15, 12))
const directory = mkdtempSync(join(tmpdir(), 'vakhta-forecasts-'))
let history: History
let forecasts: Forecasts
let reads = 0
const latest: Observation[] = []

function look(
  probe: Observation['probe'],
  target: string,
  at: number,
  values: Observation['values'],
  evidence?: Evidence,
): Observation {
  return {
    deployment: 'shop',
    probe,
    target,
    at,
    status: 'HEALTHY',
    reason: { code: 'pool-healthy', params: {} },
    values,
    ...(evidence === undefined ? {} : { evidence }),
    cost: { ms: 1, rows: 0, bytes: 10 },
  }
}

beforeAll(async () => {
  history = await createHistory({
    dataDirectory: directory,
    worker: new URL('../../../../../src/main/engine/metrics/worker.ts', import.meta.url),
    clock,
    retention: DEFAULT_RETENTION,
    log: silentLog,
  })
  forecasts = createForecasts({
    live: { latest: () => latest, ring: () => [] },
    range(query) {
      reads += 1
      return history.range(query)
    },
    clock,
  })
  const now = clock.now()
  const random = seeded(3)
  const policy = (maxmemory_policy: string): Evidence => ({ redisInfo: { memory: { maxmemory_policy } } })
  for (let at = now - 3 * HOUR_MS; at <= now; at += 10_000) {
    const ago = (now - at) / MINUTE_MS
    const seen = [
      // 1 % a minute for the last half hour, 60 % now: full in 40 minutes.
      look('pool', 'main', at, {
        db_pool_utilization: 60 - Math.min(30, ago) + normal(random),
        db_size_bytes: 1e9 - ago * 1e6,
        db_xid_age_percent: 12,
      }),
      look('redis', 'cache', at, { redis_memory_usage: 90 - ago / 10 }, policy('allkeys-lru')),
      look('redis', 'queue', at, { redis_memory_usage: 90 - ago / 10 }, policy('noeviction')),
      look('host', 'web', at, { system_disk_percent: 40 + normal(random) }),
      look('health', 'api', at, { tls_days_left: 12.5 }),
    ]
    for (const one of seen) history.append(one)
    latest.splice(0, latest.length, ...seen)
  }
  latest.push(look('host', 'new', now, { system_disk_percent: null }))
  await history.flush()
}, 60_000)

afterAll(async () => {
  await history.close()
  rmSync(directory, { recursive: true, force: true })
})

describe('forecasts of a deployment', () => {
  it('say when, with the range of doubt, or why not', async () => {
    const found = await forecasts.of('shop')
    expect(found.map((one) => Forecast.parse(one))).toEqual(found)
    const of = (metric: string, target: string) => {
      const forecast = found.find((one) => one.metric === metric && one.target === target)
      if (forecast === undefined) throw new Error(`no ${metric} of ${target}`)
      return forecast
    }
    const pool = of('db_pool_utilization', 'main')
    const minutes = ((pool.at?.likely ?? 0) - clock.now()) / MINUTE_MS
    expect(minutes).toBeGreaterThan(36)
    expect(minutes).toBeLessThan(44)
    expect(pool.ratePerHour?.likely).toBeGreaterThan(54)
    expect(pool.ratePerHour?.likely).toBeLessThan(66)
    expect(pool.from?.value).toBeGreaterThan(57)
    expect(pool.from?.value).toBeLessThan(63)
    expect(of('redis_memory_usage', 'cache').why).toBe('where-it-evicts')
    const queue = ((of('redis_memory_usage', 'queue').at?.likely ?? 0) - clock.now()) / MINUTE_MS
    expect(queue).toBeGreaterThan(95)
    expect(queue).toBeLessThan(105)
    expect(of('system_disk_percent', 'web').why).toBe('a-trend')
    expect(of('system_disk_percent', 'new').why).toBe('observed-now')
    expect(of('db_xid_age_percent', 'main').why).toBe('rising')
    const size = of('db_size_bytes', 'main')
    expect(size.why).toBe('without-a-limit')
    expect(size.ratePerHour?.likely).toBeGreaterThan(5.9e7)
    const certificate = of('tls_days_left', 'api')
    expect(certificate.at?.likely).toBe(clock.now() + 12.5 * 24 * HOUR_MS)
    expect(found[0]).toBe(pool)
  })

  it('are concluded at most once a minute, whoever asks', async () => {
    await clock.advance(2 * MINUTE_MS)
    reads = 0
    await Promise.all([forecasts.of('shop'), forecasts.of('shop')])
    await forecasts.of('shop')
    expect(reads).toBe(5)
    await clock.advance(MINUTE_MS)
    await forecasts.of('shop')
    expect(reads).toBe(10)
  })

  it('are asked for again where the history could not be read', async () => {
    let fails = true
    const failing = createForecasts({
      live: { latest: () => latest, ring: () => [] },
      range: (query) => (fails ? Promise.reject(new Error('no disk')) : history.range(query)),
      clock,
    })
    await expect(failing.of('shop')).rejects.toThrow('no disk')
    fails = false
    expect((await failing.of('shop')).length).toBeGreaterThan(0)
  })

  it('are said in words, in every language', async () => {
    for (const language of LANGUAGES) {
      const translator = createTranslator(language)
      for (const forecast of await forecasts.of('shop')) {
        expect(forecastText(translator, forecast, clock.now())).not.toMatch(/\{\{|^not-/)
      }
    }
    for (const why of NOT_FORETOLD) expect(Object.keys(texts)).toContain(`not-${why}`)
    const english = createTranslator('en')
    const at = clock.now()
    const forecast = { earliest: at + 25 * MINUTE_MS, likely: at + 40 * MINUTE_MS, latest: at + HOUR_MS }
    const pool = { metric: 'db_pool_utilization', target: 'main', limit: 100, now: 60 } as const
    const rest = { ratePerHour: null, from: null, observedMs: 1, why: null }
    expect(forecastText(english, { ...pool, ...rest, at: forecast }, at)).toBe(
      'full in about 40 min (25 min – 60 min) at this rate',
    )
    const narrow = { ...forecast, earliest: forecast.likely, latest: forecast.likely }
    expect(forecastText(english, { ...pool, ...rest, at: narrow }, at)).toBe(
      'full in about 40 min at this rate',
    )
  })
})
