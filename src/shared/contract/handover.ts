/** Handing a watch over: a stretch of time as one document, and what people leave for whoever comes next. */
import { z } from 'zod'
import { SEVERITIES } from '#shared/catalogue/severities.ts'
import { SeveritySchema } from '#shared/model/alert.ts'
import { DocumentBlock, HandoverNote, LONGEST_NOTE } from '#shared/model/handover.ts'
import { Environment } from '#shared/model/profile/deployment.ts'
import { EventKind } from '#shared/model/timeline.ts'
import { listOf, Moment, procedure, reads, TimeZone, When } from './procedure.ts'

/** Left out: the last eight hours. */
const Period = z.object({
  /** Within. */
  from: When.optional(),
  /** Not within. */
  to: When.optional(),
})

const NoteOut = HandoverNote.extend({ at: Moment })
export type NoteOut = z.infer<typeof NoteOut>

/** A chain of causes in one line. */
const Chain = z.string().nullable()

export const HandoverOut = z.object({
  from: Moment,
  to: Moment,
  madeAt: Moment,
  totals: z.object({
    incidents: z.number(),
    alerts: z.number(),
    open: z.number(),
    bySeverity: z.record(z.enum(SEVERITIES), z.number()),
  }),
  /** The gravest of each deployment; lists hold as much as people read, and `left` counts the rest. */
  fired: z.array(
    z.object({
      deployment: z.string(),
      left: z.number(),
      incidents: z.array(
        z.object({
          id: z.string(),
          environment: Environment,
          severity: SeveritySchema,
          since: Moment,
          endedAt: Moment.nullable(),
          seconds: z.number(),
          rule: z.string(),
          text: z.string(),
          alerts: z.number(),
          reopened: z.number(),
          cause: Chain,
          acknowledgedBy: z.string().nullable(),
          acknowledgedAt: Moment.nullable(),
          note: z.string().nullable(),
          ending: z.string().nullable(),
        }),
      ),
    }),
  ),
  open: z.array(
    z.object({
      id: z.string(),
      deployment: z.string(),
      rule: z.string(),
      severity: SeveritySchema,
      since: Moment,
      text: z.string(),
      cause: Chain,
      acknowledgedBy: z.string().nullable(),
      note: z.string().nullable(),
    }),
  ),
  silences: z.array(
    z.object({
      id: z.string(),
      until: Moment,
      untilClears: z.boolean(),
      createdBy: z.string(),
      note: z.string().nullable(),
    }),
  ),
  /** `null`: whoever asks may not read the record. */
  actions: z
    .array(
      z.object({
        from: Moment,
        to: Moment,
        by: z.string(),
        action: z.string(),
        outcome: z.enum(['succeeded', 'failed', 'refused', 'unfinished', 'cancelled', 'undone']),
        times: z.number(),
        note: z.string().nullable(),
      }),
    )
    .nullable(),
  changes: z.array(z.object({ at: Moment, deployment: z.string(), kind: EventKind, text: z.string() })),
  forecasts: z.array(
    z.object({
      deployment: z.string(),
      metric: z.string(),
      target: z.string(),
      at: Moment,
      text: z.string(),
    }),
  ),
  unobserved: z.array(
    z.object({
      deployment: z.string(),
      seconds: z.number(),
      stretches: z.number(),
      from: Moment,
      to: Moment,
    }),
  ),
  notes: z.array(NoteOut),
  left: z.object({
    deployments: z.number(),
    open: z.number(),
    silences: z.number(),
    actions: z.number(),
    changes: z.number(),
    forecasts: z.number(),
    unobserved: z.number(),
    notes: z.number(),
  }),
  /** All of it in words, as parts of a document, and as Markdown. */
  document: z.array(DocumentBlock),
  markdown: z.string(),
})
export type HandoverOut = z.infer<typeof HandoverOut>

const operates = () => procedure({ role: 'OPERATOR', effect: 'writes' })

export const handover = {
  /** What fired, who did what, what is open. What people did is for those who may read the record. */
  get: reads()
    .route({
      method: 'GET',
      path: '/handover',
      tags: ['alerts'],
      summary: 'A stretch of time as one document for whoever takes the watch over, as JSON or as Markdown',
    })
    .input(
      Period.extend({
        /** IANA name of the zone that the document tells its times in. */
        timeZone: TimeZone.default('UTC'),
        /** `markdown`: the document alone, as a file. */
        format: z.enum(['json', 'markdown']).default('json'),
      }),
    )
    .output(z.union([HandoverOut, z.file()])),
  notes: reads()
    .route({ method: 'GET', path: '/handover/notes', tags: ['alerts'], summary: 'Notes for the next watch' })
    .input(Period)
    .output(listOf(NoteOut)),
  addNote: operates()
    .route({
      method: 'POST',
      path: '/handover/notes',
      tags: ['alerts'],
      summary: 'Leave a note for the next watch',
    })
    .input(z.object({ text: z.string().trim().min(1).max(LONGEST_NOTE) }))
    .output(NoteOut),
  /** One's own; an administrator may remove everybody's. */
  removeNote: operates()
    .route({
      method: 'DELETE',
      path: '/handover/notes/{note}',
      tags: ['alerts'],
      summary: 'Remove a note of your own',
    })
    .input(z.object({ note: z.string().max(64) }))
    .output(z.object({ note: z.string() })),
}
