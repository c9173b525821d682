/** What became of a message on its way to a channel, attempt by attempt. */
import { z } from 'zod'
import { Failure } from './failure.ts'

/** What the other side answered to one attempt; bounded, and without secrets. */
export const DeliveryAnswer = z.object({
  /** `retry`: worth another attempt. `refused`: sending the same again would not help. */
  status: z.enum(['delivered', 'retry', 'refused']),
  /** The status of HTTP, or the reply code of SMTP; `null` where no answer came, or none is given. */
  code: z.number().nullable(),
  /** The beginning of what it said. */
  text: z.string(),
  /** What went wrong, and what to do; `null` where it was delivered. */
  failure: Failure.nullable(),
  ms: z.number(),
})
export type DeliveryAnswer = z.infer<typeof DeliveryAnswer>

/** `given-up`: tried for as long as it was worth it. `dropped`: the channel was removed or switched off meanwhile. */
const DELIVERY_STATES = ['waiting', 'delivered', 'refused', 'given-up', 'dropped'] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]

export const DeliveryAttempt = z.object({
  /** Milliseconds since the epoch. */
  at: z.number(),
  answer: DeliveryAnswer,
})
export type DeliveryAttempt = z.infer<typeof DeliveryAttempt>

/** The way of one notification to one channel. */
export const DeliveryTrace = z.object({
  notification: z.string(),
  channel: z.string(),
  state: z.enum(DELIVERY_STATES),
  decidedAt: z.number(),
  /** When it is tried next; `null` once it is over. */
  nextAt: z.number().nullable(),
  attempts: z.number(),
  /** It may have arrived before a crash, too, and is marked so. */
  possibleRepeat: z.boolean(),
  /** The newest last; of many only the first and the newest are kept. */
  tried: z.array(DeliveryAttempt),
})
export type DeliveryTrace = z.infer<typeof DeliveryTrace>
