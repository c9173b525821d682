/**
 * ntfy, published as JSON. What only adds to an incident, and its end, take the place of the message that stands on the phone: by its sequence
 * id, which servers from 2.16 on know, and others pass over. https://docs.ntfy.sh/publish/#publish-as-json, #updating-notifications
 */
import { z } from 'zod'
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

const Sequence = z.string().regex(/^[-_A-Za-z0-9]{1,64}$/)
const Answer = z.object({ id: Sequence, sequence_id: Sequence.optional() })

export const deliverNtfy: Deliver<'ntfy'> = async (message, settings, tools, signal) => {
  const { clock, http, secrets, earlier } = tools
  const { topic, token, server } = settings
  const url = new URL(server)
  const place = httpPlace({ url: url.href })
  const name = isReference(topic) ? await secrets.need(topic, place) : topic
  const authorization =
    token === undefined ? {} : { authorization: `Bearer ${await secrets.need(token, place)}` }
  const headers = { 'content-type': 'application/json', ...authorization }
  const body = JSON.stringify(ntfyBody(message, name, earlier))
  const reply = await http({ ...{ url, headers, body }, over: settings }, signal)
  const isRight = /"event"\s*:\s*"message"/.test(reply.body)
  const judged = judge({ reply, text: secrets.shown(reply.body), isRight }, clock.now())
  const handle = sequenceIn(reply.body)
  return handle === null ? judged : { ...judged, handle }
}

/** What later messages name this one by; `null`: the answer has no such name. */
function sequenceIn(body: string): string | null {
  try {
    const { sequence_id, id } = Answer.parse(JSON.parse(body))
    return sequence_id ?? id
  } catch {
    return null
  }
}

/**
 * What is published of a message.
 * @param earlier that which it may take the place of, as the channel had it: of a name that is not ntfy's, while the channel was of another
 *   kind, nothing is replaced
 */
export function ntfyBody(message: Message, topic: string, earlier: string | null) {
  const { title, severity, kind, link } = message
  const isOver = kind === 'resolved'
  // An update changes what is known, and rings nobody again.
  const isQuiet = isOver || kind === 'update' || kind === 'test'
  const replaces = isOver || kind === 'update' ? Sequence.safeParse(earlier) : null
  return {
    topic,
    title: within(title, LONGEST_TITLE_BYTES),
    message: within(plainText(message), LONGEST_BYTES) || title,
    priority: isQuiet ? 2 : PRIORITIES[severity],
    tags: [isOver ? 'white_check_mark' : TAGS[severity]],
    ...(link === null ? {} : { click: link.url }),
    ...(replaces?.success === true ? { sequence_id: replaces.data } : {}),
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
