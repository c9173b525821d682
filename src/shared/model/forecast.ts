/** When something is full if it goes on as it has: with the range of doubt, or with the reason why nothing is foretold. */
import { z } from 'zod'
import type { MetricName } from '#shared/catalogue/metrics.ts'

/** What is foretold, and at which value it is full. `null`: it has no limit of its own, and only its rate is told. */
export const FORECAST_LIMITS = {
  db_pool_utilization: 100,
  system_disk_percent: 100,
  redis_memory_usage: 100,
  db_xid_age_percent: 100,
  db_size_bytes: null,
  /** It falls. */
  tls_days_left: 0,
} as const satisfies Partial<Record<MetricName, number | null>>
export type ForecastMetric = keyof typeof FORECAST_LIMITS
export const FORECAST_METRICS = Object.keys(FORECAST_LIMITS) as [ForecastMetric]

/** Why nothing is foretold. A key of `locales/<language>/forecasts.ts`, after `not-`. */
export const NOT_FORETOLD = [
  /** Too short a time was observed, or too little of it. */
  'observed-enough',
  /** The newest value is not of now. */
  'observed-now',
  /** It falls, or stays as it is. */
  'rising',
  /** It moves, but in no direction that chance would not explain. */
  'a-trend',
  /** It rose at once, and not since. */
  'steady',
  /** It rose, and has slowed down. */
  'slowing',
  /** It rises and falls back again, below where it was before. */
  'beyond-its-peaks',
  /** It is full no sooner than one can tell from what was seen. */
  'within-sight',
  /** It is full. */
  'before-it-is-full',
  /** Being full is how this Redis is meant to work: it evicts. */
  'where-it-evicts',
  /** It has no limit of its own. */
  'without-a-limit',
] as const
export type NotForetold = (typeof NOT_FORETOLD)[number]

/** How often the range is to hold what comes: 9 of 10 times. */
export const FORECAST_CONFIDENCE = 0.9

const Range = z.object({ low: z.number(), likely: z.number(), high: z.number() })

export const Forecast = z.object({
  metric: z.enum(FORECAST_METRICS),
  target: z.string(),
  limit: z.number().nullable(),
  /** The newest value; `null` where it is not known. */
  now: z.number().nullable(),
  /** In the metric's unit; where there is a trend. */
  ratePerHour: Range.nullable(),
  /** When the limit is reached, milliseconds since the epoch; 9 of 10 times between the earliest and the latest. */
  at: z.object({ earliest: z.number(), likely: z.number(), latest: z.number() }).nullable(),
  /** Where the trend stands at `now`, for drawing it: its value, and when that is. */
  from: z.object({ at: z.number(), value: z.number() }).nullable(),
  /** What it was concluded from, in milliseconds; `null` for what is a date. */
  observedMs: z.number().nullable(),
  /** `null` where it is foretold. */
  why: z.enum(NOT_FORETOLD).nullable(),
})
export type Forecast = z.infer<typeof Forecast>
