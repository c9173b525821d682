/** Notifications for tests of channels: an alert of a pool that is nearly used up, with its cause. */
import type { Channel, ChannelInput } from '../../src/shared/model/channel.ts'
import { Channel as ChannelSchema } from '../../src/shared/model/channel.ts'
import { Notification, type NotifiedAlert } from '../../src/shared/model/notification.ts'

export const DECIDED_AT = Date.UTC(2026, 10, 28, 12, 5, 10)

export function alertOf(rest: Partial<NotifiedAlert> = {}): NotifiedAlert {
  return {
    id: 'a1',
    rule: 'db-pool-utilization-high',
    deployment: 'shop',
    subject: { probe: 'pool', target: 'postgres', labels: {} },
    severity: 'CRITICAL',
    state: 'firing',
    value: 95,
    threshold: 90,
    direction: 'above',
    unit: 'percent',
    reason: { code: 'host-cpu-high', params: { value: 95, limit: 90, host: 'web-1' } },
    checklist: null,
    since: DECIDED_AT - 10_000,
    endedAt: null,
    acknowledgedBy: null,
    cause: null,
    ...rest,
  }
}

export function notificationOf(rest: Partial<Notification> = {}): Notification {
  return Notification.parse({
    id: 'n1',
    incident: 'i1',
    kind: 'firing',
    deployment: 'shop',
    environment: 'production',
    severity: 'CRITICAL',
    alerts: [alertOf()],
    moreAlerts: 0,
    inhibited: 0,
    channels: [],
    silence: null,
    decidedAt: DECIDED_AT,
    possibleRepeat: false,
    ...rest,
  })
}

export function channelOf<Kind extends Channel['kind']>(
  settings: ChannelInput & { kind: Kind },
): Extract<Channel, { kind: Kind }> {
  return ChannelSchema.parse(settings) as Extract<Channel, { kind: Kind }>
}
