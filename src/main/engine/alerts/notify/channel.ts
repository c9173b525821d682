/** What a channel is: a folder that knows how to hand one message over, and what the answer to that means. */
import type { Channel, ChannelKind, ChannelOf } from '#shared/model/channel.ts'
import type { DeliveryAnswer } from '#shared/model/delivery.ts'
import type { Clock } from '../../clock.ts'
import type { Desktop } from './desktop/desktop.ts'
import type { MailTransport } from './email/transport.ts'
import type { HttpAsk } from './http.ts'
import type { Given } from './keys.ts'
import type { Message } from './message.ts'
import type { SecretsInUse } from './secrets-in-use.ts'

/** What became of one attempt. */
export interface Delivery extends Omit<DeliveryAnswer, 'ms'> {
  /** How long the other side asks to be left alone; `null` where it does not. */
  readonly retryAfterMs: number | null
  /** What the other side calls the message, where it can be changed later. */
  readonly handle?: string
}

/** What a channel works with during one attempt. */
export interface ChannelTools {
  readonly clock: Clock
  /** Those of this attempt, which nothing that is told of it may show. */
  readonly secrets: SecretsInUse
  readonly http: HttpAsk
  readonly mail: MailTransport
  /** `null` where there is nobody to show anything to. */
  readonly desktop: Desktop | null
}

/** What a channel had of the same incident before. */
export interface Before {
  /** The `handle` of what was delivered last; `null`: of nothing. */
  readonly earlier: string | null
  /** Of each kind the newest first. */
  readonly given: readonly Given[]
}

export interface DeliveryTools extends ChannelTools, Before {}

/**
 * Hands one message over. What goes wrong on the way there is thrown as a `ReachError`; what the other side says is
 * returned.
 */
export type Deliver<Kind extends ChannelKind> = (
  message: Message,
  settings: ChannelOf<Kind>,
  tools: DeliveryTools,
  signal: AbortSignal,
) => Promise<Delivery>

/** One function for each kind. */
export type Channels = { readonly [Kind in ChannelKind]: Deliver<Kind> }

/** Hands a message to whichever kind a channel is. */
export type DeliverToAny = (
  message: Message,
  channel: Channel,
  signal: AbortSignal,
  /** Nothing where it is left out. */
  before?: Before,
) => Promise<DeliveryAnswer & Pick<Delivery, 'retryAfterMs' | 'handle'>>
