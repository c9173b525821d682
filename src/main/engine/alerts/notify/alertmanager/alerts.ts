/** Our alerts as an Alertmanager takes them: labels say which one it is and never change, what changes are annotations. Pure. */
import { SEVERITIES, type Severity } from '#shared/catalogue/severities.ts'
import type { Channel } from '#shared/model/channel.ts'
import type { NotifiedAlert } from '#shared/model/notification.ts'
import { labelsOf } from '../../labels.ts'
import { type Message, messageOf, plainText } from '../message.ts'

/** Pushes are this far apart. */
export const PUSH_EVERY_MS = 60_000
/** Until when an alert counts that nobody ends: three pushes may be lost; a console that died lets it end. */
export const LASTS_MS = 4 * PUSH_EVERY_MS
const TEST_LASTS_MS = 60_000

export interface PushedAlert {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly startsAt: string
  readonly endsAt: string
  readonly generatorURL: string
}

type Wording = Pick<Channel, 'name' | 'language' | 'timeZone'>

/** What a message says, one of its alerts for each of ours. */
export function alertsIn(message: Message, wording: Wording, now: number): PushedAlert[] {
  const { notification, kind, title, link } = message
  const { decidedAt, alerts, incident } = notification
  if (alerts.length === 0) {
    const labels = { alertname: kind === 'test' ? 'VakhtaTest' : 'Vakhta', severity: 'info', incident }
    const endsAt = moment(decidedAt + TEST_LASTS_MS)
    const annotations = { summary: title, description: plainText(message) }
    return [{ labels, annotations, startsAt: moment(decidedAt), endsAt, generatorURL: link?.url ?? '' }]
  }
  return alerts.flatMap((alert) => {
    const isOver = alert.endedAt !== null || kind === 'resolved'
    const endsAt = isOver ? (alert.endedAt ?? decidedAt) : now + LASTS_MS
    const whole = pushedAlert(alert, { ...message, decidedAt, wording, endsAt })
    // Its severity is one of its labels, so with another one it is another alert: what it was before ends.
    const others = isOver || kind === 'raised' ? SEVERITIES.filter((other) => other !== alert.severity) : []
    return [whole, ...others.map((severity) => ended(whole, alert, severity, decidedAt))]
  })
}

export interface Pushing {
  readonly incident: string
  readonly decidedAt: number
  readonly wording: Wording
  readonly link: Message['link']
  readonly endsAt: number
}

/** One of ours, in words of its own. */
export function pushedAlert(
  alert: NotifiedAlert,
  { incident, decidedAt, wording, link, endsAt }: Pushing,
): PushedAlert {
  const { id, deployment, severity } = alert
  const said = messageOf(
    {
      ...{ id, incident, deployment, severity, decidedAt, alerts: [alert], moreAlerts: 0, inhibited: 0 },
      ...{ kind: alert.endedAt === null ? 'firing' : 'resolved', environment: null, channels: [] },
      ...{ silence: null, escalation: null, possibleRepeat: false, doubled: null, way: null },
      ...{ raises: 0, calls: 0, reminders: 0 },
    },
    { ...wording, baseUrl: null },
  )
  return {
    labels: labelsOf(alert),
    annotations: {
      ...{ summary: said.title, description: plainText(said), incident, alert: id },
      // As Alertmanager's own templates know it.
      ...(alert.checklist === null ? {} : { runbook_url: alert.checklist }),
    },
    startsAt: moment(Math.min(alert.since, endsAt)),
    endsAt: moment(endsAt),
    generatorURL: link?.url ?? '',
  }
}

function ended(whole: PushedAlert, alert: NotifiedAlert, severity: Severity, at: number): PushedAlert {
  const startsAt = moment(Math.min(alert.since, at))
  return { ...whole, labels: labelsOf(alert, severity), startsAt, endsAt: moment(at) }
}

function moment(at: number): string {
  return new Date(at).toISOString()
}
