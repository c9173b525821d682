/** ntfy, published as JSON. https://docs.ntfy.sh/publish/#publish-as-json */
import type { Severity } from '#shared/catalogue/severities.ts'
import { isReference } from '#shared/model/profile/headers.ts'
import { httpPlace } from '../../../reach/http/address.ts'
import type { Deliver } from '../channel.ts'
import { type Message, plainText } from '../message.ts'
import { judge } from '../verdict.ts'

/** 5 rings through "do not disturb". */
const PRIORITIES: Readonly<Record<Severity, number>> = { INFO: 2, WARNING: 3, CRITICAL: 4, EMERGENCY: 5 }
const TAGS: Readonly<Record<Severity, string>> = {
  INFO: 'information_source',
  WARNING: 'warning',
  CRITICAL: 'rotating_light',
  EMERGENCY: 'sos',
}
/** Longer messages become attachments, which a phone does not show. */
const LONGEST_BYTES = 4_000
const LONGEST_TITLE_BYTES = 240

export const deliverNtfy: Deliver<'ntfy'> = async (message, settings, { clock, http, secrets }, signal) => {
  const { topic, token, server } = settings
  const url = new URL(server)
  const place = httpPlace({ url: url.href })
  const name = isReference(topic) ? await secrets.need(topic, place) : topic
  const authorization =
    token === undefined ? {} : { authorization: `Bearer ${await secrets.need(token, place)}` }
  const headers = { 'content-type': 'application/json', ...authorization }
  const body = JSON.stringify(ntfyBody(message, name))
  const reply = await http({ ...{ url, headers, body }, over: settings }, signal)
  const isRight = /"event"\s*:\s*"message"/.test(reply.body)
  return judge({ reply, text: secrets.shown(reply.body), isRight }, clock.now())
}

function ntfyBody(message: Message, topic: string) {
  const { title, severity, kind, link } = message
  const isOver = kind === 'resolved'
  // An update changes what is known, and rings nobody again.
  const isQuiet = isOver || kind === 'update' || kind === 'test'
  return {
    topic,
    title: within(title, LONGEST_TITLE_BYTES),
    message: within(plainText(message), LONGEST_BYTES) || title,
    priority: isQuiet ? 2 : PRIORITIES[severity],
    tags: [isOver ? 'white_check_mark' : TAGS[severity]],
    ...(link === null ? {} : { click: link.url }),
  }
}

/** Cut at a character, not in one. */
function within(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text
  let kept = ''
  let size = 0
  for (const character of text) {
    size += Buffer.byteLength(character)
    if (size > bytes - 3) break
    kept += character
  }
  return `${kept}…`
}
