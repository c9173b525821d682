/** Opsgenie's Alert API. https://docs.opsgenie.com/docs/alert-api */
import type { Severity } from '#shared/catalogue/severities.ts'
import { httpPlace } from '../../../reach/http/address.ts'
import type { Deliver } from '../channel.ts'
import { cut, type Message, plainText } from '../message.ts'
import { judge } from '../verdict.ts'

const PRIORITIES: Readonly<Record<Severity, string>> = {
  INFO: 'P5',
  WARNING: 'P3',
  CRITICAL: 'P2',
  EMERGENCY: 'P1',
}
const LONGEST_MESSAGE = 130
const LONGEST_ALIAS = 512
const LONGEST_DESCRIPTION = 15_000

export const deliverOpsgenie: Deliver<'opsgenie'> = async (
  message,
  settings,
  { clock, http, secrets },
  signal,
) => {
  const place = httpPlace({ url: settings.server })
  const key = await secrets.need(settings.apiKey, place)
  const { path, body } = opsgenieRequest(message)
  const url = new URL(`${settings.server.replace(/\/+$/, '')}${path}`)
  const headers = { 'content-type': 'application/json', authorization: `GenieKey ${key}` }
  const reply = await http({ ...{ url, headers, body: JSON.stringify(body) }, over: settings }, signal)
  const isRight = /"requestId"\s*:/.test(reply.body)
  return judge({ reply, text: secrets.shown(reply.body), isRight }, clock.now())
}

/**
 * Everything about one incident has the same alias. Opening an alert that is open only counts it up, so what comes later
 * is a note; one that got worse opens anew under the alias with its severity, since that pages again.
 */
export function opsgenieRequest(message: Message): { path: string; body: Record<string, unknown> } {
  const { kind, incident, severity, title, deployment, lines, notification } = message
  const alias = `${incident.slice(0, LONGEST_ALIAS - 12)}${kind === 'raised' ? `:${severity}` : ''}`
  const source = 'Vakhta'
  const note = cut(`${title}\n${plainText(message)}`, LONGEST_DESCRIPTION)
  const at = `/v2/alerts/${encodeURIComponent(alias)}`
  if (kind === 'resolved') return { path: `${at}/close?identifierType=alias`, body: { source, note } }
  if (kind === 'update') return { path: `${at}/notes?identifierType=alias`, body: { source, note } }
  return {
    path: '/v2/alerts',
    body: {
      message: cut(title, LONGEST_MESSAGE),
      alias,
      description: cut(plainText(message), LONGEST_DESCRIPTION),
      priority: kind === 'test' ? 'P5' : PRIORITIES[severity],
      source,
      ...(deployment === null ? {} : { entity: deployment }),
      tags: [severity, ...new Set(notification.alerts.map(({ rule }) => rule))].slice(0, 20),
      details: Object.fromEntries(lines.map(({ label, value }) => [label, value])),
    },
  }
}
