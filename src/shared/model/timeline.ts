/** What happened to a deployment, as one line of time over all that is watched: what changed, and what came of it. */
import { z } from 'zod'
import type { events } from '#shared/locales/en/events.ts'
import type { Singular } from '#shared/locales/plurals.ts'
import { ProbeIdSchema, StatusSchema } from './observation.ts'
import { Reason } from './reason.ts'

/**
 * `deploy`: another version answers. `restart`: a process started anew. `schema`: the schema's revision changed.
 * `settings`: PostgreSQL's or Redis' configuration changed. `role`: a primary became a standby, or the other way round.
 * `status`: a probe's status changed. `path`: the way to it broke or came back. `profile`: what is watched was edited.
 * `alert`: one fired, or was over, or somebody took it up. `silence`: something was kept quiet, or is not any more.
 * `operation`: somebody changed it from here.
 */
export const EVENT_KINDS = [
  'deploy',
  'restart',
  'schema',
  'settings',
  'role',
  'status',
  'path',
  'profile',
  'alert',
  'silence',
  'operation',
] as const
export const EventKind = z.enum(EVENT_KINDS)
export type EventKind = z.infer<typeof EventKind>

/** What may have caused something, as opposed to what came of it. */
export const CHANGE_KINDS = ['deploy', 'restart', 'schema', 'settings', 'role', 'profile'] as const

/** A key of `locales/<language>/events.ts`: what happened, in few words. */
export type EventCode = Singular<keyof typeof events>

export const TimelineEvent = z.object({
  /** Counts up in the order in which events were taken in. */
  id: z.number(),
  deployment: z.string(),
  /** When it happened, or was first seen; milliseconds since the epoch. */
  at: z.number(),
  kind: EventKind,
  /** Where it was seen; `null`: the deployment as a whole. */
  probe: ProbeIdSchema.nullable(),
  target: z.string().nullable(),
  /** In words; a key of `locales/<language>/events.ts`, or of `reasons` for a status. */
  reason: Reason,
  /** For `status` and `path`: what it became. */
  status: StatusSchema.nullable(),
})
export type TimelineEvent = z.infer<typeof TimelineEvent>
