/** What a far side asks of a person while Vakhta logs in. Answers go in and never come out. */
import { z } from 'zod'

export const QuestionField = z.object({
  /** As the far side worded it: `Verification code:`. Bounded, and without control characters. */
  label: z.string(),
  /** Not to be shown while it is typed. */
  secret: z.boolean(),
})
export type QuestionField = z.infer<typeof QuestionField>

export const Question = z.object({
  id: z.string(),
  /** Who asks, as people name it: `ops@bastion:22`. */
  hop: z.string(),
  /** What the far side says before its fields; may be empty. */
  instruction: z.string(),
  fields: z.array(QuestionField),
  /** Milliseconds since the epoch. */
  askedAt: z.number(),
  /** When it is over: the far side closes the login. */
  expiresAt: z.number(),
})
export type Question = z.infer<typeof Question>
