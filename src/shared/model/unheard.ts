/** That what is urgent reaches nobody, and why. */
import { z } from 'zod'

/**
 * `none-gets-everything`: channels are on, and each gets only what a rule names it for. `failing`: what was sent last failed for a while,
 * or was refused. `no-page`, `not-allowed`: it goes to the desktops of whoever has a page of the console open, and nobody has, or none
 * of those may show it.
 */
export const WHY_UNHEARD = [
  'no-channel',
  'all-off',
  'none-gets-everything',
  'failing',
  'no-page',
  'not-allowed',
] as const
export type WhyUnheard = (typeof WHY_UNHEARD)[number]

export const Unheard = z.object({
  why: z.enum(WHY_UNHEARD),
  /** Those that fail. */
  channels: z.array(z.string()),
  /** How many rules of what is critical or worse it is so of, and how many there are. */
  rules: z.number(),
  of: z.number(),
  /** Some of it reaches somebody all the same: other rules, or what an escalation policy is for. */
  inPart: z.boolean(),
})
export type Unheard = z.infer<typeof Unheard>
