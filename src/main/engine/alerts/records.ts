/** Alerts and incidents as they are kept: what is shown of them, and what decisions need beside it. */
import { z } from 'zod'
import { ALERT_ENDINGS, Alert, SeveritySchema } from '#shared/model/alert.ts'

/** What of an alert still has to be told; `null`: nothing. */
export const Owed = z.enum(['firing', 'raised', 'reminder'])
export type Owed = z.infer<typeof Owed>

/** A time that an alert fired, before it came back: when, who had taken it, and how it ended. */
export const Episode = z.object({
  since: z.number(),
  endedAt: z.number().nullable(),
  ending: z.enum(ALERT_ENDINGS).nullable(),
  resolvedBy: z.string().nullable(),
  acknowledgedBy: z.string().nullable(),
  acknowledgedAt: z.number().nullable(),
  note: z.string().nullable(),
})
export type Episode = z.infer<typeof Episode>

/** As many are kept of an alert, the newest; `reopened` counts them all. */
export const MOST_EPISODES = 50

export const AlertRecord = Alert.extend({
  /** The times before this one, oldest first; records of before have none. */
  past: z.array(Episode).default([]),
  /** What tells it apart within its deployment: rule, target and labels. */
  key: z.string(),
  /** Which level of its rule fires, and what was bad: see `Tracking`. */
  level: z.number(),
  blamed: z.number(),
  /** The most urgent that it was. */
  peak: SeveritySchema,
  owed: Owed.nullable(),
  owesFlapping: z.boolean(),
  /** When it was last told of, and how urgent it was then. */
  saidAt: z.number().nullable(),
  saidSeverity: SeveritySchema.nullable(),
  /** When it fired, the newest last; as many as flapping is told by. */
  firedAt: z.array(z.number()),
  cooldownSeconds: z.number(),
  channels: z.array(z.string()),
  /** What is down on the way, of one that cannot be reached: several deployments may be behind it. */
  way: z.string().nullable().default(null),
})
export type AlertRecord = z.infer<typeof AlertRecord>

/** How far an escalation came. */
export const Escalation = z.object({
  policy: z.string(),
  /** Steps that were taken. */
  taken: z.number(),
  /** When it began, or the last of them was taken: the next counts from there. Milliseconds since the epoch. */
  lastAt: z.number(),
})
export type Escalation = z.infer<typeof Escalation>

export const Incident = z.object({
  id: z.string(),
  /** Where it began. */
  deployment: z.string(),
  /** What is down on the way took others with it: it is of several deployments. */
  spans: z.boolean().default(false),
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  alerts: z.array(z.string()),
  /** When an alert of it fired last: what fires soon after belongs to it. */
  lastFiredAt: z.number(),
  /** What was told of it last; `null`: nothing yet. */
  said: z
    .object({
      at: z.number(),
      severity: SeveritySchema,
      /** Which alerts it told of, and how they were: what differs from that is news. */
      marks: z.record(z.string(), z.string()),
      isOver: z.boolean(),
    })
    .nullable(),
  /** `null`: none is under way. */
  escalation: Escalation.nullable().default(null),
  /** How often it rang again because it got worse, until all is over. */
  raises: z.number().int().min(0).default(0),
  /** How often nobody took it up, so that it went on to others, until all is over. */
  calls: z.number().int().min(0).default(0),
  /** How often it was said that it is still there, until all is over. */
  reminders: z.number().int().min(0).default(0),
  /** Channels that it reached beside those of its rules: they hear of everything that follows, until all is over. */
  reached: z.array(z.string()).default([]),
})
export type Incident = z.infer<typeof Incident>

/** Whether it is over. */
export function isOver({ state }: Pick<Alert, 'state'>): boolean {
  return state === 'resolved'
}

/** What is shown of it. */
export function shown(record: AlertRecord): Alert {
  return Alert.parse(record)
}
