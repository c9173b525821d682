/** A stretch of history, reduced to the width of the chart that asks for it. */
import { z } from 'zod'
import { ProbeIdSchema, StatusSchema } from './observation.ts'

export const RangeQuery = z.object({
  deployment: z.string(),
  /** A metric with labels is asked for by its bare name, and answered with a series for each of its labels. */
  metrics: z.array(z.string()).min(1).max(128),
  /** Milliseconds since the epoch; `from` < `to`. */
  from: z.number(),
  to: z.number(),
  /** How many points the chart can show; the answer has at most this many per series. */
  points: z.number().int().min(2).max(2000).default(300),
})
export type RangeQuery = z.infer<typeof RangeQuery>

/** Columns of equal length. `null`: observed, but not known. Stretches not observed have no points. */
export const RangeSeries = z.object({
  metric: z.string(),
  target: z.string(),
  /** Of a metric with labels: which one this is, as `{ queue: 'celery' }`. */
  labels: z.record(z.string(), z.string()).optional(),
  /** Start of each step, milliseconds since the epoch, ascending. */
  at: z.array(z.number()),
  min: z.array(z.number().nullable()),
  mean: z.array(z.number().nullable()),
  max: z.array(z.number().nullable()),
})
export type RangeSeries = z.infer<typeof RangeSeries>

/** A stretch of one status of one probe and target. */
export const StatusSpan = z.object({
  probe: ProbeIdSchema,
  target: z.string(),
  status: StatusSchema,
  from: z.number(),
  to: z.number(),
})
export type StatusSpan = z.infer<typeof StatusSpan>

export const RangeResult = z.object({
  from: z.number(),
  to: z.number(),
  /** Width of a point in milliseconds. */
  stepMs: z.number(),
  /** Which kind of rows the points were made from. */
  source: z.enum(['raw', 'minute', 'hour']),
  series: z.array(RangeSeries),
  /** Stretches in which nobody looked, per probe and target: what charts hatch. */
  unobserved: z.array(StatusSpan.omit({ status: true })),
})
export type RangeResult = z.infer<typeof RangeResult>
