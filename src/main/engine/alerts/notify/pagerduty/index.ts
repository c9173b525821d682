/** PagerDuty's Events API, version 2. https://developer.pagerduty.com/docs/events-api-v2-overview */
import type { Severity } from '#shared/catalogue/severities.ts'
import { httpPlace } from '../../../reach/http/address.ts'
import type { Deliver } from '../channel.ts'
import { type Given, keyOf, keysOf, outdatedKeyOf } from '../keys.ts'
import { cut, type Message } from '../message.ts'
import { judge, oneAfterTheOther } from '../verdict.ts'

const SEVERITIES: Readonly<Record<Severity, 'info' | 'warning' | 'error' | 'critical'>> = {
  INFO: 'info',
  WARNING: 'warning',
  CRITICAL: 'error',
  EMERGENCY: 'critical',
}
const LONGEST_SUMMARY = 1_024
const LONGEST_KEY = 255

export const deliverPagerDuty: Deliver<'pagerduty'> = async (
  message,
  settings,
  { clock, http, secrets, given },
  signal,
) => {
  const place = httpPlace({ url: settings.server })
  const routingKey = await secrets.need(settings.routingKey, place)
  const url = new URL(`${settings.server.replace(/\/+$/, '')}/v2/enqueue`)
  const headers = { 'content-type': 'application/json' }
  return oneAfterTheOther(pagerDutyEvents(message, given, routingKey), async (event) => {
    const reply = await http({ ...{ url, headers, body: JSON.stringify(event) }, over: settings }, signal)
    const isRight = /"status"\s*:\s*"success"/.test(reply.body)
    return judge({ reply, text: secrets.shown(reply.body), isRight }, clock.now())
  })
}

/** What comes later under a `dedup_key` changes that incident and pages nobody again; of a key that is not known an end is ignored. */
function pagerDutyEvents(message: Message, given: readonly Given[], routingKey: string) {
  if (message.kind === 'resolved') {
    return keysOf(message, given, LONGEST_KEY).map((key) => eventOf(message, routingKey, 'resolve', key))
  }
  const outdated = outdatedKeyOf(message, given, LONGEST_KEY)
  return [
    eventOf(message, routingKey, 'trigger', keyOf(message, LONGEST_KEY)),
    ...(outdated === null ? [] : [eventOf(message, routingKey, 'resolve', outdated)]),
  ]
}

function eventOf(message: Message, routingKey: string, action: 'trigger' | 'resolve', key: string) {
  const { kind, title, severity, deployment, lines, remark, link, checklist, notification } = message
  const links = [link, checklist].flatMap((one) => (one === null ? [] : { href: one.url, text: one.text }))
  const [first] = notification.alerts
  return {
    routing_key: routingKey,
    event_action: action,
    dedup_key: key,
    payload: {
      summary: cut(title, LONGEST_SUMMARY),
      source: deployment ?? 'vakhta',
      severity: kind === 'test' ? 'info' : SEVERITIES[severity],
      timestamp: new Date(notification.decidedAt).toISOString(),
      ...(first?.subject.target == null ? {} : { component: first.subject.target }),
      ...(first === undefined ? {} : { class: first.rule }),
      custom_details: {
        ...Object.fromEntries(lines.map(({ label, value }) => [label, value])),
        ...(remark === null ? {} : { remark }),
      },
    },
    client: 'Vakhta',
    ...(link === null ? {} : { client_url: link.url }),
    ...(links.length === 0 ? {} : { links }),
  }
}
