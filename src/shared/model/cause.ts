/**
 * What a bad status comes from: a chain of what was seen, from the symptom back to its root, each link in words and with
 * what stands behind it.
 */
import { z } from 'zod'
import type { MetricName } from '#shared/catalogue/metrics.ts'
import type { causes } from '#shared/locales/en/causes.ts'
import type { Singular } from '#shared/locales/plurals.ts'
import { ProbeIdSchema, SlowStatement } from './observation.ts'
import { Reason } from './reason.ts'

/** A key of `locales/<language>/causes.ts`: a link of a chain in few words. */
export type CauseCode = Singular<keyof typeof causes>

/** Metrics whose values are evidence by themselves. */
const CAUSE_METRICS = [
  'http_requests_per_second',
  'redis_memory_usage',
] as const satisfies readonly MetricName[]

/** What was seen of one link; small, because it goes wherever the cause goes. */
export const CauseEvidence = z.object({
  /** Backends that wait, hold or run, literals masked. */
  statements: z.array(SlowStatement).optional(),
  /** Values that crossed a limit, or moved; `limit` is `null` where none was crossed. */
  values: z
    .array(
      z.object({ metric: z.enum(CAUSE_METRICS), value: z.number().nullable(), limit: z.number().nullable() }),
    )
    .optional(),
  /** What the ready endpoint says of its dependencies, as name → its word. */
  dependencies: z.record(z.string(), z.string()).optional(),
  /** The full reason of the status, or the failure on the way, as it is shown elsewhere. */
  reason: Reason.optional(),
})
export type CauseEvidence = z.infer<typeof CauseEvidence>

export const CauseLink = z.object({
  /** Its code is a key of `causes`, `reasons` or `failures`, looked for in that order. */
  reason: Reason,
  /** Where it was seen; `null`: on the way, in the console itself, or in what changed. */
  probe: ProbeIdSchema.nullable(),
  target: z.string().nullable(),
  /** Since when, as far as it was watched; milliseconds since the epoch. */
  since: z.number().nullable(),
  evidence: CauseEvidence.nullable(),
})
export type CauseLink = z.infer<typeof CauseLink>

export const Cause = z.object({
  /** Code of the root: what scripts go by. */
  code: z.string(),
  /** From the symptom to the root; at least one. */
  links: z.array(CauseLink).min(1),
  /** Since when the symptom has been there. */
  since: z.number(),
  /**
   * `seen`: each link was observed (a blocking PID, a refused connection). `likely`: one of them is concluded from what
   * happened at the same time (a deploy just before). `not-found`: nothing was found behind the last link.
   */
  certainty: z.enum(['seen', 'likely', 'not-found']),
  /** Other bad statuses that come from the same root, as `probe/target`. */
  alsoExplains: z.array(z.string()),
})
export type Cause = z.infer<typeof Cause>
