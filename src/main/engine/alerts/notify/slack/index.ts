/**
 * Incoming webhooks of Slack, and of what takes the same: Mattermost, Rocket.Chat. Attachments and not blocks, because
 * Slack alone has those. https://api.slack.com/messaging/webhooks
 */
import type { Severity } from '#shared/catalogue/severities.ts'
import type { Deliver } from '../channel.ts'
import { cut, type Message } from '../message.ts'
import { judge } from '../verdict.ts'

const COLOURS: Readonly<Record<Severity, string>> = {
  INFO: '#6b7280',
  WARNING: '#d97706',
  CRITICAL: '#dc2626',
  EMERGENCY: '#991b1b',
}
const OVER = '#16a34a'
const LONGEST_TEXT = 3_000
/** Fields that are this short stand side by side. */
const SHORT = 40

export const deliverSlack: Deliver<'slack'> = async (message, settings, { clock, http, secrets }, signal) => {
  const { url, isSecret } = await secrets.address(settings.url)
  const body = JSON.stringify(slackBody(message))
  const headers = { 'content-type': 'application/json; charset=utf-8' }
  const reply = await http({ ...{ url, isSecret, headers, body }, over: settings }, signal)
  // Both answer "ok"; a page of HTML is a login or an error of something in between.
  const isRight = !/^\s*</.test(reply.body)
  return judge({ reply, text: secrets.shown(reply.body), isRight }, clock.now())
}

function slackBody({ title, lines, remark, link, severity, kind, notification }: Message) {
  const text = escaped(cut(title, LONGEST_TEXT))
  return {
    text,
    attachments: [
      {
        fallback: text,
        color: kind === 'resolved' ? OVER : COLOURS[severity],
        ...(link === null ? {} : { title: escaped(link.text), title_link: link.url }),
        ...(remark === null ? {} : { text: escaped(remark) }),
        fields: lines.map(({ label, value }) => ({
          title: escaped(label),
          value: escaped(cut(value, LONGEST_TEXT)),
          short: value.length <= SHORT,
        })),
        ts: Math.floor(notification.decidedAt / 1_000),
      },
    ],
  }
}

/** The three characters that Slack's own markup begins with. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
