/**
 * Why something is as it is: a code and its parameters, rendered by `shared/locales` in the reader's language.
 * Codes are the keys of `locales/en/reasons.ts`, `failures.ts`; a unit test holds every language complete.
 */
import { z } from 'zod'

export const Reason = z.object({
  /** Key of the text, for example `pool-utilization-high`. */
  code: z.string(),
  /** What was measured and what the limit is; names, numbers, and nothing secret. */
  params: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
})
export type Reason = z.infer<typeof Reason>
