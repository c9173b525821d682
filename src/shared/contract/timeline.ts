/** What changed in a deployment and what came of it, on one line of time. */
import { z } from 'zod'
import { Name } from '#shared/model/profile/fields.ts'
import { EventKind, TimelineEvent } from '#shared/model/timeline.ts'
import { SpokenReason } from './deployments.ts'
import { listOf, Moment, reads, When } from './procedure.ts'

/** Events in one answer, at most. */
export const MOST_EVENTS_LISTED = 1_000

/** One of several, as `kinds=deploy,restart` and `kinds[]=deploy` say it. */
const Kinds = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(',').map((kind) => kind.trim()) : value),
  z.array(EventKind).max(20),
)

const TimelineEventOut = TimelineEvent.omit({ deployment: true }).extend({
  at: Moment,
  reason: SpokenReason,
})
export type TimelineEventOut = z.infer<typeof TimelineEventOut>

export const timeline = {
  /** Newest first. Without `from` and `to`: the last day. */
  list: reads()
    .route({
      method: 'GET',
      path: '/deployments/{name}/timeline',
      tags: ['timeline'],
      summary:
        'What changed: deploys, restarts, schema, settings, roles, statuses, the way, the profile, alerts, silences, operations; newest first',
    })
    .input(
      z.object({
        name: Name,
        /** Within. */
        from: When.optional(),
        /** Not within. */
        to: When.optional(),
        kinds: Kinds.optional(),
        limit: z.coerce.number().int().min(1).max(MOST_EVENTS_LISTED).default(200),
        /** `nextCursor` of the answer before. */
        cursor: z
          .string()
          .regex(/^\d{1,16}\.\d{1,16}$/, 'expected the nextCursor of an answer')
          .optional(),
      }),
    )
    .output(listOf(TimelineEventOut).extend({ from: Moment, to: Moment })),
}
