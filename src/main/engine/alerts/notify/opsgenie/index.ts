/** Opsgenie's Alert API. https://docs.opsgenie.com/docs/alert-api */
import type { Severity } from '#shared/catalogue/severities.ts'
import { httpPlace } from '../../../reach/http/address.ts'
import type { Deliver } from '../channel.ts'
import { type Given, keyOf, keysOf, outdatedKeyOf } from '../keys.ts'
import { cut, type Message, plainText } from '../message.ts'
import { judge, oneAfterTheOther } from '../verdict.ts'

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
  { clock, http, secrets, given },
  signal,
) => {
  const place = httpPlace({ url: settings.server })
  const key = await secrets.need(settings.apiKey, place)
  const headers = { 'content-type': 'application/json', authorization: `GenieKey ${key}` }
  return oneAfterTheOther(opsgenieRequests(message, given), async ({ path, body }) => {
    const url = new URL(`${settings.server.replace(/\/+$/, '')}${path}`)
    const reply = await http({ ...{ url, headers, body: JSON.stringify(body) }, over: settings }, signal)
    const isRight = /"requestId"\s*:/.test(reply.body)
    return judge({ reply, text: secrets.shown(reply.body), isRight }, clock.now())
  })
}

interface OpsgenieRequest {
  readonly path: string
  readonly body: Record<string, unknown>
}

/** Opening an alert that is open only counts it up, so what comes later is a note; of an alias that is not known an end is ignored. */
function opsgenieRequests(message: Message, given: readonly Given[]): OpsgenieRequest[] {
  const { kind, title } = message
  const source = 'Vakhta'
  const note = cut(`${title}\n${plainText(message)}`, LONGEST_DESCRIPTION)
  const at = (alias: string, what: string) =>
    `/v2/alerts/${encodeURIComponent(alias)}/${what}?identifierType=alias`
  const closing = (key: string) => ({ path: at(key, 'close'), body: { source, note } })
  if (kind === 'resolved') {
    return keysOf(message, given, LONGEST_ALIAS).map(closing)
  }
  const alias = keyOf(message, LONGEST_ALIAS)
  if (kind === 'update') return [{ path: at(alias, 'notes'), body: { source, note } }]
  const outdated = outdatedKeyOf(message, given, LONGEST_ALIAS)
  return [opening(message, alias), ...(outdated === null ? [] : [closing(outdated)])]
}

function opening(message: Message, alias: string): OpsgenieRequest {
  const { kind, severity, title, deployment, lines, notification } = message
  return {
    path: '/v2/alerts',
    body: {
      message: cut(title, LONGEST_MESSAGE),
      alias,
      description: cut(plainText(message), LONGEST_DESCRIPTION),
      priority: kind === 'test' ? 'P5' : PRIORITIES[severity],
      source: 'Vakhta',
      ...(deployment === null ? {} : { entity: deployment }),
      tags: [severity, ...new Set(notification.alerts.map(({ rule }) => rule))].slice(0, 20),
      details: Object.fromEntries(lines.map(({ label, value }) => [label, value])),
    },
  }
}
