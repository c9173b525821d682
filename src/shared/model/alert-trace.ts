/** Why somebody was told of an alert, or was not: the decisions that it went through, the oldest first. */
import { z } from 'zod'
import { SeveritySchema } from './alert.ts'
import { EscalationTaken } from './escalation.ts'
import { NOTIFICATION_KINDS } from './notification.ts'

/**
 * `pending`: it was seen, and not often enough yet. `fires`, `raised`, `lowered`, `ended`: what its rule decided. `told`: a notification
 * was decided. `held`: it is to be told, and is kept back. `not-told`: it was over before. `acknowledged`, `silenced`, `unsilenced`: what people
 * did, or what ended by itself. `inhibited`, `uninhibited`: it stands behind another alert. `not-observed`: nobody looks, so nothing moves on.
 * `escalated`: nobody had acknowledged it, and it went to others.
 */
export const TRACE_STEPS = [
  'pending',
  'fires',
  'reopened',
  'raised',
  'lowered',
  'ended',
  'told',
  'held',
  'not-told',
  'acknowledged',
  'silenced',
  'unsilenced',
  'inhibited',
  'uninhibited',
  'flaps',
  'settled',
  'escalated',
  'not-observed',
] as const

export const TraceEntry = z.object({
  /** Milliseconds since the epoch. */
  at: z.number(),
  step: z.enum(TRACE_STEPS),
  /** A code of why, as `cooldown` or `first-of-incident`; `null` where the step says it. */
  because: z.string().nullable(),
  /** What was measured, and where the line is. */
  value: z.number().nullable(),
  threshold: z.number().nullable(),
  severity: SeveritySchema.nullable(),
  /** Looks in a row that it took. */
  looks: z.number().nullable(),
  /** Until when it is held. */
  until: z.number().nullable(),
  /** A name, a silence or an alert. */
  by: z.string().nullable(),
  /** What was told, and the notification's id: its deliveries stand under that. */
  notification: z.object({ id: z.string(), kind: z.enum(NOTIFICATION_KINDS) }).nullable(),
  /** Which step was taken, since nobody had acknowledged it, and to whom. */
  escalation: EscalationTaken.nullable().default(null),
  /** Of a long trace: how many like it this stands for, from `at` to `last`; the rest is of the newest. */
  times: z.number().int().min(1).default(1),
  last: z.number().nullable().default(null),
  /** Of those that it stands for, the ids of some notifications before its own, newest first. */
  earlier: z.array(z.string()).default([]),
})
export type TraceEntry = z.infer<typeof TraceEntry>
