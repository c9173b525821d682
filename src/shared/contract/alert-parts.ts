/** What several groups of the contract say of alerts: an alert in words, and what calls about them take. */
import { z } from 'zod'
import { Alert } from '#shared/model/alert.ts'
import { SpokenReason } from './deployments.ts'
import { Moment, reads } from './procedure.ts'

/** Alerts in one answer, at most. */
export const MOST_ALERTS_LISTED = 1_000

export const AlertOut = Alert.omit({ cause: true }).extend({
  reason: SpokenReason,
  pendingSince: Moment,
  since: Moment,
  endedAt: Moment.nullable(),
  acknowledgedAt: Moment.nullable(),
  silencedUntil: Moment.nullable(),
  /** What it comes from, from the symptom to the root; `null` where nothing was found. */
  cause: z
    .object({
      code: z.string(),
      text: z.string(),
      since: Moment,
      certainty: z.enum(['seen', 'likely', 'not-found']),
    })
    .nullable(),
})
export type AlertOut = z.infer<typeof AlertOut>

export const Note = z.string().max(2_000).nullable().default(null)
export const RuleKey = z.string().min(1).max(120)

/** Until when: one of these; without any it is until it clears, for a day at the longest. */
export const duration = {
  until: z.iso
    .datetime({ offset: true })
    .transform((text) => Date.parse(text))
    .optional(),
  minutes: z.coerce.number().min(1).max(525_600).optional(),
  untilClears: z.boolean().optional(),
}

export const monitoring = (name: string, summary: string) =>
  reads().route({ method: 'GET', path: `/monitoring/alerts/${name}`, tags: ['alerts'], summary })
