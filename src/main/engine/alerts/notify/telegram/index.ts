/** Telegram's bots. https://core.telegram.org/bots/api#sendmessage */
import { z } from 'zod'
import { httpPlace } from '../../../reach/http/address.ts'
import type { Deliver } from '../channel.ts'
import { cut, type Message } from '../message.ts'
import { judge } from '../verdict.ts'

/** 4,096 after its markup is read; what is longer is refused. */
const LONGEST = 3_800

const Answer = z.object({
  ok: z.boolean(),
  description: z.string().optional(),
  parameters: z.object({ retry_after: z.number().optional() }).optional(),
})

export const deliverTelegram: Deliver<'telegram'> = async (
  message,
  settings,
  { clock, http, secrets },
  signal,
) => {
  const { server, token, chat } = settings
  const place = httpPlace({ url: server })
  const url = new URL(
    `${server.replace(/\/+$/, '')}/bot${encodeURIComponent(await secrets.need(token, place)).replace('%3A', ':')}/sendMessage`,
  )
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify(telegramBody(message, chat))
  const reply = await http({ ...{ url, isSecret: true, headers, body }, over: settings }, signal)
  const answer = parsed(reply.body)
  const seconds = answer?.parameters?.retry_after
  return judge(
    {
      reply,
      text: secrets.shown(answer?.description ?? reply.body),
      isRight: answer?.ok === true,
      ...(seconds === undefined ? {} : { retryAfterMs: seconds * 1_000 }),
    },
    clock.now(),
  )
}

function telegramBody(message: Message, chat: string) {
  const { title, lines, remark, link, kind } = message
  const text = [
    ...lines.map(({ label, value }) => `${label}: ${value}`),
    ...(remark === null ? [] : ['', remark]),
  ].join('\n')
  // Cut before it becomes markup, or a tag would be left open.
  const said = `<b>${escaped(cut(title, 300))}</b>\n${escaped(cut(text, LONGEST - 300))}`
  const end = link === null ? '' : `\n<a href="${escaped(link.url)}">${escaped(link.text)}</a>`
  return {
    chat_id: chat.startsWith('@') ? chat : Number(chat),
    text: `${said}${end}`,
    parse_mode: 'HTML',
    link_preview_options: { is_disabled: true },
    disable_notification: kind === 'update' || kind === 'test',
  }
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
