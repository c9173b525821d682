/** One beat, to each kind of whoever listens. */
import type { Heartbeat, HeartbeatOf } from '#shared/model/heartbeat.ts'
import { httpPlace } from '../../reach/http/address.ts'
import { credentialsOf } from '../../reach/http/credentials.ts'
import type { ChannelTools, Delivery } from '../notify/channel.ts'
import { judge } from '../notify/verdict.ts'
import { beatPagerDuty, type Turn, tryPagerDuty } from './pagerduty.ts'

/** So many beats may be lost before an Alertmanager thinks that the alert is over. */
const OUTLASTS_BEATS = 4
const WATCHDOG = 'VakhtaWatchdog'

type Beat<Kind extends Heartbeat['kind']> = (
  settings: HeartbeatOf<Kind>,
  tools: ChannelTools,
  signal: AbortSignal,
) => Promise<Delivery>

const beatUrl: Beat<'url'> = async (settings, { clock, http, secrets }, signal) => {
  const { url, isSecret } = await secrets.address(settings.url)
  const reply = await http({ ...{ url, isSecret, method: settings.method }, over: settings }, signal)
  return judge({ reply, text: secrets.shown(reply.body) }, clock.now())
}

const beatAlertmanager: Beat<'alertmanager'> = async (settings, { clock, http, secrets }, signal) => {
  const { server, name, everySeconds } = settings
  const { headers } = await credentialsOf(
    { headers: settings.headers },
    secrets.resolve,
    httpPlace({ url: server }),
  )
  const endsAt = clock.now() + everySeconds * OUTLASTS_BEATS * 1_000
  const alert = {
    labels: { alertname: WATCHDOG, severity: 'none', heartbeat: name },
    annotations: { summary: 'Vakhta watches. This alert always fires; be told when it does not.' },
    endsAt: new Date(endsAt).toISOString(),
  }
  const reply = await http(
    {
      url: new URL(`${server.replace(/\/+$/, '')}/api/v2/alerts`),
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify([alert]),
      over: settings,
    },
    signal,
  )
  return judge({ reply, text: secrets.shown(reply.body) }, clock.now())
}

/** @param turn of the two events that PagerDuty holds in turns, the one that this beat leaves */
export function beatOnce(
  settings: Heartbeat,
  turn: Turn,
  tools: ChannelTools,
  signal: AbortSignal,
): Promise<Delivery> {
  switch (settings.kind) {
    case 'url':
      return beatUrl(settings, tools, signal)
    case 'alertmanager':
      return beatAlertmanager(settings, tools, signal)
    case 'pagerduty':
      return beatPagerDuty(settings, turn, tools, signal)
  }
}

/** A beat that leaves nothing behind which pages later. */
export function tryOnce(settings: Heartbeat, tools: ChannelTools, signal: AbortSignal): Promise<Delivery> {
  return settings.kind === 'pagerduty'
    ? tryPagerDuty(settings, tools, signal)
    : beatOnce(settings, 0, tools, signal)
}
