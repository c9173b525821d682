/** The channels that there are, and one attempt on any of them: secrets for it alone, time measured, failures told. */
import type { Channel } from '#shared/model/channel.ts'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import { createDirectWay } from '../../reach/direct.ts'
import { failed } from '../../reach/failed.ts'
import { ReachError } from '../../reach/reach.ts'
import { trustedAuthorities } from '../../reach/trust.ts'
import type { Way } from '../../reach/way.ts'
import type { SecretResolver } from '../../vault/resolve.ts'
import { deliverAlertmanager } from './alertmanager/index.ts'
import type { Channels, ChannelTools, DeliverToAny, Delivery, DeliveryTools } from './channel.ts'
import type { Desktop } from './desktop/desktop.ts'
import { deliverDesktop } from './desktop/index.ts'
import { deliverEmail } from './email/index.ts'
import { createMailTransport } from './email/transport.ts'
import { createHttpAsk } from './http.ts'
import type { Message } from './message.ts'
import { deliverNtfy } from './ntfy/index.ts'
import { deliverOpsgenie } from './opsgenie/index.ts'
import { deliverPagerDuty } from './pagerduty/index.ts'
import { createSecretsInUse } from './secrets-in-use.ts'
import { deliverSlack } from './slack/index.ts'
import { deliverTelegram } from './telegram/index.ts'
import { judgeFailure } from './verdict.ts'
import { deliverWebhook } from './webhook/index.ts'

const CHANNELS: Channels = {
  email: deliverEmail,
  slack: deliverSlack,
  telegram: deliverTelegram,
  ntfy: deliverNtfy,
  pagerduty: deliverPagerDuty,
  opsgenie: deliverOpsgenie,
  alertmanager: deliverAlertmanager,
  webhook: deliverWebhook,
  desktop: deliverDesktop,
}

export interface DeliverDependencies {
  readonly clock: Clock
  readonly log: Log
  readonly resolveSecret: SecretResolver
  readonly desktop: Desktop | null
  /** Straight from this machine where it is left out. */
  readonly way?: Way
  readonly authorities?: () => readonly string[]
}

/** One attempt with tools of its own, timed, with what goes wrong told. Never rejects but with the signal's reason. */
export type Attempt = (
  /** Whose it is, for the log. */
  name: string,
  work: (tools: ChannelTools) => Promise<Delivery>,
  signal: AbortSignal,
) => Promise<Delivery & { ms: number }>

export function createAttempt(dependencies: DeliverDependencies): Attempt {
  const { clock, log, resolveSecret, desktop } = dependencies
  const { way = createDirectWay({ clock }), authorities = trustedAuthorities } = dependencies

  function toolbox(): ChannelTools {
    const secrets = createSecretsInUse(resolveSecret)
    const http = createHttpAsk({ way, secrets, authorities, clock })
    const mail = createMailTransport({ way, authorities, clock })
    return { clock, secrets, http, mail, desktop }
  }

  async function judged(
    name: string,
    tools: ChannelTools,
    work: Parameters<Attempt>[1],
    signal: AbortSignal,
  ) {
    try {
      return await work(tools)
    } catch (error) {
      if (error instanceof ReachError) return judgeFailure(hiding(error, tools))
      signal.throwIfAborted()
      log.error({ err: error, channel: name }, 'a message could not be sent for a reason of our own')
      const { failure } = failed({ hop: name, on: 'target' }, 'protocol', 'channel-failed')
      return { status: 'retry', code: null, text: '', failure, retryAfterMs: null } as const
    }
  }

  return async (name, work, signal) => {
    signal.throwIfAborted()
    const startedAt = clock.monotonic()
    const delivery = await judged(name, toolbox(), work, signal)
    return { ...delivery, ms: Math.round(clock.monotonic() - startedAt) }
  }
}

/** Never rejects but with the signal's reason. */
export function createDeliver(attempt: Attempt): DeliverToAny {
  return (message, channel, signal, before = { earlier: null, given: [] }) =>
    attempt(channel.name, (tools) => deliverTo(message, channel, { ...tools, ...before }, signal), signal)
}

/** The table's own type says that each function gets the settings of its kind; TypeScript does not follow that far. */
function deliverTo(message: Message, channel: Channel, tools: DeliveryTools, signal: AbortSignal) {
  const deliver = CHANNELS[channel.kind] as (
    message: Message,
    settings: Channel,
    tools: DeliveryTools,
    signal: AbortSignal,
  ) => Promise<Delivery>
  return deliver(message, channel, tools, signal)
}

/** What of a failure's parameters the far side chose: it may repeat what it was sent. */
const THEIRS: readonly string[] = ['words', 'location', 'encoding']

function hiding(error: ReachError, { secrets }: ChannelTools): ReachError {
  const { failure } = error
  const params = Object.entries(failure.params).map(([name, value]) => {
    return [name, typeof value === 'string' && THEIRS.includes(name) ? secrets.shown(value) : value] as const
  })
  return new ReachError({ ...failure, params: Object.fromEntries(params) }, { cause: error })
}
