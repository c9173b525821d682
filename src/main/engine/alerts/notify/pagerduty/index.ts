/** PagerDuty's Events API, version 2. https://developer.pagerduty.com/docs/events-api-v2-overview */
import type { Severity } from '#shared/catalogue/severities.ts'
import { httpPlace } from '../../../reach/http/address.ts'
import type { Deliver } from '../channel.ts'
import { cut, type Message } from '../message.ts'
import { judge } from '../verdict.ts'

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
  { clock, http, secrets },
  signal,
) => {
  const place = httpPlace({ url: settings.server })
  const routingKey = await secrets.need(settings.routingKey, place)
  const url = new URL(`${settings.server.replace(/\/+$/, '')}/v2/enqueue`)
  const body = JSON.stringify(pagerDutyBody(message, routingKey))
  const headers = { 'content-type': 'application/json' }
  const reply = await http({ ...{ url, headers, body }, over: settings }, signal)
  const isRight = /"status"\s*:\s*"success"/.test(reply.body)
  return judge({ reply, text: secrets.shown(reply.body), isRight }, clock.now())
}

/** Everything about one incident has the same `dedup_key`: what comes later changes it and pages nobody again. */
export function pagerDutyBody(message: Message, routingKey: string) {
  const { incident, kind, title, severity, deployment, lines, remark, link, notification } = message
  const [first] = notification.alerts
  return {
    routing_key: routingKey,
    event_action: kind === 'resolved' ? 'resolve' : 'trigger',
    dedup_key: incident.slice(0, LONGEST_KEY),
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
    ...(link === null ? {} : { client_url: link.url, links: [{ href: link.url, text: link.text }] }),
  }
}
