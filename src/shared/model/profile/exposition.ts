/** A Prometheus exposition beside those of the services: an exporter, a broker, another application. */
import { z } from 'zod'
import { bounds } from './custom.ts'
import { Name } from './fields.ts'
import { refuseTwoAuthorizations, scrape } from './scrape.ts'

/** Series of one exposition, over all that is kept of it. */
export const MOST_EXPOSED_SERIES = 300

const MetricName = z.string().regex(/^[A-Za-z_:][A-Za-z0-9_:]*$/, 'bad-metric-name')
const LabelName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'bad-label-name')

/** One metric that is kept of an exposition. */
export const KeptMetric = z.strictObject({
  /** As it stands in the exposition; `_count` and `_sum` of a histogram have a name of their own. */
  metric: MetricName,
  /** Labels that tell series apart; series that are alike in them are made one. */
  by: z.array(LabelName).max(5).default([]),
  /** Only series whose labels have these values. */
  where: z.record(LabelName, z.string().max(200)).default({}),
  /** How series are made one. */
  fold: z.enum(['sum', 'max', 'min']).default('sum'),
  /** Left out: a counter is told as a rate, anything else as it stands. */
  as: z.enum(['rate', 'value']).optional(),
  /** The largest so many series are kept. */
  most: z.number().int().min(1).max(50).default(10),
  ...bounds,
})
export type KeptMetric = z.infer<typeof KeptMetric>

export const Exposition = z
  .strictObject({
    name: Name,
    ...scrape,
    keep: z.array(KeptMetric).min(1).max(30),
  })
  .superRefine((exposition, context) => {
    refuseTwoAuthorizations(exposition, context)
    const seen = new Set<string>()
    exposition.keep.forEach(({ metric }, index) => {
      if (seen.has(metric)) {
        const params = { name: metric, list: 'keep' }
        context.addIssue({ code: 'custom', path: ['keep', index, 'metric'], message: 'same-name', params })
      }
      seen.add(metric)
    })
    const series = exposition.keep.reduce((sum, { by, most }) => sum + (by.length === 0 ? 1 : most), 0)
    if (series > MOST_EXPOSED_SERIES) {
      const params = { series, limit: MOST_EXPOSED_SERIES }
      context.addIssue({ code: 'custom', path: ['keep'], message: 'too-many-series', params })
    }
  })
export type Exposition = z.infer<typeof Exposition>
