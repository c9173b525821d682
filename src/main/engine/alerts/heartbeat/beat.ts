/** One beat, to each kind of whoever listens. */
import type { Heartbeat, HeartbeatOf } from '#shared/model/heartbeat.ts'
import { httpPlace } from '../../reach/http/address.ts'
import { credentialsOf } from '../../reach/http/credentials.ts'
import type { ChannelTools, Delivery } from '../notify/channel.ts'
import { judge } from '../notify/verdict.ts'

/** So many beats may be lost before an Alertmanager thinks that the alert is over. */
const OUTLASTS_BEATS = 4
const WATCHDOG = 'VakhtaWatchdog'
/** What a rule in PagerDuty goes by that holds these events back. */
const PAGERDUTY_CLASS = 'vakhta-heartbeat'

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

/** Takes the event back that is held back there, and leaves a new one: whoever falls silent has left one that pages. */
const beatPagerDuty: Beat<'pagerduty'> = async (settings, { clock, http, secrets }, signal) => {
  const { server, name } = settings
  const routing_key = await secrets.need(settings.routingKey, httpPlace({ url: server }))
  const event = (event_action: 'resolve' | 'trigger') => ({
    ...{ routing_key, event_action, dedup_key: `${PAGERDUTY_CLASS}:${name}` },
    payload: {
      summary: 'Vakhta has fallen silent: nobody watches.',
      source: 'vakhta',
      severity: 'critical',
      class: PAGERDUTY_CLASS,
      timestamp: new Date(clock.now()).toISOString(),
    },
    client: 'Vakhta',
  })
  const send = async (action: 'resolve' | 'trigger') => {
    const reply = await http(
      {
        url: new URL(`${server.replace(/\/+$/, '')}/v2/enqueue`),
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(event(action)),
        over: settings,
      },
      signal,
    )
    const isRight = /"status"\s*:\s*"success"/.test(reply.body)
    return judge({ reply, text: secrets.shown(reply.body), isRight }, clock.now())
  }
  const taken = await send('resolve')
  return taken.status === 'delivered' ? send('trigger') : taken
}

export function beatOnce(settings: Heartbeat, tools: ChannelTools, signal: AbortSignal): Promise<Delivery> {
  switch (settings.kind) {
    case 'url':
      return beatUrl(settings, tools, signal)
    case 'alertmanager':
      return beatAlertmanager(settings, tools, signal)
    case 'pagerduty':
      return beatPagerDuty(settings, tools, signal)
  }
}
