/** Telegram and ntfy, as doubles that enforce what their documentation says, and show what stands in the chat or on the phone. */
import type { ServerResponse } from 'node:http'
import { type Received, startReceiver } from './notify-kit.ts'

type Json = Record<string, unknown>

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

export interface ChatDouble {
  readonly url: string
  readonly requests: readonly Received[]
  /** What stands there, oldest first. */
  shown(): readonly string[]
  /** Of how many of those a phone rang. */
  rang(): number
  /** Somebody removes everything that stands there. */
  clear(): void
}

const SEND = [
  'chat_id',
  'text',
  'parse_mode',
  'link_preview_options',
  'disable_notification',
  'reply_parameters',
]
const EDIT = ['chat_id', 'message_id', 'text', 'parse_mode', 'link_preview_options']

/** https://core.telegram.org/bots/api#sendmessage, #editmessagetext: with chats -100123, 4711 and @watch. */
export async function telegramDouble(token: string): Promise<ChatDouble> {
  const chats = new Map<unknown, Map<number, string>>(
    [-100_123, 4_711, '@watch'].map((chat) => [chat, new Map<number, string>()] as const),
  )
  /** Counted in each chat; what was removed keeps its number. */
  const sent = new Map<unknown, number>()
  let rings = 0
  const { url, requests } = await startReceiver((response, request) => {
    const fault = (error_code: number, description: string, more = {}) =>
      answer(response, error_code, { ok: false, error_code, description, ...more })
    const method = /^\/bot(.+)\/(sendMessage|editMessageText)$/.exec(request.path)
    if (method?.[1] !== token) return fault(401, 'Unauthorized')
    const body = JSON.parse(request.body) as Json
    const { chat_id, text: said, parse_mode, message_id, reply_parameters } = body
    const isEdit = method[2] === 'editMessageText'
    const unknown = Object.keys(body).find((name) => !(isEdit ? EDIT : SEND).includes(name))
    if (unknown !== undefined) return fault(400, `Bad Request: ${unknown} is not documented`)
    if (chat_id === -429)
      return fault(429, 'Too Many Requests: retry after 35', { parameters: { retry_after: 35 } })
    const chat = chats.get(chat_id)
    if (chat === undefined) return fault(400, 'Bad Request: chat not found')
    const wrong = wrongText(said, parse_mode)
    if (wrong !== null) return fault(400, `Bad Request: ${wrong}`)
    if (isEdit) {
      const id = Number(message_id)
      if (!chat.has(id)) return fault(400, 'Bad Request: message to edit not found')
      if (chat.get(id) === said)
        return fault(
          400,
          'Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
        )
      chat.set(id, String(said))
      return answer(response, 200, { ok: true, result: { message_id: id, edit_date: 1 } })
    }
    if (reply_parameters !== undefined) {
      const { message_id: to, allow_sending_without_reply: may } = reply_parameters as Json
      if (!chat.has(Number(to)) && may !== true)
        return fault(400, 'Bad Request: message to be replied not found')
    }
    if (body.disable_notification !== true) rings += 1
    const id = (sent.get(chat_id) ?? 0) + 1
    sent.set(chat_id, id)
    chat.set(id, String(said))
    return answer(response, 200, { ok: true, result: { message_id: id, date: 1 } })
  })
  return {
    ...{ url, requests },
    shown: () => [...chats.values()].flatMap((chat) => [...chat.values()]),
    rang: () => rings,
    clear() {
      for (const chat of chats.values()) chat.clear()
    },
  }
}

function wrongText(said: unknown, parseMode: unknown): string | null {
  if (parseMode !== 'HTML' || typeof said !== 'string') return 'message text is empty'
  const bare = said.replaceAll(/<\/?(?:b|a)(?: href="[^"]*")?>/g, '')
  if (/[<>]|&(?!amp;|lt;|gt;|quot;)/.test(bare)) return "can't parse entities"
  const entities = bare.replaceAll(/&\w+;/g, '.')
  return entities.trim() === '' || entities.length > 4_096 ? 'message is too long' : null
}

/** https://docs.ntfy.sh/publish/#publish-as-json, #updating-notifications; `isOld`: before 2.16, which passes over what it does not know. */
export async function ntfyDouble(topic: string, token: string, { isOld = false } = {}): Promise<ChatDouble> {
  const shown = new Map<string, string>()
  let rings = 0
  const { url, requests } = await startReceiver((response, request) => {
    const fault = (code: number, http: number, error: string) => answer(response, http, { code, http, error })
    if (request.headers.authorization !== `Bearer ${token}`) return fault(40101, 401, 'unauthorized')
    const sent = JSON.parse(request.body) as Json
    if (request.path !== '/') return fault(40401, 404, 'page not found')
    if (sent.topic !== topic || !/^[-_A-Za-z0-9]{1,64}$/.test(String(sent.topic)))
      return fault(40009, 400, 'invalid request: topic invalid')
    if (Buffer.byteLength(String(sent.message)) > 4_096) return fault(41301, 413, 'too large')
    const { priority, tags, click, sequence_id } = sent
    if (!Number.isInteger(priority) || Number(priority) < 1 || Number(priority) > 5)
      return fault(40007, 400, 'invalid priority')
    if (!Array.isArray(tags) || (click !== undefined && !URL.canParse(String(click))))
      return fault(40024, 400, 'request body must be valid JSON')
    if (sequence_id !== undefined && !/^[-_A-Za-z0-9]{1,64}$/.test(String(sequence_id)))
      return fault(40049, 400, 'invalid request: sequence ID invalid')
    const id = `hwQ2YpKd${requests.length}`
    const sequence = isOld || sequence_id === undefined ? id : String(sequence_id)
    shown.set(sequence, String(sent.title))
    if (Number(priority) > 2) rings += 1
    const more = isOld || sequence === id ? {} : { sequence_id: sequence }
    return answer(response, 200, { id, ...more, time: 1, event: 'message', topic })
  })
  return { url, requests, shown: () => [...shown.values()], rang: () => rings, clear: () => shown.clear() }
}
