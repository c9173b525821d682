/** What one row of the fleet shows: enough to see what is wrong without opening anything. */
import { z } from 'zod'
import { FLEET_METRICS } from '#shared/catalogue/metrics.ts'
import { SEVERITIES } from '#shared/catalogue/severities.ts'
import { CONNECTION_STATUSES } from '#shared/catalogue/statuses.ts'
import { Cause } from './cause.ts'
import { ProbeIdSchema, StatusSchema } from './observation.ts'
import { Environment } from './profile/deployment.ts'
import { Reason } from './reason.ts'

/** The status of one probe over all its targets: the worst one's, with its reason. */
export const ProbeStatus = z.object({
  status: StatusSchema,
  reason: Reason,
  /** When it was last looked at; `null` before the first look. Milliseconds since the epoch. */
  at: z.number().nullable(),
})
export type ProbeStatus = z.infer<typeof ProbeStatus>

/** Minutes in the heartbeat bar and the sparklines. */
export const HEARTBEAT_MINUTES = 60

const BySeverity = z.record(z.enum(SEVERITIES), z.number())

/** The open alerts of a deployment in numbers, and who has taken some. */
export const FleetAlerts = z.object({
  /** All that are not over. */
  open: BySeverity,
  /** Those of them that wait for somebody: neither acknowledged, nor silenced, nor behind another. */
  waiting: BySeverity,
  /** Names, each once; whoever acknowledged last comes first. */
  acknowledgedBy: z.array(z.string()),
})
export type FleetAlerts = z.infer<typeof FleetAlerts>

/** How safe what is in a deployment is. */
export const FleetBackups = z.object({
  isConfigured: z.boolean(),
  /** The moment that the newest good backup is of; milliseconds since the epoch. */
  lastGoodAt: z.number().nullable(),
  /** It is older than may be lost. */
  isStale: z.boolean(),
  /** How long the newest that was proven took until it could be used, in milliseconds; `null`: none was. */
  recoveryMs: z.number().nullable(),
})
export type FleetBackups = z.infer<typeof FleetBackups>

export const FleetRow = z.object({
  name: z.string(),
  environment: Environment,
  description: z.string().nullable(),
  tags: z.array(z.string()),
  paused: z.boolean(),
  connection: z.enum(CONNECTION_STATUSES),
  /** The worst probe's status, and why. */
  status: StatusSchema,
  probe: ProbeIdSchema.nullable(),
  reason: Reason,
  /** What it comes from: the first of its causes, without evidence; `null` where all is well, or nothing is known. */
  cause: Cause.nullable(),
  /** Since when the status is this one; milliseconds since the epoch. */
  since: z.number().nullable(),
  alerts: FleetAlerts,
  backups: FleetBackups,
  /** When the deployment was last looked at. */
  at: z.number().nullable(),
  /** The worst status of each of the last 60 minutes, oldest first; the last one is the current minute. */
  heartbeat: z.array(StatusSchema),
  /** Start of the current minute of the heartbeat. */
  heartbeatAt: z.number(),
  sparklines: z.array(
    z.object({
      metric: z.enum(FLEET_METRICS),
      /** `null` where the deployment has no such probe, or the value is not known. */
      value: z.number().nullable(),
      /** The value at which the status turns `CRITICAL`, else `WARNING`. */
      limit: z.number().nullable(),
      /** The mean of each of the last 60 minutes, oldest first. */
      points: z.array(z.number().nullable()),
    }),
  ),
})
export type FleetRow = z.infer<typeof FleetRow>

/** Everything that the header and the live screen of a deployment need at once. */
export const ProbeCost = z.object({
  probe: ProbeIdSchema,
  target: z.string(),
  /** Of the latest look. */
  ms: z.number(),
  rows: z.number(),
  bytes: z.number(),
})
export type ProbeCost = z.infer<typeof ProbeCost>

/** One minute of a fleet row, as history gives it back after a start. */
export interface FleetMinute {
  /** Start of the minute, milliseconds since the epoch. */
  readonly at: number
  readonly status: z.infer<typeof StatusSchema>
  readonly means: Partial<Record<(typeof FLEET_METRICS)[number], number | null>>
}
