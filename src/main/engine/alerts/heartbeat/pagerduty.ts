/**
 * A dead man's switch at PagerDuty, which holds an event back for a while: each beat leaves a new one and takes the one before
 * back, so that whoever falls silent has left one that pages. Events API v2: what is resolved is the event of a `dedup_key`.
 */
import type { HeartbeatOf } from '#shared/model/heartbeat.ts'
import { httpPlace } from '../../reach/http/address.ts'
import type { ChannelTools, Delivery } from '../notify/channel.ts'
import { judge, oneAfterTheOther } from '../notify/verdict.ts'

/** What a rule in PagerDuty goes by that holds these events back. */
const CLASS = 'vakhta-heartbeat'
/** What somebody tried is taken back also where they did not wait for it. */
const TAKEN_BACK_WITHIN_MS = 10_000

type Settings = HeartbeatOf<'pagerduty'>
/** Two events, in turns: one is there before the other goes, however the two arrive and wherever it breaks off. */
export type Turn = 0 | 1

/** Leaves the event of this turn, then takes the other one back. */
export async function beatPagerDuty(
  settings: Settings,
  turn: Turn,
  tools: ChannelTools,
  signal: AbortSignal,
): Promise<Delivery> {
  const { name } = settings
  const send = await sender(settings, tools)
  return oneAfterTheOther(
    [
      { action: 'trigger', key: keyOf(name, turn) },
      { action: 'resolve', key: keyOf(name, turn === 0 ? 1 : 0) },
    ] as const,
    ({ action, key }) => send(action, key, signal),
  )
}

/** Both go: nobody beats under this name any more. */
export async function endPagerDuty(settings: Settings, tools: ChannelTools, signal: AbortSignal) {
  const send = await sender(settings, tools)
  return oneAfterTheOther([0, 1] as const, (turn) => send('resolve', keyOf(settings.name, turn), signal))
}

/** Leaves nothing, and touches nothing that a switch of this name has left. */
export async function tryPagerDuty(settings: Settings, tools: ChannelTools, signal: AbortSignal) {
  const key = `${keyOf(settings.name, 0)}:test`
  const send = await sender(settings, tools)
  let given: Delivery | null = null
  let taken: Delivery
  try {
    given = await send('trigger', key, signal)
  } finally {
    // It may have arrived though its answer did not.
    taken = await send('resolve', key, AbortSignal.timeout(TAKEN_BACK_WITHIN_MS))
  }
  return given.status === 'delivered' ? taken : given
}

function keyOf(name: string, turn: Turn): string {
  return turn === 0 ? `${CLASS}:${name}` : `${CLASS}:${name}:2`
}

async function sender(settings: Settings, { clock, http, secrets }: ChannelTools) {
  const { server } = settings
  const routing_key = await secrets.need(settings.routingKey, httpPlace({ url: server }))
  return async (event_action: 'resolve' | 'trigger', dedup_key: string, signal: AbortSignal) => {
    const event = {
      ...{ routing_key, event_action, dedup_key },
      payload: {
        summary: 'Vakhta has fallen silent: nobody watches.',
        source: 'vakhta',
        severity: 'critical',
        class: CLASS,
        timestamp: new Date(clock.now()).toISOString(),
      },
      client: 'Vakhta',
    }
    const reply = await http(
      {
        url: new URL(`${server.replace(/\/+$/, '')}/v2/enqueue`),
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(event),
        over: settings,
      },
      signal,
    )
    const isRight = /"status"\s*:\s*"success"/.test(reply.body)
    return judge({ reply, text: secrets.shown(reply.body), isRight }, clock.now())
  }
}
