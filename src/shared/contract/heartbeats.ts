/** Dead man's switches: who notices outside that this console has fallen silent. */
import { z } from 'zod'
import { Heartbeat, HeartbeatStanding } from '#shared/model/heartbeat.ts'
import { Name } from '#shared/model/profile/fields.ts'
import { SpokenAnswer, SpokenAttempt } from './channels.ts'
import { administers, listOf, Moment, reads } from './procedure.ts'

export const heartbeats = {
  list: reads()
    .route({
      method: 'GET',
      path: '/heartbeats',
      tags: ['channels'],
      summary: "Dead man's switches, and whether each is heard",
    })
    .output(
      listOf(
        z.object({
          heartbeat: Heartbeat,
          state: HeartbeatStanding.shape.state,
          beatAt: Moment.nullable(),
          latest: SpokenAttempt.nullable(),
        }),
      ),
    ),
  save: administers()
    .route({
      method: 'POST',
      path: '/heartbeats',
      tags: ['channels'],
      summary: "Add a dead man's switch, or change one",
    })
    .input(z.object({ heartbeat: Heartbeat, replaces: Name.nullable().default(null) }))
    .output(z.object({ name: z.string() })),
  remove: administers()
    .route({
      method: 'DELETE',
      path: '/heartbeats/{name}',
      tags: ['channels'],
      summary: "Remove a dead man's switch; whoever listens will hear nothing more",
    })
    .input(z.object({ name: Name }))
    .output(z.object({ name: z.string() })),
  /** Presents secrets at whatever address the caller names. */
  test: administers()
    .route({
      method: 'POST',
      path: '/heartbeats/test',
      tags: ['channels'],
      summary: 'Beat once, and tell the answer',
    })
    .input(z.object({ heartbeat: Heartbeat }))
    .output(SpokenAnswer),
}
