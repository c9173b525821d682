/**
 * What the console has decided to tell, once: codes and values, which channels put into words in the language of whoever
 * reads them. There is no text for people in it, and nothing secret.
 */
import { z } from 'zod'
import { ENVIRONMENTS } from '#shared/catalogue/environments.ts'
import { Alert, SeveritySchema } from './alert.ts'
import { EscalationTaken } from './escalation.ts'

/**
 * `firing`: an incident began, or came back. `update`: more is known of one that was told already; it changes that message and
 * rings nobody again. `raised`: it got worse, or something joined what had been taken up, and rings again. `resolved`: all of it is over. `reminder`: it is still there.
 * `escalated`: nobody acknowledged it, and it goes to others. `flapping`: an alert comes and goes, which is said once. `silence-ending`: a silence is about to end while what it keeps quiet
 * is still there. `test`: somebody tries a channel.
 */
export const NOTIFICATION_KINDS = [
  'firing',
  'update',
  'raised',
  'resolved',
  'reminder',
  'escalated',
  'flapping',
  'silence-ending',
  'test',
] as const
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number]

/** Alerts that stand in one notification; the rest are a number. */
export const MOST_NOTIFIED_ALERTS = 50

/** Among the channels of a notification: those that everything goes to. */
export const EVERYTHING = '*'

/** An alert as it was when that was decided. */
export const NotifiedAlert = Alert.pick({
  id: true,
  rule: true,
  deployment: true,
  subject: true,
  severity: true,
  state: true,
  value: true,
  threshold: true,
  direction: true,
  unit: true,
  reason: true,
  checklist: true,
  since: true,
  endedAt: true,
  acknowledgedBy: true,
  cause: true,
})
export type NotifiedAlert = z.infer<typeof NotifiedAlert>

export const Notification = z.object({
  /** The same for every attempt on every channel: what a `Message-ID` or an `Idempotency-Key` is made of. */
  id: z.string(),
  /** The same for all that is told of one incident: what updates a message, or is a deduplication key elsewhere. */
  incident: z.string(),
  kind: z.enum(NOTIFICATION_KINDS),
  /** `null`: of no deployment, or of several. */
  deployment: z.string().nullable(),
  environment: z.enum(ENVIRONMENTS).nullable(),
  /** The most urgent of those that are not over; of what is over, the most urgent that it was. */
  severity: SeveritySchema,
  /** The one that the others come from first, then by urgency. */
  alerts: z.array(NotifiedAlert).max(MOST_NOTIFIED_ALERTS),
  /** How many more there are. */
  moreAlerts: z.number(),
  /** What is down on the way to several deployments, and how many of them cannot be seen for it; `null`: nothing is. */
  way: z.object({ hop: z.string(), deployments: z.number() }).nullable().default(null),
  /** Alerts of this deployment that nothing can be said of, because what they look at cannot be reached. */
  inhibited: z.number(),
  /** Names of channels that the rules ask for; none, or `*` among them: also those that everything goes to. */
  channels: z.array(z.string()),
  /** Of `silence-ending`: which, and when; milliseconds since the epoch. */
  silence: z.object({ id: z.string(), until: z.number() }).nullable(),
  /** Of `escalated`, and of what went to its first step at once: which step, and to whom. */
  escalation: EscalationTaken.nullable().default(null),
  /** How often its incident rang again because it got worse, or something joined what had been taken up, this time included. */
  raises: z.number().int().min(0).default(0),
  /** How often nobody took its incident up, so that it went on to others, this time included. */
  calls: z.number().int().min(0).default(0),
  /** How often it was said of its incident that it is still there, this time included. */
  reminders: z.number().int().min(0).default(0),
  /** Milliseconds since the epoch. */
  decidedAt: z.number(),
  /** It may have been delivered before a crash already. Whoever delivers sets it; it is decided as `false`. */
  possibleRepeat: z.boolean(),
  /** Another console may have told it, whose place this one took, or may tell it, because they could not agree on who does. */
  doubled: z.enum(['took-over', 'unsure']).nullable().default(null),
})
export type Notification = z.infer<typeof Notification>
