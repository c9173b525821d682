/** What is seen now, for screens: rows, latest observations, and what changed since. */
import { z } from 'zod'
import { Cause } from '#shared/model/cause.ts'
import { Change, Changes, ChangesQuery } from '#shared/model/change.ts'
import { Connection } from '#shared/model/connection.ts'
import { FleetRow, ProbeStatus } from '#shared/model/fleet.ts'
import { Observation, ProbeIdSchema } from '#shared/model/observation.ts'
import { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import { Name } from '#shared/model/profile/fields.ts'
import { RangeQuery, RangeResult, StatusSpan } from '#shared/model/range.ts'
import { reads } from './procedure.ts'

export { Change }

export const live = {
  /** One row per deployment, in no particular order. */
  fleet: reads().output(z.object({ rows: z.array(FleetRow) })),
  deployment: reads()
    .input(z.object({ name: Name }))
    .output(
      z.object({
        row: FleetRow,
        profile: DeploymentProfile,
        connection: Connection,
        statuses: z.partialRecord(ProbeIdSchema, ProbeStatus),
        /** The newest observation of each probe and target. */
        observations: z.array(Observation),
        /** What bad statuses come from, ranked. */
        causes: z.array(Cause),
      }),
    ),
  changes: reads().input(ChangesQuery).output(Changes),
}

export const history = {
  range: reads()
    .route({
      method: 'POST',
      path: '/history/range',
      tags: ['history'],
      summary: 'Metrics over a stretch of time, reduced to a width',
    })
    .input(RangeQuery)
    .output(RangeResult),
  /** The statuses of one deployment over a stretch: heartbeat bars. */
  statuses: reads()
    .input(z.object({ deployment: Name, from: z.number(), to: z.number() }))
    .output(z.object({ spans: z.array(StatusSpan) })),
}
