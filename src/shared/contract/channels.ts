/** Channels of notifications: where they go, whether that works, and what became of what was sent. */
import { z } from 'zod'
import { Channel, KnownNotifySettings, NotifySettings } from '#shared/model/channel.ts'
import { DeliveryAnswer, DeliveryAttempt, DeliveryTrace } from '#shared/model/delivery.ts'
import { NoteOutcome } from '#shared/model/desktop-note.ts'
import { Failure } from '#shared/model/failure.ts'
import { Name } from '#shared/model/profile/fields.ts'
import { Unheard } from '#shared/model/unheard.ts'
import { administers, listOf, Moment, reads } from './procedure.ts'

/** An answer with its failure in words. */
const SpokenFailure = Failure.extend({ text: z.string() })
export const SpokenAnswer = DeliveryAnswer.extend({ failure: SpokenFailure.nullable() })
export type SpokenAnswer = z.infer<typeof SpokenAnswer>
export const SpokenAttempt = DeliveryAttempt.extend({ at: Moment, answer: SpokenAnswer })
export const SpokenTrace = DeliveryTrace.extend({
  decidedAt: Moment,
  nextAt: Moment.nullable(),
  tried: z.array(SpokenAttempt),
})

const Told = z.object({ at: Moment.nullable(), failure: SpokenFailure.nullable() })
/** What stands with an Alertmanager between two messages; `null`: not yet, or switched off. */
const AlertmanagerStanding = z.object({
  pushed: Told.nullable(),
  silences: Told.extend({
    /** How many of its silences are in force here. */
    mirrored: z.number(),
    /** Those that are about alerts of ours and cannot be followed, and why. */
    notMirrored: z.array(
      z.object({
        id: z.string(),
        why: z.enum(['pattern', 'too-long', 'too-many']),
        by: z.string(),
        note: z.string(),
        matcher: z.string().nullable(),
      }),
    ),
  }).nullable(),
})

export const channels = {
  list: reads()
    .route({ method: 'GET', path: '/channels', tags: ['channels'], summary: 'Channels, and how each does' })
    .output(
      listOf(
        z.object({
          channel: Channel,
          updatedAt: Moment,
          /** Messages that wait to be sent. */
          waiting: z.number(),
          deliveredAt: Moment.nullable(),
          /** What was answered last. */
          latest: SpokenAttempt.nullable(),
          /** `null` of other kinds. */
          alertmanager: AlertmanagerStanding.nullable(),
        }),
      ),
    ),
  save: administers()
    .route({ method: 'POST', path: '/channels', tags: ['channels'], summary: 'Add a channel, or change one' })
    .input(
      z.object({
        channel: Channel,
        /** The name that it has so far; `null` for a new one. */
        replaces: Name.nullable().default(null),
      }),
    )
    .output(z.object({ name: z.string() })),
  remove: administers()
    .route({
      method: 'DELETE',
      path: '/channels/{name}',
      tags: ['channels'],
      summary: 'Remove a channel; what waits for it is dropped',
    })
    .input(z.object({ name: Name }))
    .output(z.object({ name: z.string() })),
  /** Presents secrets at whatever address the caller names. */
  test: administers()
    .route({
      method: 'POST',
      path: '/channels/test',
      tags: ['channels'],
      summary: 'Send a test through a channel as it is given, and tell what the other side answered',
    })
    .input(z.object({ channel: Channel }))
    .output(z.object({ answer: SpokenAnswer, sent: z.object({ title: z.string(), text: z.string() }) })),
  /** So that somebody notices before the first alert that nobody hears. */
  unheard: reads()
    .route({
      method: 'GET',
      path: '/channels/unheard',
      tags: ['channels'],
      summary:
        'Whether what is critical would reach nobody, and why; null: it reaches somebody, or nothing is watched',
    })
    .output(z.object({ unheard: Unheard.extend({ text: z.string() }).nullable() })),
  deliveries: reads()
    .route({
      method: 'GET',
      path: '/channels/deliveries/{notification}',
      tags: ['channels'],
      summary: 'What was tried and answered for one notification, per channel',
    })
    .input(z.object({ notification: z.string().min(1).max(200) }))
    .output(listOf(SpokenTrace)),
  /** A page says what became of a note that it was to show. Whoever may read alerts may show them; nothing is kept of it but the trace. */
  noted: reads()
    .input(z.object({ id: z.string().max(64), outcome: NoteOutcome }))
    .output(z.object({ isAwaited: z.boolean() })),
  /** A page says that its browser shows notes from now on, so that what waits for one is tried at once. */
  attend: reads().input(z.object({})).output(z.object({})),
  settings: reads()
    .route({
      method: 'GET',
      path: '/channels/settings',
      tags: ['channels'],
      summary: 'What all channels share',
    })
    .output(KnownNotifySettings),
  configure: administers()
    .route({
      method: 'PUT',
      path: '/channels/settings',
      tags: ['channels'],
      summary: 'Say where people reach this console',
    })
    .input(NotifySettings)
    .output(KnownNotifySettings),
}
