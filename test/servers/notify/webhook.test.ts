/** The generic webhook, against a receiver that answers, refuses, hangs, breaks off and talks nonsense. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createAuthority } from '../../../demo/servers/authority.ts'
import { createHurriedClock } from '../../support/hurried-clock.ts'
import { alertOf, DECIDED_AT } from '../../support/notification.ts'
import { plantSecrets } from '../../support/planted-secrets.ts'
import { until } from '../../support/until.ts'
import { afterwards, attempt, startReceiver } from './notify-kit.ts'

const DELIVERED = { status: 'delivered', failure: null, retryAfterMs: null }

describe('what is sent', () => {
  it('tells which step of which policy called, and which silence is about to end', async () => {
    const { url, requests } = await startReceiver()
    const settings = { kind: 'webhook', name: 'hook', url } as const
    const escalation = {
      ...{ policy: 'nights', step: 2, of: 3, afterMinutes: 10, to: ['Anna', 'pager'], louder: true },
    }
    const until = DECIDED_AT + 15 * 60_000
    await attempt(settings, { notification: { kind: 'escalated', escalation, calls: 2 } })
    await attempt(settings, { notification: { kind: 'silence-ending', silence: { id: 's1', until } } })
    await attempt(settings)
    expect(requests.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
      { kind: 'escalated', escalation, silence: null },
      {
        ...{ kind: 'silence-ending', escalation: null },
        silence: { id: 's1', until: '2026-11-28T12:20:10.000Z' },
      },
      { kind: 'firing', escalation: null, silence: null },
    ])
  })

  it('leads to what is to be done about it, as long as it is there', async () => {
    const { url, requests } = await startReceiver()
    const alert = alertOf({ checklist: 'https://wiki.example.com/pool?what=full&how' })
    const settings = { kind: 'webhook', name: 'hook', url } as const
    await attempt(settings, { notification: { alerts: [alert] } })
    const over = { ...alert, state: 'resolved' as const, endedAt: DECIDED_AT }
    await attempt(settings, { notification: { kind: 'resolved', alerts: [over] } })
    const [sent, ended] = requests.map(({ body }) => JSON.parse(body) as { text: string; alerts: unknown[] })
    expect(sent?.alerts).toMatchObject([{ checklist: alert.checklist }])
    expect(sent?.text.split('\n')).toContain(`Checklist: ${alert.checklist}`)
    expect(ended?.text).not.toContain('Checklist')
  })

  it('is documented JSON with a version, values for programs and text for people', async () => {
    const { url, requests } = await startReceiver()
    const cause = {
      code: 'pool-leaked',
      lines: [alertOf().reason, { code: 'tcp-refused', params: { host: 'db', port: 5432 } }],
      since: DECIDED_AT - 60_000,
      certainty: 'likely' as const,
      isBeside: false,
    }
    const delivered = await attempt(
      { kind: 'webhook', name: 'hook', url: `${url}/in?`.replace('?', ''), timeZone: 'Asia/Yekaterinburg' },
      { notification: { alerts: [alertOf({ cause })], inhibited: 2 } },
    )
    expect(delivered).toMatchObject({ ...DELIVERED, code: 200, text: 'ok' })
    const [{ method, path, headers, body } = expect.unreachable()] = requests
    expect({ method, path }).toEqual({ method: 'POST', path: '/in' })
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'idempotency-key': 'n1',
      'user-agent': 'vakhta',
    })
    expect(headers['x-vakhta-signature']).toBeUndefined()
    const sent = JSON.parse(body) as Record<string, unknown>
    expect(sent).toMatchObject({
      version: 1,
      id: 'n1',
      incident: 'i1',
      kind: 'firing',
      severity: 'CRITICAL',
      deployment: 'shop',
      environment: 'production',
      possibleRepeat: false,
      decidedAt: '2026-11-28T12:05:10.000Z',
      title: 'Critical · shop · CPU 95\u00a0% busy (limit 90\u00a0%)',
      url: 'https://vakhta.example.com/#/alerts/open/a1',
      alerts: [
        {
          rule: 'db-pool-utilization-high',
          value: 95,
          threshold: 90,
          since: '2026-11-28T12:05:00.000Z',
          endedAt: null,
          cause: { code: 'pool-leaked', since: '2026-11-28T12:04:10.000Z' },
        },
      ],
      inhibited: 2,
    })
    expect(String(sent.text).split('\n')).toEqual([
      'Deployment: shop · Production',
      'Value: 95\u00a0%',
      'Limit: above 90\u00a0%',
      'Since: Nov 28, 2026, 17:05:00 GMT+5',
      expect.stringMatching(/^Cause: CPU 95\u00a0% busy .* ← .*5432.* \(likely\)$/),
      'Rule: db-pool-utilization-high',
      'Not known: 2 more alerts that nothing can be said of while the path is down',
      'As of: Nov 28, 2026, 17:05:10 GMT+5',
      '',
      'https://vakhta.example.com/#/alerts/open/a1',
    ])
  })

  it('is in the language of the channel, and says that it may be a repeat', async () => {
    const { url, requests } = await startReceiver()
    await attempt(
      { kind: 'webhook', name: 'hook', url, language: 'ru', timeZone: 'Europe/Moscow' },
      { notification: { possibleRepeat: true, kind: 'raised', moreAlerts: 3 }, baseUrl: null },
    )
    const { title, text, possibleRepeat } = JSON.parse(requests[0]?.body ?? '') as Record<string, unknown>
    expect(title).toMatch(/^Стало хуже: Критично · shop · .+ \(\+3\)$/)
    expect(text).toContain('С: 28 нояб. 2026 г., 15:05:00 GMT+3')
    expect(text).toContain('Ещё: и ещё 3 оповещения')
    expect(text).toContain('Возможно, это повтор')
    expect(text).not.toContain('http')
    expect(possibleRepeat).toBe(true)
  })

  it('is signed over its time and body, as the guide tells receivers to check it', async () => {
    const { url, requests } = await startReceiver()
    const before = Math.floor(Date.now() / 1_000)
    await attempt(
      {
        kind: 'webhook',
        name: 'hook',
        url,
        signingSecret: 'secret:sign',
        headers: { 'X-Team': 'secret:team' },
      },
      { secrets: { sign: 'hunter2-of-the-hook', team: 'night watch' } },
    )
    const [{ headers, body } = expect.unreachable()] = requests
    const timestamp = String(headers['x-vakhta-timestamp'])
    expect(Number(timestamp)).toBeGreaterThanOrEqual(before)
    const expected = createHmac('sha256', 'hunter2-of-the-hook').update(`${timestamp}.${body}`).digest()
    const [version, hex = ''] = String(headers['x-vakhta-signature']).split('=')
    expect(version).toBe('v1')
    expect(timingSafeEqual(Buffer.from(hex, 'hex'), expected)).toBe(true)
    expect(headers['x-team']).toBe('night watch')
  })

  it('goes over TLS to whom the channel trusts, and to nobody else', async () => {
    const authority = createAuthority()
    const { key, chain } = authority.issue({ names: ['127.0.0.1'] })
    const { url, requests } = await startReceiver(undefined, { key, cert: chain })
    const secrets = { ca: authority.certificate }
    const hook = { kind: 'webhook', name: 'hook', url } as const
    expect(await attempt(hook, { secrets })).toMatchObject({
      status: 'retry',
      failure: { step: 'tls' },
    })
    expect(requests).toHaveLength(0)
    const trusted = { ...hook, tls: { authorities: 'secret:ca' } }
    expect(await attempt(trusted, { secrets })).toMatchObject(DELIVERED)
  })
})

describe('what the answer means', () => {
  it.each([
    [204, {}, { status: 'delivered' }],
    [
      301,
      { location: 'https://elsewhere.example.com/login?next=1' },
      {
        status: 'refused',
        failure: {
          code: 'channel-redirected',
          params: { location: 'https://elsewhere.example.com/login?…' },
        },
      },
    ],
    [307, { location: '/other' }, { status: 'refused', failure: { code: 'channel-redirected' } }],
    [400, {}, { status: 'refused', failure: { code: 'channel-refused' } }],
    [401, {}, { status: 'refused', failure: { code: 'channel-not-admitted', step: 'authentication' } }],
    [404, {}, { status: 'refused', failure: { code: 'channel-refused' } }],
    [408, {}, { status: 'retry', retryAfterMs: null }],
    [429, { 'retry-after': '7' }, { status: 'retry', retryAfterMs: 7_000 }],
    [429, {}, { status: 'retry', retryAfterMs: null }],
    [429, { 'retry-after': '99999999' }, { status: 'retry', retryAfterMs: 3_600_000 }],
    [429, { 'retry-after': 'soon' }, { status: 'retry', retryAfterMs: null }],
    [500, {}, { status: 'retry', failure: { code: 'channel-busy' } }],
    [503, { 'retry-after': '0' }, { status: 'retry', retryAfterMs: 0 }],
  ] as const)('%i %j', async (status, headers, expected) => {
    const { url } = await startReceiver((response) => response.writeHead(status, headers).end('said'))
    const answer = await attempt({ kind: 'webhook', name: 'hook', url })
    expect(answer).toMatchObject({ code: status, ...expected })
    expect(answer.text).toBe(status === 204 ? '' : 'said')
  })

  it('takes a Retry-After that is a date', async () => {
    const at = new Date(Date.now() + 90_000).toUTCString()
    const { url } = await startReceiver((response) => response.writeHead(503, { 'retry-after': at }).end())
    const { retryAfterMs } = await attempt({ kind: 'webhook', name: 'hook', url })
    expect(retryAfterMs).toBeGreaterThan(80_000)
    expect(retryAfterMs).toBeLessThanOrEqual(90_000)
  })

  it('is "later" for a receiver that hangs, breaks off, is not there, or speaks something else', async () => {
    const clock = createHurriedClock(20)
    const hanging = await startReceiver(() => {})
    const breaking = await startReceiver((response) => response.socket?.destroy())
    const rubbish = createServer((socket) =>
      socket.on('error', () => {}).end('220 mail.example.com ESMTP\r\n'),
    )
    await new Promise<void>((resolve) => rubbish.listen(0, '127.0.0.1', resolve))
    afterwards(() => rubbish.close())
    const gone = createServer()
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve))
    const { port } = gone.address() as AddressInfo
    await new Promise((resolve) => gone.close(resolve))
    const hook = (url: string) => attempt({ kind: 'webhook', name: 'hook', url }, { clock })
    expect(await hook(hanging.url)).toMatchObject({
      status: 'retry',
      code: null,
      failure: { code: 'http-silent' },
    })
    expect(await hook(breaking.url)).toMatchObject({ status: 'retry', failure: { code: 'http-cut' } })
    expect(await hook(`http://127.0.0.1:${(rubbish.address() as AddressInfo).port}`)).toMatchObject({
      status: 'retry',
      failure: { code: 'http-not-spoken' },
    })
    expect(await hook(`http://127.0.0.1:${port}`)).toMatchObject({
      status: 'retry',
      failure: { code: 'tcp-refused', step: 'tcp' },
    })
    await until(() => hanging.open() === 0)
  })

  it('is bounded, however much comes', async () => {
    const { url, open } = await startReceiver((response) => {
      const flood = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536))) {}
      }
      response.on('drain', flood).on('error', () => {})
      flood()
    })
    const answer = await attempt({ kind: 'webhook', name: 'hook', url })
    expect(answer.status).toBe('delivered')
    expect(answer.text).toBe('x'.repeat(500))
    await until(() => open() === 0)
  })
})

describe('secrets', () => {
  it('are in no answer and no failure, though the other side repeats them', async () => {
    const secrets = plantSecrets()
    const sign = secrets.plant('sign')
    const team = `planted-team-${crypto.randomUUID()}`
    const token = `planted-token-${crypto.randomUUID()}`
    secrets.plantValue('team', team)
    secrets.plantValue('token', token)
    const { url, requests } = await startReceiver((response, request) =>
      response.writeHead(400).end(`no ${request.path} for ${String(request.headers['x-team'])}, ${sign}`),
    )
    const held = { sign, team, hook: `${url}/services/${token}` }
    const settings = {
      kind: 'webhook',
      name: 'hook',
      url: 'secret:hook',
      signingSecret: 'secret:sign',
      headers: { 'X-Team': 'secret:team' },
    } as const
    const refused = await attempt(settings, { secrets: held })
    expect(requests[0]?.path).toBe(`/services/${token}`)
    expect(refused.text).toMatch(/^no .*•••/)
    const silent = await startReceiver(() => {})
    const late = await attempt(settings, {
      secrets: { ...held, hook: `${silent.url}/services/${token}` },
      clock: createHurriedClock(20),
    })
    expect(late.failure).toMatchObject({ code: 'http-silent', params: { path: '/…' } })
    expect(secrets.findIn({ refused: JSON.stringify(refused), late: JSON.stringify(late) })).toEqual([])
  })

  it('that are missing wait without anything being sent, and an address that is none is refused', async () => {
    const hook = { kind: 'webhook', name: 'hook', url: 'secret:hook' } as const
    expect(await attempt(hook)).toMatchObject({ status: 'retry', failure: { code: 'secret-missing' } })
    expect(await attempt(hook, { secrets: { hook: 'hooks.example.com/x' } })).toMatchObject({
      status: 'refused',
      failure: { code: 'channel-url-invalid', params: { reference: 'secret:hook' } },
    })
  })
})
