/**
 * What stands between two messages with each Alertmanager: what fires is pushed again and again, so that it ends there when this console
 * dies, and what is silenced there is silenced here. One that does not answer leaves what was mirrored of it until its own end.
 */
import type { ChannelOf } from '#shared/model/channel.ts'
import { NotifiedAlert } from '#shared/model/notification.ts'
import type { Clock } from '../../../clock.ts'
import type { Log } from '../../../log.ts'
import type { Alerts, ToldAlert } from '../../alerts.ts'
import type { Delivery } from '../channel.ts'
import type { ChannelRepository } from '../channels.ts'
import { receiversOf } from '../receivers.ts'
import type { Attempt } from '../registry.ts'
import { judge } from '../verdict.ts'
import { LASTS_MS, PUSH_EVERY_MS, pushedAlert } from './alerts.ts'
import { askAlertmanager } from './ask.ts'
import { MOST_BYTES, mirrorOf, type NotMirrored, type Ours, TheirSilences } from './silences.ts'

/** People silence there and expect quiet. */
export const READ_EVERY_MS = 20_000
/** What ended is pushed for so long, should a push of it be lost. */
const ENDED_FOR_MS = 15 * 60_000
const MOST_IN_ONE = 500

/** How a tie does; `null` before the first time. */
export interface AlertmanagerStanding {
  readonly pushed: Told | null
  /** `null` also where its silences are not mirrored. */
  readonly read: (Told & { readonly notMirrored: readonly NotMirrored[] }) | null
}
interface Told {
  /** Milliseconds since the epoch: the newest time that it worked; `null`: never. */
  readonly at: number | null
  /** Why it did not the last time; `null`: it did. */
  readonly failure: Delivery['failure']
}

export interface AlertmanagerTies {
  standing(channel: string): AlertmanagerStanding
  start(): void
  stop(): void
}

export interface TiesOptions {
  readonly channels: ChannelRepository
  readonly alerts: Pick<Alerts, 'told' | 'mirrored' | 'rules'>
  readonly deployments: () => readonly string[]
  readonly attempt: Attempt
  readonly clock: Clock
  readonly log: Log
}

type AlertmanagerChannel = ChannelOf<'alertmanager'>

interface Tie {
  channel: AlertmanagerChannel
  pushed: Told | null
  read: AlertmanagerStanding['read']
  pushedAt: number
  cancel: () => void
}

export function createAlertmanagerTies(options: TiesOptions): AlertmanagerTies {
  const { channels, alerts, deployments, attempt, clock, log } = options
  const ties = new Map<string, Tie>()
  const stopping = new AbortController()
  let isStarted = false

  channels.onChange(() => {
    if (isStarted) follow()
  })

  function follow(): void {
    const wanted = new Map(
      channels
        .list()
        .flatMap(({ channel }) =>
          channel.kind === 'alertmanager' && channel.enabled ? [[channel.name, channel] as const] : [],
        ),
    )
    for (const [name, tie] of ties) {
      if (wanted.get(name) === tie.channel) continue
      tie.cancel()
      ties.delete(name)
    }
    for (const [name, channel] of wanted) {
      if (ties.has(name)) continue
      const tie: Tie = {
        channel,
        ...{ pushed: null, read: null, pushedAt: Number.NEGATIVE_INFINITY },
        cancel() {},
      }
      ties.set(name, tie)
      void turn(tie)
    }
    const mirroring = [...wanted.values()].filter(({ mirrorSilences }) => mirrorSilences)
    alerts.mirrored.only(new Set(mirroring.map(({ name }) => name)))
  }

  async function turn(tie: Tie): Promise<void> {
    try {
      // First what is quiet there: what is pushed may be so.
      if (tie.channel.mirrorSilences) await read(tie)
      if (clock.monotonic() - tie.pushedAt >= PUSH_EVERY_MS) await push(tie)
    } catch (error) {
      if (!stopping.signal.aborted)
        log.error({ err: error, channel: tie.channel.name }, 'an Alertmanager tie failed')
    }
    if (isCurrent(tie)) tie.cancel = clock.after(READ_EVERY_MS, () => void turn(tie))
  }

  function isCurrent(tie: Tie): boolean {
    return !stopping.signal.aborted && ties.get(tie.channel.name) === tie
  }

  async function push(tie: Tie): Promise<void> {
    const { channel } = tie
    tie.pushedAt = clock.monotonic()
    const baseUrl = channels.baseUrl()
    const now = clock.now()
    const there = channels.list().map((one) => one.channel)
    // Whatever a message of it came here for: what is not pushed again ends there by itself.
    const comesHere = ({ goesTo }: ToldAlert) =>
      receiversOf(goesTo, there).some(({ name, takes }) => takes && name === channel.name)
    const pushed = alerts
      .told(ENDED_FOR_MS)
      .filter(comesHere)
      .map((alert) =>
        pushedAlert(NotifiedAlert.parse(alert), {
          ...{ incident: alert.incident, decidedAt: now, wording: channel },
          endsAt: alert.endedAt ?? now + LASTS_MS,
          link: baseUrl === null ? null : { url: baseUrl, text: '' },
        }),
      )
    for (let start = 0; start < pushed.length; start += MOST_IN_ONE) {
      const body = pushed.slice(start, start + MOST_IN_ONE)
      const told = await attempt(
        channel.name,
        async (tools) => {
          const reply = await askAlertmanager({ path: 'alerts', body }, channel, tools, stopping.signal)
          return judge({ reply, text: tools.secrets.shown(reply.body) }, clock.now())
        },
        stopping.signal,
      )
      tie.pushed = noted(tie, tie.pushed, told, 'its alerts could not be pushed to an Alertmanager')
      if (told.status !== 'delivered') return
    }
  }

  async function read(tie: Tie): Promise<void> {
    const { channel } = tie
    let found: ReturnType<typeof mirrorOf> | null = null
    const told = await attempt(
      channel.name,
      async (tools) => {
        const asked = { path: 'silences', maxBytes: MOST_BYTES }
        const reply = await askAlertmanager(asked, channel, tools, stopping.signal)
        const isRight = reply.status === 200 && !reply.truncated
        const theirs = isRight ? TheirSilences.safeParse(jsonOf(reply.body)).data : undefined
        if (theirs !== undefined) found = mirrorOf(theirs, ours(), clock.now())
        return judge({ reply, text: '', isRight: theirs !== undefined }, clock.now())
      },
      stopping.signal,
    )
    if (!isCurrent(tie)) return
    const notMirrored = tie.read?.notMirrored ?? []
    const { mirrored, not } = (found ?? { mirrored: null, not: notMirrored }) as {
      mirrored: ReturnType<typeof mirrorOf>['mirrored'] | null
      not: readonly NotMirrored[]
    }
    const because = 'the silences of an Alertmanager could not be read; those known stay until their end'
    tie.read = { ...noted(tie, tie.read, told, because), notMirrored: not }
    if (mirrored !== null) alerts.mirrored.mirror(channel.name, mirrored)
  }

  function ours(): Ours {
    return { rules: alerts.rules().map(({ id }) => id), deployments: deployments() }
  }

  function noted(tie: Tie, before: Told | null, told: Delivery, because: string): Told {
    if (told.status === 'delivered') return { at: clock.now(), failure: null }
    if (before?.failure?.code !== told.failure?.code) {
      log.warn({ channel: tie.channel.name, failure: told.failure }, because)
    }
    return { at: before?.at ?? null, failure: told.failure }
  }

  return {
    standing(name) {
      const { pushed = null, read = null } = ties.get(name) ?? {}
      return { pushed, read }
    },
    start() {
      isStarted = true
      follow()
    },
    stop() {
      isStarted = false
      stopping.abort(new Error('the console stops'))
      for (const { cancel } of ties.values()) cancel()
    },
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
