/** An alert: a rule that holds for one thing of a deployment, from the moment that it was seen until it is over. */
import { z } from 'zod'
import { ALERT_STATES, SEVERITIES } from '#shared/catalogue/severities.ts'
import { ProbeIdSchema } from './observation.ts'
import { Environment } from './profile/deployment.ts'
import { Reason } from './reason.ts'

export const SeveritySchema = z.enum(SEVERITIES)
export const AlertStateSchema = z.enum(ALERT_STATES)

/** What of a deployment an alert is about: a target, and of a metric with labels which one. */
export const AlertSubject = z.object({
  /** `null`: the deployment as a whole. */
  probe: ProbeIdSchema.nullable(),
  target: z.string().nullable(),
  /** `{ path: '/orders' }`; none where the metric has no labels. */
  labels: z.record(z.string(), z.string()),
})
export type AlertSubject = z.infer<typeof AlertSubject>

/** How an alert ended: by itself, by somebody's hand, or because what it was about is not watched any more. */
export const ALERT_ENDINGS = [
  'cleared',
  'by-hand',
  'deployment-removed',
  'target-removed',
  'rule-changed',
] as const
export type AlertEnding = (typeof ALERT_ENDINGS)[number]

/** A link of its chain, and where that was seen; `null`: on the way, in the console itself, or in what changed. Records of before do not say. */
const AlertCauseLine = Reason.extend({
  probe: ProbeIdSchema.nullable().optional(),
  target: z.string().nullable().optional(),
})
export type AlertCauseLine = z.infer<typeof AlertCauseLine>

/** What an alert comes from, in codes: links of a chain from the symptom to the root, as `causes` finds them. */
export const AlertCause = z.object({
  /** Code of the root. */
  code: z.string(),
  lines: z.array(AlertCauseLine),
  /** It is not in the chain itself, and comes from the same root; records of before say nothing of it. */
  isBeside: z.boolean().default(false),
  /** Since when the symptom has been there; milliseconds since the epoch. */
  since: z.number(),
  certainty: z.enum(['seen', 'likely', 'not-found']),
})
export type AlertCause = z.infer<typeof AlertCause>

export const Alert = z.object({
  id: z.string(),
  rule: z.string(),
  deployment: z.string(),
  environment: Environment,
  subject: AlertSubject,
  /** Held to what the environment allows. */
  severity: SeveritySchema,
  state: AlertStateSchema,
  /** The newest that was measured; `null` before anything was known again after a start. */
  value: z.number().nullable(),
  threshold: z.number(),
  /** Which side of the threshold is the bad one. */
  direction: z.enum(['above', 'below']),
  /** A unit of the catalogue. */
  unit: z.string(),
  /** In words, of the look that showed it last. */
  reason: Reason,
  /** What to do about it, as its rule said when it fired: an address. */
  checklist: z.string().nullable().default(null),
  /** When it was first seen to be true. Milliseconds since the epoch, here and below. */
  pendingSince: z.number(),
  /** When it began to fire, as often as it comes back within the same alert. */
  since: z.number(),
  endedAt: z.number().nullable(),
  ending: z.enum(ALERT_ENDINGS).nullable(),
  /** How often it came back after it had cleared. */
  reopened: z.number(),
  /** It comes and goes: that was said once, and is not said at each turn. */
  flapping: z.boolean(),
  acknowledgedBy: z.string().nullable(),
  acknowledgedAt: z.number().nullable(),
  note: z.string().nullable(),
  resolvedBy: z.string().nullable(),
  /** When the silence over it ends by itself; `null` where there is none. */
  silencedUntil: z.number().nullable(),
  /** The silence and the alert that keep it quiet, by their ids. */
  silencedBy: z.string().nullable(),
  inhibitedBy: z.string().nullable(),
  /** What is told of together. */
  incident: z.string(),
  cause: AlertCause.nullable(),
})
export type Alert = z.infer<typeof Alert>
