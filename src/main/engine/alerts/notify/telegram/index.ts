/**
 * Telegram's bots. What only adds to an incident changes the message that stands there; what has to ring is a new one, in reply to it.
 * https://core.telegram.org/bots/api#sendmessage, #editmessagetext
 */
import { z } from 'zod'
import { httpPlace } from '../../../reach/http/address.ts'
import type { Deliver, Delivery } from '../channel.ts'
import { cut, type Message } from '../message.ts'
import { judge } from '../verdict.ts'

/** 4,096 after its markup is read; what is longer is refused. */
const LONGEST = 3_800

const Answer = z.object({
  ok: z.boolean(),
  description: z.string().optional(),
  parameters: z.object({ retry_after: z.number().optional() }).optional(),
  result: z.object({ message_id: z.number() }).optional().catch(undefined),
})

export const deliverTelegram: Deliver<'telegram'> = async (message, settings, tools, signal) => {
  const { clock, http, secrets } = tools
  const { server, token, chat } = settings
  const key = encodeURIComponent(await secrets.need(token, httpPlace({ url: server }))).replace('%3A', ':')
  const text = textOf(message)
  const earlier = messageIn(chat, tools.earlier)

  async function call(method: 'sendMessage' | 'editMessageText', rest: object): Promise<Delivery> {
    const url = new URL(`${server.replace(/\/+$/, '')}/bot${key}/${method}`)
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({
      ...{ chat_id: chat.startsWith('@') ? chat : Number(chat), text, parse_mode: 'HTML' },
      link_preview_options: { is_disabled: true },
      ...rest,
    })
    const reply = await http({ ...{ url, isSecret: true, headers, body }, over: settings }, signal)
    const answer = parsed(reply.body)
    const seconds = answer?.parameters?.retry_after
    const judged = judge(
      {
        reply,
        text: secrets.shown(answer?.description ?? reply.body),
        isRight: answer?.ok === true,
        ...(seconds === undefined ? {} : { retryAfterMs: seconds * 1_000 }),
      },
      clock.now(),
    )
    const id = answer?.result?.message_id
    return id === undefined ? judged : { ...judged, handle: handleOf(chat, id) }
  }

  if (message.kind === 'update' && earlier !== null) {
    const edited = await call('editMessageText', { message_id: earlier })
    // Tried once more after an answer that was lost: it says that already.
    if (isSaidAlready(edited)) {
      return { status: 'delivered', code: edited.code, text: edited.text, failure: null, retryAfterMs: null }
    }
    // Somebody removed that message, or it cannot be changed any more.
    if (edited.code !== 400) return edited
  }
  return call('sendMessage', {
    disable_notification: message.kind === 'update' || message.kind === 'test',
    ...(earlier === null
      ? {}
      : { reply_parameters: { message_id: earlier, allow_sending_without_reply: true } }),
  })
}

function isSaidAlready({ code, text }: Delivery): boolean {
  return code === 400 && /message is not modified/i.test(text)
}

/** Messages are counted in each chat: the same number is another one elsewhere. */
function handleOf(chat: string, message: number): string {
  return `${chat}/${message}`
}

/** The message that a handle names, if it stands in this chat. */
function messageIn(chat: string, handle: string | null): number | null {
  const [where, message] = handle?.split('/') ?? []
  return where === chat && message !== undefined ? Number(message) : null
}

function textOf({ title, lines, remark, link }: Message): string {
  const text = [
    ...lines.map(({ label, value }) => `${label}: ${value}`),
    ...(remark === null ? [] : ['', remark]),
  ].join('\n')
  // Cut before it becomes markup, or a tag would be left open.
  const said = `<b>${escaped(cut(title, 300))}</b>\n${escaped(cut(text, LONGEST - 300))}`
  const end = link === null ? '' : `\n<a href="${escaped(link.url)}">${escaped(link.text)}</a>`
  return `${said}${end}`
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

function parsed(body: string): z.infer<typeof Answer> | null {
  try {
    return Answer.safeParse(JSON.parse(body)).data ?? null
  } catch {
    return null
  }
}
