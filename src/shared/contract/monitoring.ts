/** The read endpoints under `/api/v1/monitoring`, for scripts: names as in the catalogue. */
import { z } from 'zod'
import { SEVERITIES } from '#shared/catalogue/severities.ts'
import { CONNECTION_STATUSES } from '#shared/catalogue/statuses.ts'
import { MetricValues, SlowCommand, SlowStatement, StatusSchema } from '#shared/model/observation.ts'
import { Environment } from '#shared/model/profile/deployment.ts'
import { Name } from '#shared/model/profile/fields.ts'
import { DeploymentSummary, ProbeStatusesOut, SpokenReason } from './deployments.ts'
import { listOf, Moment, reads } from './procedure.ts'

/** Required as soon as there is more than one deployment. */
const OfDeployment = z.object({ deployment: Name.optional() })
/** Left out: all deployments. */
const OfAny = z.object({ deployment: Name.optional() })

const StatusOut = z.object({
  deployment: z.string(),
  target: z.string().nullable(),
  status: StatusSchema,
  reason: SpokenReason,
  at: Moment.nullable(),
})
/** What could be brought back, and how fast. */
const Recovery = z.object({
  /** The moment that the newest good backup is of. */
  point: Moment.nullable(),
  /** It is older than may be lost. */
  isStale: z.boolean(),
  /** How long the newest that was proven took until it could be used; `null`: none was. */
  ms: z.number().nullable(),
})

const MetricsOut = z.object({
  deployment: z.string(),
  target: z.string().nullable(),
  at: Moment.nullable(),
  metrics: MetricValues,
})

const monitoring = (name: string, summary: string) =>
  reads().route({ method: 'GET', path: `/monitoring/${name}`, tags: ['monitoring'], summary })

/** How a metric did over a window: `null` where nothing was known. */
const Summary = z.object({
  min: z.number().nullable(),
  mean: z.number().nullable(),
  max: z.number().nullable(),
  last: z.number().nullable(),
})

export const pool = {
  status: monitoring('pool/status', 'Status of the connection pool, and why')
    .input(OfDeployment)
    .output(StatusOut),
  metrics: monitoring('pool/metrics', 'The latest metrics of the connection pool')
    .input(OfDeployment)
    .output(MetricsOut),
  statistics: monitoring(
    'pool/statistics',
    'Smallest, mean, largest and last value of each pool metric over a window',
  )
    .input(OfDeployment.extend({ minutes: z.coerce.number().int().min(1).max(10_080).default(60) }))
    .output(
      z.object({ deployment: z.string(), from: Moment, to: Moment, metrics: z.record(z.string(), Summary) }),
    ),
  slowQueries: monitoring('pool/slow-queries', 'Statements that run over 1000 ms, literals masked')
    .input(OfDeployment)
    .output(listOf(SlowStatement).extend({ deployment: z.string(), at: Moment.nullable() })),
}

const OfRedis = OfDeployment.extend({
  target: Name.optional().describe('Which Redis, where the deployment has several'),
})

export const redis = {
  status: monitoring('redis/status', 'Status of Redis, and why').input(OfRedis).output(StatusOut),
  metrics: monitoring('redis/metrics', 'The latest metrics of Redis').input(OfRedis).output(MetricsOut),
  info: monitoring('redis/info', 'INFO by section')
    .input(OfRedis)
    .output(
      z.object({
        deployment: z.string(),
        target: z.string().nullable(),
        at: Moment.nullable(),
        info: z.record(z.string(), z.record(z.string(), z.string())),
      }),
    ),
  slowLog: monitoring(
    'redis/slow-log',
    'The newest entries of the slow log: commands without their arguments',
  )
    .input(OfRedis)
    .output(
      listOf(SlowCommand.extend({ at: Moment })).extend({
        deployment: z.string(),
        target: z.string().nullable(),
      }),
    ),
}

export const system = {
  health: monitoring('system/health', 'Status of every probe of a deployment')
    .input(OfDeployment)
    .output(
      z.object({
        deployment: z.string(),
        status: StatusSchema,
        reason: SpokenReason,
        connection: z.enum(CONNECTION_STATUSES),
        statuses: ProbeStatusesOut,
      }),
    ),
}

export const metrics = {
  all: monitoring('metrics/all', 'The latest value of every metric')
    .input(OfAny)
    .output(
      listOf(
        z.object({
          deployment: z.string(),
          probe: z.string(),
          target: z.string(),
          at: Moment,
          metrics: MetricValues,
        }),
      ),
    ),
}

export const dashboard = {
  overview: monitoring('dashboard/overview', 'Counts by status, and every deployment with its reason')
    .input(OfAny)
    .output(
      z.object({
        at: Moment,
        deployments: z.number(),
        byStatus: z.record(z.string(), z.number()),
        byEnvironment: z.partialRecord(Environment, z.number()),
        /** Alerts that fire, also acknowledged and silenced ones. */
        alerts: z.object({ active: z.number(), bySeverity: z.record(z.enum(SEVERITIES), z.number()) }),
        items: z.array(
          DeploymentSummary.extend({
            /** `null`: nothing is backed up. */
            recovery: Recovery.nullable(),
          }),
        ),
      }),
    ),
}
