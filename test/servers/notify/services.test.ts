/**
 * Services that cannot be had here, as doubles that enforce what their documentation says: required fields, lengths,
 * credentials, status codes and the forms of their answers.
 */
import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import type { DesktopNote } from '#shared/model/desktop-note.ts'
import { type Desktop, NotShown } from '../../../src/main/engine/alerts/notify/desktop/desktop.ts'
import type { ChannelInput } from '../../../src/shared/model/channel.ts'
import { alertOf, DECIDED_AT } from '../../support/notification.ts'
import { plantSecrets } from '../../support/planted-secrets.ts'
import { ntfyDouble, telegramDouble } from './chat-doubles.ts'
import { attempt, type Received, startReceiver } from './notify-kit.ts'

type Json = Record<string, unknown>
const json = ({ body }: Received): Json => JSON.parse(body) as Json
const answer = (response: ServerResponse, status: number, body: unknown, headers = {}) =>
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
const say = (response: ServerResponse, status: number, text: string) => response.writeHead(status).end(text)
const text = (value: unknown, longest: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= longest

/** A notification as long as they come, and as strange. */
const LONG = {
  moreAlerts: 12,
  alerts: Array.from({ length: 50 }, (_, index) =>
    alertOf({
      id: `a${index}`,
      reason: { code: 'host-cpu-high', params: { value: 95, limit: `<b>&"${'ж'.repeat(3_000)}`, host: 'x' } },
      subject: { probe: 'traffic', target: 'api', labels: { path: '/orders/{id}', '2nd label': 'ü' } },
    }),
  ),
}
const KINDS = ['firing', 'update', 'raised', 'reminder', 'escalated', 'flapping', 'resolved', 'test'] as const

/** https://api.slack.com/messaging/webhooks: `ok` as text, errors as text. */
async function slack(token: string) {
  return startReceiver((response, request) => {
    if (request.path !== `/services/T000/B000/${token}`) return say(response, 404, 'no_service')
    if (!String(request.headers['content-type']).startsWith('application/json'))
      return say(response, 400, 'invalid_payload')
    const { text: fallback, attachments } = json(request)
    if (!text(fallback, 40_000)) return say(response, 400, 'no_text')
    if (!Array.isArray(attachments) || attachments.length > 100)
      return say(response, 400, 'too_many_attachments')
    if (/<(?![@#!]|https?:)/.test(String(fallback))) return say(response, 400, 'invalid_payload')
    return say(response, 200, 'ok')
  })
}

/** https://developer.pagerduty.com/docs/send-alert-event */
async function pagerDuty(key: string) {
  return startReceiver((response, request) => {
    const fault = (...errors: string[]) =>
      answer(response, 400, { status: 'invalid event', message: 'Event object is invalid', errors })
    if (request.path !== '/v2/enqueue') return answer(response, 404, {})
    const { routing_key, event_action, dedup_key, payload, links } = json(request)
    if (routing_key !== key) return fault("'routing_key' is invalid")
    if (!['trigger', 'acknowledge', 'resolve'].includes(String(event_action)))
      return fault("'event_action' is invalid")
    if (!text(dedup_key, 255)) return fault("'dedup_key' is too long")
    if (event_action === 'trigger') {
      const { summary, source, severity, timestamp } = payload as Json
      if (!text(summary, 1_024)) return fault("'summary' is missing or too long")
      if (!text(source, 1_000)) return fault("'source' is missing")
      if (!['critical', 'error', 'warning', 'info'].includes(String(severity)))
        return fault("'severity' is invalid")
      if (Number.isNaN(Date.parse(String(timestamp)))) return fault("'timestamp' is invalid")
    }
    if (Array.isArray(links) && links.some((link: Json) => !URL.canParse(String(link.href))))
      return fault("'links' is invalid")
    return answer(response, 202, { status: 'success', message: 'Event processed', dedup_key })
  })
}

/** https://docs.opsgenie.com/docs/alert-api */
async function opsgenie(key: string) {
  return startReceiver((response, request) => {
    const fault = (status: number, message: string) =>
      answer(response, status, { message, took: 0.1, requestId: 'r' })
    if (request.headers.authorization !== `GenieKey ${key}`) return fault(401, 'Api Key is not valid')
    const { message, alias, description, priority, details, note, tags, entity, source } = json(request)
    const existing = /^\/v2\/alerts\/([^/]+)\/(close|notes)\?identifierType=alias$/.exec(request.path)
    if (existing !== null) {
      if (decodeURIComponent(existing[1] ?? '').length > 512) return fault(422, 'alias too long')
      if (!text(note, 25_000) || !text(source, 100)) return fault(422, 'Note can not be empty')
      return answer(response, 202, { result: 'Request will be processed', took: 0.1, requestId: 'r' })
    }
    if (request.path !== '/v2/alerts') return fault(404, 'no such resource')
    if (!text(message, 130)) return fault(422, 'Message can not be longer than 130 characters')
    if (!text(alias, 512) || String(description).length > 15_000)
      return fault(422, 'Request body is not processable')
    if (!/^P[1-5]$/.test(String(priority))) return fault(422, 'Priority is not valid')
    if (entity !== undefined && !text(entity, 512)) return fault(422, 'entity too long')
    if (!Array.isArray(tags) || tags.length > 20 || tags.some((tag) => !text(tag, 50)))
      return fault(422, 'tags are not valid')
    if (JSON.stringify(details).length > 8_000 * 4) return fault(422, 'details are too long')
    return answer(response, 202, { result: 'Request will be processed', took: 0.1, requestId: 'r' })
  })
}

interface Double {
  readonly kind: string
  readonly settings: ChannelInput
  readonly secrets: Readonly<Record<string, string>>
  readonly requests: readonly Received[]
}

const TOKEN = 'planted-0123456789-of-the-service'
const DOUBLES: Readonly<Record<string, () => Promise<Double>>> = {
  async slack() {
    const { url, requests } = await slack(TOKEN)
    const settings = { kind: 'slack', name: 'chat', url: 'secret:hook' } as const
    return { kind: 'slack', settings, requests, secrets: { hook: `${url}/services/T000/B000/${TOKEN}` } }
  },
  async ntfy() {
    const { url, requests } = await ntfyDouble('watch-4711', TOKEN)
    const settings = {
      kind: 'ntfy',
      name: 'phone',
      server: url,
      topic: 'secret:topic',
      token: 'secret:token',
    } as const
    return { kind: 'ntfy', settings, requests, secrets: { topic: 'watch-4711', token: TOKEN } }
  },
  async telegram() {
    const { url, requests } = await telegramDouble(`123456:${TOKEN}`)
    const settings = {
      kind: 'telegram',
      name: 'bot',
      server: url,
      token: 'secret:token',
      chat: '-100123',
    } as const
    return { kind: 'telegram', settings, requests, secrets: { token: `123456:${TOKEN}` } }
  },
  async pagerduty() {
    const { url, requests } = await pagerDuty(TOKEN)
    const settings = { kind: 'pagerduty', name: 'pager', server: url, routingKey: 'secret:key' } as const
    return { kind: 'pagerduty', settings, requests, secrets: { key: TOKEN } }
  },
  async opsgenie() {
    const { url, requests } = await opsgenie(TOKEN)
    const settings = { kind: 'opsgenie', name: 'genie', server: url, apiKey: 'secret:key' } as const
    return { kind: 'opsgenie', settings, requests, secrets: { key: TOKEN } }
  },
}

describe.each(Object.entries(DOUBLES))('%s', (name, start) => {
  it('takes every kind of notification, also the longest and strangest', async () => {
    const { settings, secrets } = await start()
    for (const kind of KINDS) {
      for (const rest of [{}, LONG, { alerts: [], deployment: null, environment: null }]) {
        for (const language of ['en', 'ru'] as const) {
          const delivered = await attempt(
            { ...settings, language },
            { secrets, notification: { kind, ...rest } },
          )
          expect(delivered, `${kind}: ${delivered.text}`).toMatchObject({
            status: 'delivered',
            failure: null,
          })
        }
      }
    }
  })

  it('refuses what does not admit us, without a secret in what is told of it', async () => {
    const { settings, secrets } = await start()
    const planted = plantSecrets()
    const wrong = Object.fromEntries(
      Object.entries(secrets).map(([key, secret]) => [
        key,
        secret.replace(TOKEN, 'planted-wrong-key-of-the-service'),
      ]),
    )
    for (const [key, secret] of Object.entries(wrong)) planted.plantValue(key, secret)
    planted.plantValue('part', 'planted-wrong-key-of-the-service')
    const refused = await attempt(settings, { secrets: wrong })
    expect(refused.status).toBe('refused')
    expect(['channel-not-admitted', 'channel-refused']).toContain(refused.failure?.code)
    expect(refused.text).not.toBe('')
    expect(planted.findIn({ [name]: JSON.stringify(refused) })).toEqual([])
  })
})

it('Slack and Mattermost see colours, fields and a link', async () => {
  const { settings, secrets, requests } = await (DOUBLES.slack?.() ?? expect.unreachable())
  await attempt(settings, { secrets })
  await attempt(settings, { secrets, notification: { kind: 'resolved' } })
  const [first, last] = requests.map((request) => (json(request).attachments as Json[])[0])
  expect(first).toMatchObject({
    color: '#dc2626',
    title: 'Open in Vakhta',
    title_link: 'https://vakhta.example.com/#/alerts/open/a1',
    ts: DECIDED_AT / 1_000,
  })
  expect(first?.fields).toContainEqual({ title: 'Value', value: '95\u00a0%', short: true })
  expect(last?.color).toBe('#16a34a')
})

it('Telegram says how long to wait in its own way', async () => {
  const { settings, secrets } = await (DOUBLES.telegram?.() ?? expect.unreachable())
  const answered = await attempt({ ...settings, chat: '-429' } as ChannelInput, { secrets })
  expect(answered).toMatchObject({
    status: 'retry',
    code: 429,
    retryAfterMs: 35_000,
    text: 'Too Many Requests: retry after 35',
  })
})

it('PagerDuty and Opsgenie see one incident as one, and its end', async () => {
  const pager = await (DOUBLES.pagerduty?.() ?? expect.unreachable())
  const genie = await (DOUBLES.opsgenie?.() ?? expect.unreachable())
  for (const kind of ['firing', 'update', 'raised', 'resolved'] as const) {
    const raises = kind === 'raised' || kind === 'resolved' ? 1 : 0
    for (const { settings, secrets } of [pager, genie])
      await attempt(settings, { secrets, notification: { id: kind, kind, raises } })
  }
  expect(pager.requests.map(json).map(({ event_action, dedup_key }) => [event_action, dedup_key])).toEqual([
    ['trigger', 'i1'],
    ['trigger', 'i1'],
    // What got worse pages again, and all of it ends together.
    ['trigger', 'i1:raised-1'],
    ['resolve', 'i1'],
    ['resolve', 'i1:raised-1'],
  ])
  expect(genie.requests.map(({ path }) => path)).toEqual([
    '/v2/alerts',
    '/v2/alerts/i1/notes?identifierType=alias',
    '/v2/alerts',
    '/v2/alerts/i1/close?identifierType=alias',
    '/v2/alerts/i1%3Araised-1/close?identifierType=alias',
  ])
  expect(json(genie.requests[0] ?? expect.unreachable())).toMatchObject({
    alias: 'i1',
    priority: 'P2',
    entity: 'shop',
  })
})

it('PagerDuty and Opsgenie ring again for each rise and each time that nobody took it up, and all of it ends', async () => {
  const pager = await (DOUBLES.pagerduty?.() ?? expect.unreachable())
  const genie = await (DOUBLES.opsgenie?.() ?? expect.unreachable())
  const told = [
    { id: 'n1', kind: 'firing' },
    { id: 'n2', kind: 'escalated', calls: 1 },
    { id: 'n3', kind: 'escalated', calls: 2 },
    // Tried once more: the same key, so that it rings nobody again.
    { id: 'n3', kind: 'escalated', calls: 2 },
    // Two rise to the same severity, one after the other.
    { id: 'n4', kind: 'raised', severity: 'EMERGENCY', calls: 2, raises: 1 },
    { id: 'n5', kind: 'raised', severity: 'EMERGENCY', calls: 2, raises: 2 },
    { id: 'n6', kind: 'resolved', calls: 2, raises: 2 },
  ] as const
  for (const { settings, secrets } of [pager, genie]) {
    for (const notification of told) await attempt(settings, { secrets, notification })
  }
  const open = new Set<unknown>()
  const rang: unknown[] = []
  for (const { event_action, dedup_key } of pager.requests.map(json)) {
    if (event_action === 'resolve') open.delete(dedup_key)
    else if (!open.has(dedup_key)) {
      open.add(dedup_key)
      rang.push(dedup_key)
    }
  }
  expect(rang).toEqual(['i1', 'i1:escalated-1', 'i1:escalated-2', 'i1:raised-1', 'i1:raised-2'])
  expect([...open]).toEqual([])
  const aliases = genie.requests.flatMap((request) =>
    request.path === '/v2/alerts' ? [String(json(request).alias)] : [],
  )
  expect([...new Set(aliases)]).toEqual(rang)
  const closed = genie.requests.map(({ path }) => path).filter((path) => path.includes('/close?'))
  for (const alias of aliases) {
    expect(closed).toContain(`/v2/alerts/${encodeURIComponent(alias)}/close?identifierType=alias`)
  }
})

it('PagerDuty links to the console and to the checklist of the rule', async () => {
  const { settings, secrets, requests } = await (DOUBLES.pagerduty?.() ?? expect.unreachable())
  const alerts = [alertOf({ checklist: 'https://wiki.example.com/pool' })]
  await attempt(settings, { secrets, notification: { alerts } })
  await attempt(settings, { secrets, notification: { alerts }, baseUrl: null })
  const checklist = { href: 'https://wiki.example.com/pool', text: 'Checklist' }
  expect(requests.map((request) => json(request).links)).toEqual([
    [{ href: 'https://vakhta.example.com/#/alerts/open/a1', text: 'Open in Vakhta' }, checklist],
    [checklist],
  ])
})

it('PagerDuty and Opsgenie ring again for each reminder, with one of those open at a time, and all of it ends', async () => {
  const pager = await (DOUBLES.pagerduty?.() ?? expect.unreachable())
  const genie = await (DOUBLES.opsgenie?.() ?? expect.unreachable())
  const told = [
    { id: 'n1', kind: 'firing' },
    { id: 'n2', kind: 'reminder', reminders: 1 },
    { id: 'n3', kind: 'reminder', reminders: 2 },
    { id: 'n3', kind: 'reminder', reminders: 2 },
    { id: 'n4', kind: 'resolved', reminders: 2 },
  ] as const
  for (const { settings, secrets } of [pager, genie]) {
    for (const notification of told) await attempt(settings, { secrets, notification })
  }
  const [first, second] = ['i1:reminder-1', 'i1:reminder-2']
  const ofPager = pager.requests.map(json).map(({ event_action, dedup_key }) => [event_action, dedup_key])
  expect(ofPager.slice(0, 6)).toEqual([
    ['trigger', 'i1'],
    ['trigger', first],
    ['trigger', second],
    ['resolve', first],
    ['trigger', second],
    ['resolve', first],
  ])
  const close = (alias: string) => `/v2/alerts/${encodeURIComponent(alias)}/close?identifierType=alias`
  const ofGenie = genie.requests.map((request) =>
    request.path === '/v2/alerts' ? String(json(request).alias) : request.path,
  )
  expect(ofGenie.slice(0, 6)).toEqual(['i1', first, second, close(first ?? ''), second, close(first ?? '')])
  for (const key of ['i1', first, second]) {
    expect(ofPager.slice(6)).toContainEqual(['resolve', key])
    expect(ofGenie.slice(6)).toContain(close(key ?? ''))
  }
})

it('ntfy rings for what is urgent, and not for an update or the end', async () => {
  const { settings, secrets, requests } = await (DOUBLES.ntfy?.() ?? expect.unreachable())
  for (const kind of ['firing', 'update', 'resolved'] as const) {
    await attempt(settings, { secrets, notification: { kind, severity: 'EMERGENCY' } })
  }
  expect(requests.map(json).map(({ priority }) => priority)).toEqual([5, 2, 2])
})

it('a page of HTML in place of an answer is no delivery', async () => {
  const { url } = await startReceiver((response) => response.end('<!doctype html><title>Log in</title>'))
  const all: ChannelInput[] = [
    { kind: 'slack', name: 'x', url: 'secret:url' },
    { kind: 'ntfy', name: 'x', server: url, topic: 'watch' },
    { kind: 'telegram', name: 'x', server: url, token: 'secret:key', chat: '1' },
    { kind: 'pagerduty', name: 'x', server: url, routingKey: 'secret:key' },
    { kind: 'opsgenie', name: 'x', server: url, apiKey: 'secret:key' },
  ]
  for (const settings of all) {
    const answered = await attempt(settings, { secrets: { url, key: 'some-key-of-mine' } })
    expect(answered, settings.kind).toMatchObject({
      status: 'refused',
      code: 200,
      failure: { code: 'channel-odd-answer' },
    })
  }
})

describe('the desktop', () => {
  it('shows a note that the next of the same incident takes the place of', async () => {
    const notes: DesktopNote[] = []
    const desktop: Desktop = { show: async (note) => void notes.push(note) }
    await attempt({ kind: 'desktop', name: 'here' }, { desktop })
    await attempt({ kind: 'desktop', name: 'here' }, { desktop, notification: { kind: 'resolved' } })
    expect(notes).toMatchObject([
      { tag: 'i1', deployment: 'shop', isUrgent: true },
      { tag: 'i1', isUrgent: false },
    ])
    expect(notes[0]?.title).toMatch(/^Critical · shop · CPU/)
  })

  it('that is not there is said', async () => {
    expect(await attempt({ kind: 'desktop', name: 'here' })).toMatchObject({
      status: 'refused',
      failure: { code: 'desktop-none' },
    })
    const desktop: Desktop = { show: () => Promise.reject(new Error('no notification daemon')) }
    expect(await attempt({ kind: 'desktop', name: 'here' }, { desktop })).toMatchObject({
      status: 'retry',
      failure: { code: 'desktop-failed', params: { words: 'no notification daemon' } },
    })
  })

  it('replaces a note quietly where only more is known, and leads to the alert that heads it', async () => {
    const notes: DesktopNote[] = []
    const desktop: Desktop = { show: async (note) => void notes.push(note) }
    for (const kind of ['firing', 'update', 'raised', 'resolved'] as const) {
      await attempt({ kind: 'desktop', name: 'here', language: 'ru' }, { desktop, notification: { kind } })
    }
    expect(notes.map(({ rings }) => rings)).toEqual([true, false, true, false])
    expect(notes[0]).toMatchObject({ alert: 'a1', language: 'ru' })
  })

  it.each([
    ['no-page', 'desktop-no-page', 'resolve'],
    ['not-asked', 'desktop-not-asked', 'privilege'],
    ['blocked', 'desktop-blocked', 'privilege'],
    ['not-shown', 'desktop-not-shown', 'privilege'],
    // Somebody may have seen it.
    ['unanswered', 'desktop-unanswered', 'protocol'],
  ] as const)('that was not shown (%s) is tried again, with the reason', async (why, code, step) => {
    const desktop: Desktop = { show: () => Promise.reject(new NotShown(why)) }
    expect(await attempt({ kind: 'desktop', name: 'here' }, { desktop })).toMatchObject({
      status: 'retry',
      failure: { code, step },
    })
  })
})
