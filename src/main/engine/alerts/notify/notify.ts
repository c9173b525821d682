/** Notifications: from what was decided to the channels, with what became of each. */
import { randomUUID } from 'node:crypto'
import type { Channel, ChannelKind } from '#shared/model/channel.ts'
import type { DeliveryAnswer, DeliveryTrace } from '#shared/model/delivery.ts'
import type { Notification } from '#shared/model/notification.ts'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { Store } from '../../store/store.ts'
import type { NotificationSink, Outbox } from '../record/outbox.ts'
import { type ChannelRepository, createChannelRepository } from './channels.ts'
import { type ChannelStanding, createDeliveryStore } from './delivery-store.ts'
import type { PagePresence } from './desktop/presence.ts'
import { createIntake, type Receiver } from './intake.ts'
import { messageOf, plainText } from './message.ts'
import { createQueue } from './queue.ts'
import { receiversOf } from './receivers.ts'
import { type Attempt, createDeliver } from './registry.ts'
import type { ChannelSeen } from './unheard.ts'

export interface NotifyDependencies {
  readonly store: Store
  readonly outbox: Outbox
  readonly clock: Clock
  readonly log: Log
  readonly attempt: Attempt
  /** Evenly in [0, 1). */
  readonly random: () => number
  /** See `Wording`. */
  readonly hasPages?: boolean
  readonly publicUrl?: string | null
  /** Whether pages show what goes to the desktop; left out where the host has a desktop of its own. */
  readonly pagesStand?: () => PagePresence
  /** Called after each attempt to deliver something. */
  readonly onAttempt?: () => void
}

/** How long the only attempt takes of what cannot be queued. */
const UNDURABLE_MS = 15_000

/** A channel that takes nothing for so long is not heard. */
const UNHEARD_AFTER_MS = 30_000

/**
 * Services that keep what they are told as something open, and call people for it: that a silence ends would open there what nobody ends.
 * Once it has ended, what it kept quiet rings there by itself.
 */
const KEEPS_INCIDENTS: ReadonlySet<ChannelKind> = new Set(['pagerduty', 'opsgenie', 'alertmanager'])

export interface ChannelTest {
  readonly answer: DeliveryAnswer
  /** What was sent, as text. */
  readonly sent: { readonly title: string; readonly text: string }
}

export interface Notify extends NotificationSink {
  readonly channels: ChannelRepository
  /** Sends a message that says that it is a test, at once and past the queue. */
  test(channel: Channel, signal: AbortSignal): Promise<ChannelTest>
  /** What was tried and answered, per notification and channel. */
  traces(notifications: readonly string[]): Promise<DeliveryTrace[]>
  standing(channel: string): Promise<ChannelStanding>
  /** How each channel stands. */
  seen(): Promise<ChannelSeen[]>
  /** Whether what is told arrives anywhere: some channel is switched on that neither fails for a while already nor refused what was tried last. */
  isHeard(): Promise<boolean>
  /** A page is there that can show notes: what waits for one is tried at once. */
  attended(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

export async function createNotify(dependencies: NotifyDependencies): Promise<Notify> {
  const { store, outbox, clock, log, random, attempt, onAttempt = () => {}, hasPages = false } = dependencies
  const { pagesStand = () => 'shows' } = dependencies
  const channels = await createChannelRepository({
    ...{ store, clock, log },
    publicUrl: dependencies.publicUrl ?? null,
  })
  const deliveries = createDeliveryStore({ store })
  const deliver = createDeliver(attempt)
  const queue = createQueue({ deliveries, channels, deliver, clock, log, random, onAttempt, hasPages })
  channels.onChange(queue.wake)
  const intake = createIntake({ outbox, deliveries, receivers, onTaken: queue.wake, clock, log })

  return {
    channels,
    decided: () => intake.wake(),
    undurable(notifications) {
      // The queue is on the same disk: one attempt at once, and all of it again when that works.
      for (const notification of notifications) {
        for (const { name, takes } of receivers(notification)) {
          const channel = channels.get(name)
          if (!takes || channel === null) continue
          const message = messageOf(notification, {
            ...channel,
            baseUrl: channels.baseUrl(),
            hasPages,
          })
          deliver(message, channel, AbortSignal.timeout(UNDURABLE_MS)).catch((error: unknown) => {
            log.error({ channel: name, err: error }, 'what could not be queued could not be sent either')
          })
        }
      }
    },
    async test(channel, signal) {
      const notification = testNotification(clock.now())
      const message = messageOf(notification, { ...channel, baseUrl: channels.baseUrl(), hasPages })
      const { retryAfterMs: _pause, handle: _handle, ...answer } = await deliver(message, channel, signal)
      return { answer, sent: { title: message.title, text: plainText(message) } }
    },
    traces: deliveries.traces,
    standing: deliveries.standing,
    seen,
    async isHeard() {
      return (await seen()).some(({ enabled, state }) => enabled && state === 'takes')
    },
    async attended() {
      for (const { channel } of channels.list()) {
        if (channel.kind === 'desktop' && channel.enabled) await queue.hasten(channel.name)
      }
    },
    async start() {
      // The first message should not wait for its texts to be loaded.
      for (const { channel } of channels.list()) {
        messageOf(testNotification(clock.now()), { ...channel, baseUrl: null })
      }
      await queue.start()
      intake.wake()
    },
    async stop() {
      await intake.stop()
      await queue.stop()
    },
  }

  async function seen(): Promise<ChannelSeen[]> {
    const vain = await deliveries.vainSince()
    return Promise.all(
      channels.list().map(async ({ channel, updatedAt }) => {
        const { name, enabled, everything, kind } = channel
        const onPages = kind === 'desktop' && enabled ? pagesStand() : 'shows'
        const isVain = clock.now() - (vain.get(name) ?? clock.now()) >= UNHEARD_AFTER_MS
        // What is not tried again does not wait; a channel that was corrected since may be well.
        const refusedAt = await deliveries.refusedAt(name)
        const fails = isVain || (refusedAt !== null && refusedAt >= updatedAt)
        const state = onPages !== 'shows' ? onPages : fails ? 'failing' : 'takes'
        return { name, enabled, everything, state } as const
      }),
    )
  }

  /** The announcement of a silence goes only where it stays a message. */
  function receivers(notification: Notification): Receiver[] {
    const { kind, channels: named } = notification
    const there = channels.list().map(({ channel }) => channel)
    return receiversOf(named, there).filter(({ name }) => {
      const channel = channels.get(name)
      return kind !== 'silence-ending' || channel === null || !KEEPS_INCIDENTS.has(channel.kind)
    })
  }
}

function testNotification(now: number): Notification {
  const id = `test-${randomUUID()}`
  return {
    ...{ id, incident: id, kind: 'test', severity: 'INFO', decidedAt: now },
    ...{ deployment: null, environment: null, alerts: [], moreAlerts: 0, inhibited: 0 },
    ...{
      channels: [],
      silence: null,
      escalation: null,
      possibleRepeat: false,
      doubled: null,
      way: null,
      ...{ raises: 0, calls: 0, reminders: 0 },
    },
  }
}
