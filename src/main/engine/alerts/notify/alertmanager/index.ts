/** An Alertmanager that is there already: alerts are pushed to it as Prometheus does. Its API is version 2. */
import { SEVERITIES, type Severity } from '#shared/catalogue/severities.ts'
import type { NotifiedAlert } from '#shared/model/notification.ts'
import { httpPlace } from '../../../reach/http/address.ts'
import { credentialsOf } from '../../../reach/http/credentials.ts'
import type { Deliver } from '../channel.ts'
import { type Message, plainText } from '../message.ts'
import { judge } from '../verdict.ts'

/**
 * Until when an alert counts that nobody ends: it has to outlast the time between two messages about it, and a console
 * that went away for good should not leave it there for ever.
 */
const LASTS_MS = 24 * 3_600_000
const TEST_LASTS_MS = 60_000

export const deliverAlertmanager: Deliver<'alertmanager'> = async (
  message,
  settings,
  { clock, http, secrets },
  signal,
) => {
  const place = httpPlace({ url: settings.server })
  const { headers } = await credentialsOf({ headers: settings.headers }, secrets.resolve, place)
  const url = new URL(`${settings.server.replace(/\/+$/, '')}/api/v2/alerts`)
  const reply = await http(
    {
      ...{ url, over: settings },
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(alertmanagerBody(message)),
    },
    signal,
  )
  return judge({ reply, text: secrets.shown(reply.body) }, clock.now())
}

/** One of its alerts for each of ours. Labels say which it is and never change; what changes are annotations. */
function alertmanagerBody(message: Message) {
  const { notification, kind, title, link } = message
  const { decidedAt, alerts, incident } = notification
  const generatorURL = link?.url ?? ''
  if (alerts.length === 0) {
    const labels = { alertname: kind === 'test' ? 'VakhtaTest' : 'Vakhta', severity: 'info', incident }
    const endsAt = moment(decidedAt + TEST_LASTS_MS)
    const annotations = { summary: title, description: plainText(message) }
    return [{ labels, annotations, startsAt: moment(decidedAt), endsAt, generatorURL }]
  }
  return alerts.flatMap((alert) => {
    const annotations = { summary: title, description: plainText(message), incident, alert: alert.id }
    const one = (severity: Severity, endsAt: number) => ({
      labels: labelsOf(alert, severity),
      annotations,
      startsAt: moment(Math.min(alert.since, endsAt)),
      endsAt: moment(endsAt),
      generatorURL,
    })
    const isOver = alert.endedAt !== null || kind === 'resolved'
    // Its severity is one of its labels, so with another one it is another alert: what it was before ends.
    const before = isOver || kind === 'raised' ? SEVERITIES.filter((other) => other !== alert.severity) : []
    const endsAt = isOver ? (alert.endedAt ?? decidedAt) : decidedAt + LASTS_MS
    return [one(alert.severity, endsAt), ...before.map((severity) => one(severity, decidedAt))]
  })
}

function labelsOf({ rule, deployment, subject }: NotifiedAlert, severity: Severity): Record<string, string> {
  const own = Object.entries(subject.labels).map(([name, value]) => [labelName(name), value])
  return {
    ...Object.fromEntries(own),
    alertname: rule,
    deployment,
    severity: severity.toLowerCase(),
    ...(subject.probe === null ? {} : { probe: subject.probe }),
    ...(subject.target === null ? {} : { target: subject.target }),
  }
}

function labelName(name: string): string {
  return name.replaceAll(/\W/g, '_').replace(/^(?=\d)/, '_')
}

function moment(at: number): string {
  return new Date(at).toISOString()
}
