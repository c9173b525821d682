/** What of a deployment will be full, and when: concluded from its history on demand, at most once a minute. */
import {
  FORECAST_LIMITS,
  FORECAST_METRICS,
  type Forecast,
  type ForecastMetric,
} from '#shared/model/forecast.ts'
import type { Observation } from '#shared/model/observation.ts'
import type { RangeQuery, RangeResult, RangeSeries } from '#shared/model/range.ts'
import type { Clock } from '../clock.ts'
import { type Answer, project, type SeenWindow } from './project.ts'

export interface Forecasts {
  /** Of each metric and target that can be full; those that are foretold first, the soonest at the front. */
  of(deployment: string): Promise<Forecast[]>
}

/** What is known of the present and the last minutes. */
interface Watched {
  latest(deployment: string): readonly Observation[]
  ring(deployment: string, probe: Observation['probe'], target: string): readonly Observation[]
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** What is looked back at, the shortest first. */
const WINDOWS_MS = [20 * MINUTE_MS, 2 * HOUR_MS, 12 * HOUR_MS, 3 * DAY_MS, 21 * DAY_MS]
/** Points of each: enough to tell a trend, few enough that all pairs of them cost little. */
const POINTS = 72
const FRESH_MS = MINUTE_MS

/** Beyond, people plan by other means than by this. A pool that is full in a week is none of tonight's business. */
const HORIZON_MS: Record<ForecastMetric, number> = {
  db_pool_utilization: DAY_MS,
  redis_memory_usage: 7 * DAY_MS,
  system_disk_percent: 30 * DAY_MS,
  db_xid_age_percent: 365 * DAY_MS,
  db_size_bytes: Number.POSITIVE_INFINITY,
  tls_days_left: Number.POSITIVE_INFINITY,
}
const TRENDS = FORECAST_METRICS.filter((metric) => metric !== 'tls_days_left')

export function createForecasts({
  live,
  range,
  clock,
}: {
  readonly live: Watched
  readonly range: (query: RangeQuery) => Promise<RangeResult>
  readonly clock: Clock
}): Forecasts {
  const known = new Map<string, { readonly at: number; readonly forecasts: Promise<Forecast[]> }>()

  async function conclude(deployment: string): Promise<Forecast[]> {
    const now = clock.now()
    const ranges: RangeResult[] = []
    for (const lengthMs of WINDOWS_MS) {
      // One after the other: charts wait behind these, and they wait behind charts.
      ranges.push(
        await range({ deployment, metrics: [...TRENDS], from: now - lengthMs, to: now, points: POINTS }),
      )
    }
    const forecasts = live.latest(deployment).flatMap((observation) =>
      FORECAST_METRICS.flatMap((metric) => {
        const value = observation.values[metric]
        if (value === undefined) return []
        return metric === 'tls_days_left'
          ? certificate(observation, value)
          : trendOfMetric(observation, metric, value, ranges, now)
      }),
    )
    return forecasts.sort((a, b) => (a.at?.likely ?? Number.MAX_VALUE) - (b.at?.likely ?? Number.MAX_VALUE))
  }

  function trendOfMetric(
    observation: Observation,
    metric: ForecastMetric,
    value: number | null,
    ranges: readonly RangeResult[],
    now: number,
  ): Forecast {
    const { target } = observation
    const limit = FORECAST_LIMITS[metric]
    const base = { metric, target, limit, now: value, ratePerHour: null, at: null, from: null }
    if (value === null) return { ...base, observedMs: null, why: 'observed-now' }
    const windows = ranges.map((each, index) => windowOf(each, metric, target, WINDOWS_MS[index] ?? 0))
    const answer = project({
      windows,
      limit: limit ?? Number.POSITIVE_INFINITY,
      now,
      horizonMs: HORIZON_MS[metric],
    })
    if (metric === 'redis_memory_usage' && evicts(observation)) {
      return { ...base, ...rateOf(answer), observedMs: null, why: 'where-it-evicts' }
    }
    if ('foretold' in answer) {
      const { at, level, observedMs } = answer.foretold
      return { ...base, ...rateOf(answer), at, from: { at: now, value: level }, observedMs, why: null }
    }
    const withoutLimit = limit === null && answer.why === 'within-sight'
    const why = withoutLimit ? 'without-a-limit' : answer.why
    return { ...base, ...rateOf(answer), observedMs: answer.observedMs, why }
  }

  function evicts({ deployment, probe, target, evidence }: Observation): boolean {
    const seen = [
      evidence,
      ...live
        .ring(deployment, probe, target)
        .map((one) => one.evidence)
        .toReversed(),
    ]
    const info = seen.find((one) => one?.redisInfo !== undefined)?.redisInfo ?? {}
    const policy = Object.values(info).find((section) => 'maxmemory_policy' in section)?.maxmemory_policy
    return policy !== undefined && policy !== 'noeviction'
  }

  return {
    of(deployment) {
      const now = clock.now()
      for (const [name, { at }] of known) if (now - at >= FRESH_MS) known.delete(name)
      const fresh = known.get(deployment)
      if (fresh !== undefined && fresh.at <= now) return fresh.forecasts
      const forecasts = conclude(deployment)
      known.set(deployment, { at: now, forecasts })
      // What could not be read now may be read the next time.
      forecasts.catch(() => known.delete(deployment))
      return forecasts
    },
  }
}

/** A date, and no trend. */
function certificate({ target, at }: Observation, days: number | null): Forecast {
  const base = { metric: 'tls_days_left', target, limit: 0, now: days, from: null, observedMs: null } as const
  if (days === null) return { ...base, ratePerHour: null, at: null, why: 'observed-now' }
  if (days <= 0) return { ...base, ratePerHour: null, at: null, why: 'before-it-is-full' }
  const ends = at + days * DAY_MS
  const rate = -1 / 24
  return {
    ...base,
    ratePerHour: { low: rate, likely: rate, high: rate },
    at: { earliest: ends, likely: ends, latest: ends },
    why: null,
  }
}

function windowOf(
  { series, stepMs, to }: RangeResult,
  metric: string,
  target: string,
  lengthMs: number,
): SeenWindow {
  const found = series.find((one) => one.metric === metric && one.target === target)
  return { lengthMs, stepMs, points: found === undefined ? [] : pointsOf(found, stepMs, to) }
}

/** Means at the middle of their steps, of which the last is not over yet. */
function pointsOf({ at, mean }: RangeSeries, stepMs: number, to: number) {
  return at.flatMap((start, index) => {
    const value = mean[index]
    return value === null || value === undefined ? [] : [{ at: Math.min(start + stepMs / 2, to), value }]
  })
}

function rateOf(answer: Answer): Pick<Forecast, 'ratePerHour'> {
  const slope = 'foretold' in answer ? answer.foretold.slope : answer.slope
  if (slope === null) return { ratePerHour: null }
  const { low, likely, high } = slope
  return { ratePerHour: { low: low * HOUR_MS, likely: likely * HOUR_MS, high: high * HOUR_MS } }
}
