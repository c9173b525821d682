/**
 * A dead man's switch: something outside hears from this console as long as it watches, and raises the alarm when it does
 * not. Messages of these schemas are keys of `locales/<language>/profile.ts`.
 */
import { z } from 'zod'
import { AlertmanagerChannel, PagerDutyChannel, WebhookChannel } from './channel.ts'
import { DeliveryAttempt } from './delivery.ts'
import { Name } from './profile/fields.ts'

/** Whoever holds an event back does so for five minutes, as the guide says: two beats may be lost, and it does not page. */
export const HELD_BACK_MOST_SECONDS = 120

const everywhere = {
  name: Name,
  enabled: z.boolean().default(true),
  everySeconds: z.number().int().min(10).max(3_600).default(60),
}

export const Heartbeat = z.discriminatedUnion('kind', [
  /** healthchecks.io, Uptime Kuma's push monitors, Dead Man's Snitch: an address that is asked for. */
  z.strictObject({
    ...everywhere,
    kind: z.literal('url'),
    ...WebhookChannel.pick({ url: true, tls: true, proxy: true }).shape,
    method: z.enum(['GET', 'POST']).default('POST'),
  }),
  /** An alert that always fires, for whoever notices that it does not: `VakhtaWatchdog`. */
  z.strictObject({
    ...everywhere,
    kind: z.literal('alertmanager'),
    ...AlertmanagerChannel.pick({ server: true, headers: true, tls: true, proxy: true }).shape,
  }),
  /** An event that PagerDuty holds back for a while, and that the next one takes back in time. */
  z.strictObject({
    ...everywhere,
    kind: z.literal('pagerduty'),
    everySeconds: everywhere.everySeconds.unwrap().max(HELD_BACK_MOST_SECONDS).default(60),
    ...PagerDutyChannel.pick({ routingKey: true, server: true, tls: true, proxy: true }).shape,
  }),
])
export type Heartbeat = z.infer<typeof Heartbeat>
export type HeartbeatInput = z.input<typeof Heartbeat>
export type HeartbeatOf<Kind extends Heartbeat['kind']> = Extract<Heartbeat, { kind: Kind }>

export const HEARTBEAT_KINDS = [
  'url',
  'alertmanager',
  'pagerduty',
] as const satisfies readonly Heartbeat['kind'][]

export const HeartbeatStanding = z.object({
  /** `silent`: nothing is watched, so nothing is said. `failing`: the other side did not take the last one. */
  state: z.enum(['beating', 'silent', 'failing', 'off', 'starting']),
  /** When the other side took one last; milliseconds since the epoch. */
  beatAt: z.number().nullable(),
  latest: DeliveryAttempt.nullable(),
})
export type HeartbeatStanding = z.infer<typeof HeartbeatStanding>
