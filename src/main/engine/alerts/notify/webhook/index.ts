/** The generic webhook: documented JSON with a version, signed where there is a secret for it. */
import { createHmac } from 'node:crypto'
import { httpPlace } from '../../../reach/http/address.ts'
import { credentialsOf } from '../../../reach/http/credentials.ts'
import type { Deliver } from '../channel.ts'
import { type Message, plainText } from '../message.ts'
import { judge } from '../verdict.ts'

/** Counts up when something in the body changes its meaning or goes away; additions leave it. */
const VERSION = 1

export const deliverWebhook: Deliver<'webhook'> = async (
  message,
  settings,
  { clock, http, secrets },
  signal,
) => {
  const { url, isSecret } = await secrets.address(settings.url)
  const place = httpPlace({ url: url.href })
  const { headers } = await credentialsOf({ headers: settings.headers }, secrets.resolve, place)
  const body = webhookBody(message)
  const timestamp = String(Math.floor(clock.now() / 1_000))
  const { signingSecret } = settings
  const signature =
    signingSecret === undefined
      ? {}
      : { 'x-vakhta-signature': sign(await secrets.need(signingSecret, place), timestamp, body) }
  const reply = await http(
    {
      ...{ url, isSecret, body, over: settings },
      headers: {
        'content-type': 'application/json; charset=utf-8',
        ...headers,
        'idempotency-key': message.id,
        'x-vakhta-timestamp': timestamp,
        ...signature,
      },
    },
    signal,
  )
  return judge({ reply, text: secrets.shown(reply.body) }, clock.now())
}

/** `v1=` and HMAC-SHA256 in hexadecimal over `TIMESTAMP.BODY`: whoever replays an old request cannot change its time. */
function sign(secret: string, timestamp: string, body: string): string {
  return `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`
}

/** What the guide documents; values and codes are for programs, `title` and `text` for people. */
function webhookBody(message: Message): string {
  const { notification, language, title, link } = message
  const { id, incident, kind, severity, deployment, environment, possibleRepeat, doubled } = notification
  const { decidedAt, silence, escalation } = notification
  return JSON.stringify({
    version: VERSION,
    ...{ id, incident, kind, severity, deployment, environment, possibleRepeat, doubled },
    decidedAt: moment(decidedAt),
    ...{ language, title },
    text: plainText(message),
    url: link?.url ?? null,
    alerts: notification.alerts.map((alert) => ({
      ...alert,
      since: moment(alert.since),
      endedAt: alert.endedAt === null ? null : moment(alert.endedAt),
      cause: alert.cause === null ? null : { ...alert.cause, since: moment(alert.cause.since) },
    })),
    moreAlerts: notification.moreAlerts,
    inhibited: notification.inhibited,
    way: notification.way,
    silence: silence === null ? null : { id: silence.id, until: moment(silence.until) },
    escalation,
  })
}

function moment(at: number): string {
  return new Date(at).toISOString()
}
