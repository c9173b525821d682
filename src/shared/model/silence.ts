/** A silence: what it keeps quiet, and until when. It mutes, and evaluates nothing differently. */
import { z } from 'zod'
import { SeveritySchema } from './alert.ts'
import { LabelMatcher } from './label-matcher.ts'

/** An alert is kept quiet that fits each of these that is not `null`. */
export const SilenceMatchers = z.strictObject({
  /** One alert, by its id. */
  alert: z.string().max(64).nullable().default(null),
  deployments: z.array(z.string().max(64)).min(1).max(500).nullable().default(null),
  rules: z.array(z.string().max(120)).min(1).max(200).nullable().default(null),
  severities: z.array(SeveritySchema).min(1).nullable().default(null),
  /** `alertname` (the rule), `deployment`, `severity`, `probe`, `target`, and what tells a thing apart: `path`, `queue`. */
  labels: z.array(LabelMatcher).min(1).max(20).nullable().default(null),
})
export type SilenceMatchers = z.infer<typeof SilenceMatchers>

/**
 * `window-changed`: the maintenance window that it was of is not in force any more. `healthy`: what an operation had touched answers well.
 * `at-its-origin`: where it was mirrored from it is over, or is mirrored no more.
 */
export const SILENCE_ENDINGS = [
  'expired',
  'cleared',
  'by-hand',
  'window-changed',
  'healthy',
  'at-its-origin',
] as const

/** Where a silence came from that nobody set here: a channel, and its id there. */
export const SilenceOrigin = z.object({ channel: z.string(), id: z.string() })
export type SilenceOrigin = z.infer<typeof SilenceOrigin>

export const Silence = z.object({
  id: z.string(),
  matchers: SilenceMatchers,
  /** Milliseconds since the epoch, here and below. */
  startsAt: z.number(),
  /** When it ends at the latest. */
  until: z.number(),
  /** It ends as soon as nothing that it keeps quiet is left; one of one alert as soon as that is over. */
  untilClears: z.boolean(),
  createdBy: z.string(),
  note: z.string().nullable(),
  endedAt: z.number().nullable(),
  ending: z.enum(SILENCE_ENDINGS).nullable(),
  /** When it was told that it ends soon. */
  announcedAt: z.number().nullable(),
  /** Something that it keeps quiet has been there. */
  hasMatched: z.boolean(),
  /** The maintenance window that it is of, by its name; `startsAt` and `until` are those of the window. */
  window: z.string().nullable().default(null),
  /** The operation of this console that it is of; it is over with a healthy look at the deployment after the operation's end. */
  operation: z
    .object({
      id: z.string(),
      /** `null`: it runs. */
      endedAt: z.number().nullable(),
      /** How long after its end the silence lasts at the longest. */
      minutesAfter: z.number(),
    })
    .nullable()
    .default(null),
  /** `null`: it was set here. */
  origin: SilenceOrigin.nullable().default(null),
})
export type Silence = z.infer<typeof Silence>
