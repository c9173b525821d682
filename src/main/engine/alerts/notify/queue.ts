/**
 * The delivery queue: what was decided goes to each channel at least once, in order within an incident, across restarts
 * and kills. A row is marked durably before anything of it goes out, so that what may have arrived already is known.
 */
import type { Channel } from '#shared/model/channel.ts'
import type { Notification } from '#shared/model/notification.ts'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { DeliverToAny } from './channel.ts'
import type { ChannelRepository } from './channels.ts'
import type { DeliveryStore, Outcome, Waiting } from './delivery-store.ts'
import { messageOf } from './message.ts'
import { outcomeOf } from './pacing.ts'
import { LONGEST_PAUSE_MS } from './verdict.ts'

export interface QueueDependencies {
  readonly deliveries: DeliveryStore
  readonly channels: ChannelRepository
  readonly deliver: DeliverToAny
  readonly clock: Clock
  readonly log: Log
  /** Evenly in [0, 1). */
  readonly random: () => number
  /** Called after each attempt. */
  readonly onAttempt: () => void
  readonly hasPages: boolean
}

export interface Queue {
  start(): Promise<void>
  /** Something may be due: rows were added, or a channel changed. */
  wake(): void
  /** What waits for a channel is tried at once: what it failed for may be over. */
  hasten(channel: string): Promise<void>
  /** Lets what is under way end for a moment; what does not is marked as a possible repeat at the next start. */
  stop(): Promise<void>
}

const MOST_AT_ONCE = 8
const MOST_AT_ONCE_PER_CHANNEL = 2
/** The wall clock may be set, and the machine may sleep: what is due is looked for at least this often while something waits. */
const LONGEST_NAP_MS = 30_000
const STOP_MS = 1_000
/** What is told so long after it was decided says so. */
const LATE_AFTER_MS = 10 * 60_000
const WRITE_AGAIN_AFTER_MS = 10_000
/** Old rows are forgotten about this often. */
const TIDY_EVERY_MS = 3_600_000

export function createQueue(dependencies: QueueDependencies): Queue {
  const { deliveries, channels, deliver, clock, log, random, onAttempt, hasPages } = dependencies
  const stopping = new AbortController()
  const underWay = new Map<number, { channel: string; ended: Promise<void> }>()
  /** Channels that asked to be left alone, and until when; monotonic, here and below: the wall clock may be set back. */
  const pauses = new Map<string, number>()
  /** Until when a message rests that was tried by this console. */
  const rests = new Map<number, { readonly channel: string; readonly until: number }>()
  /** What came of a message and could not be written down: that is tried again, and the message is not sent again meanwhile. */
  const unwritten = new Map<number, { readonly outcome: Outcome; notBefore: number }>()
  let cancelNap = () => {}
  let isStarted = false
  let looking: Promise<void> | null = null
  let again = false
  let tidiedAt = Number.NEGATIVE_INFINITY

  function wake(): void {
    if (!isStarted || stopping.signal.aborted) return
    if (looking !== null) {
      again = true
      return
    }
    looking = look()
      .catch((error: unknown) => {
        log.error({ err: error }, 'the delivery queue could not be read; it is tried again')
        nap(LONGEST_NAP_MS)
      })
      .finally(() => {
        looking = null
        if (again) {
          again = false
          wake()
        }
      })
  }

  function nap(ms: number): void {
    cancelNap()
    cancelNap = clock.after(Math.min(Math.max(ms, 1), LONGEST_NAP_MS), wake)
  }

  async function look(): Promise<void> {
    cancelNap()
    const now = clock.now()
    if (clock.monotonic() - tidiedAt > TIDY_EVERY_MS) {
      tidiedAt = clock.monotonic()
      await deliveries.forget(now).catch(unwritable)
    }
    const heads = await deliveries.heads()
    const gone = new Set<string>()
    let soonest = Number.POSITIVE_INFINITY
    for (const head of heads) {
      if (underWay.has(head.row)) continue
      const channel = channels.get(head.channel)
      if (channel === null || !channel.enabled) {
        gone.add(head.channel)
        continue
      }
      const settled = unwritten.get(head.row)
      const wait =
        settled === undefined
          ? Math.max(restOf(head), (pauses.get(head.channel) ?? 0) - clock.monotonic())
          : settled.notBefore - clock.monotonic()
      if (wait > 0) soonest = Math.min(soonest, wait)
      else if (hasRoom(head.channel)) begin(head)
    }
    if (soonest < Number.POSITIVE_INFINITY) nap(soonest)
    for (const channel of gone) {
      log.warn({ channel }, 'messages for a channel that is gone or switched off are dropped')
      await deliveries.drop(channel, now).catch(unwritable)
      forgetRests(channel)
    }
  }

  function forgetRests(channel: string): void {
    for (const [row, rest] of rests) if (rest.channel === channel) rests.delete(row)
  }

  /** What only tidies up waits for another time: a full disk is no reason to keep an alert back. */
  function unwritable(error: unknown): void {
    log.error({ err: error }, 'the delivery queue could not be tidied up')
  }

  /**
   * How long a message is still to rest. On record that is a moment of the wall clock, which may have been set back since: what was not tried
   * yet rests at no time, and nothing longer than anything is made to.
   */
  function restOf({ row, attempts, nextAt }: Waiting): number {
    if (attempts === 0) return 0
    const onRecord = nextAt - clock.now()
    const known = rests.get(row)
    // Over a sleep only the wall clock goes on.
    if (known !== undefined) return Math.min(onRecord, known.until - clock.monotonic())
    return onRecord > LONGEST_PAUSE_MS ? 0 : onRecord
  }

  function hasRoom(channel: string): boolean {
    const ofChannel = [...underWay.values()].filter((one) => one.channel === channel).length
    return underWay.size < MOST_AT_ONCE && ofChannel < MOST_AT_ONCE_PER_CHANNEL
  }

  function begin(head: Waiting): void {
    const ended = attempt(head)
      .catch((error: unknown) => {
        if (stopping.signal.aborted) return
        log.error({ err: error, channel: head.channel }, 'how a message fared could not be written down')
        const later = clock.monotonic() + WRITE_AGAIN_AFTER_MS
        const settled = unwritten.get(head.row)
        if (settled === undefined) pauses.set(head.channel, later)
        else settled.notBefore = later
      })
      .finally(() => {
        underWay.delete(head.row)
        wake()
      })
    underWay.set(head.row, { channel: head.channel, ended })
  }

  async function attempt(head: Waiting): Promise<void> {
    const { row, notification } = head
    const channel = channels.get(head.channel)
    if (channel === null) return
    if (notification === null) {
      log.error({ channel: head.channel }, 'a message on record is not understood, and is dropped')
      return deliveries.dropOne(row, clock.now())
    }
    const outcome = unwritten.get(row)?.outcome ?? (await send(head, notification, channel))
    unwritten.set(row, { outcome, notBefore: 0 })
    await deliveries.end(row, outcome)
    unwritten.delete(row)
    onAttempt()
  }

  async function send(head: Waiting, notification: Notification, channel: Channel): Promise<Outcome> {
    const { row } = head
    // Also where it was handed on before it could be written.
    const possibleRepeat = head.possibleRepeat || notification.possibleRepeat
    await deliveries.begin(row).catch((error: unknown) => {
      // A full disk is no reason to keep an alarm back.
      log.error({ err: error, channel: channel.name }, 'a message goes out without having been marked')
    })
    const baseUrl = channels.baseUrl()
    const at = clock.now()
    const isLate = at - notification.decidedAt >= LATE_AFTER_MS
    const message = messageOf({ ...notification, possibleRepeat }, { ...channel, baseUrl, isLate, hasPages })
    const had = { earlier: head.earlier, given: await deliveries.given(head) }
    const answered = await deliver(message, channel, stopping.signal, had)
    const { retryAfterMs, handle = null, ...answer } = answered
    const now = clock.now()
    if (answer.status === 'retry' && retryAfterMs !== null)
      pauses.set(channel.name, clock.monotonic() + retryAfterMs)
    const before = { attempts: head.attempts, possibleRepeat, decidedAt: notification.decidedAt }
    const outcome = { ...outcomeOf({ answer, retryAfterMs, at, now, before }, random), handle }
    if (outcome.nextAt === null) rests.delete(row)
    else rests.set(row, { channel: channel.name, until: clock.monotonic() + outcome.nextAt - now })
    if (outcome.state !== 'waiting' && outcome.state !== 'delivered') {
      const told = { channel: channel.name, state: outcome.state, failure: answer.failure }
      log.warn(told, 'a message was not delivered, and is not tried again')
    }
    return outcome
  }

  return {
    async start() {
      const interrupted = await deliveries.recover()
      if (interrupted > 0)
        log.warn({ messages: interrupted }, 'messages were under way when the console ended')
      isStarted = true
      wake()
    },
    wake,
    async hasten(channel) {
      pauses.delete(channel)
      forgetRests(channel)
      await deliveries.hasten(channel, clock.now())
      wake()
    },
    async stop() {
      isStarted = false
      cancelNap()
      const all = Promise.all([...underWay.values()].map(({ ended }) => ended))
      const moment = Promise.withResolvers<void>()
      const cancel = clock.after(STOP_MS, () => moment.resolve())
      await Promise.race([all, moment.promise])
      cancel()
      stopping.abort(new Error('the console stops'))
      await all
    },
  }
}
