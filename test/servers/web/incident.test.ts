/** The short page of an incident: a real service that is not ready, and a browser without a script. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask } from '../../support/http-request.ts'
import { startTestConsole, type TestConsole } from '../../support/test-console.ts'
import { until } from '../../support/until.ts'

let service: Server
let console_: TestConsole
let isReady = false
let incident = ''

beforeAll(async () => {
  service = createServer(({ url }, response) => {
    response.statusCode = url === '/ready' && !isReady ? 503 : 200
    response.end('{"status":"ok"}')
  })
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  const { port } = service.address() as AddressInfo
  console_ = await startTestConsole()
  await console_.engine.deployments.importYaml(`name: shop
environment: production
services:
  - name: api
    url: http://127.0.0.1:${port}
    live: /live
    ready: /ready
    metrics: null
`)
  await console_.engine.deployments.importYaml(`name: many
environment: production
services:
  - name: api
    url: http://127.0.0.1:${port}
    live: /live
    ready: /live
    metrics: null
`)
  await until(() => console_.engine.alerts.active('shop').length > 0, {
    timeoutMs: 40_000,
    what: 'the service to have been seen not ready twice',
  })
  incident = console_.engine.alerts.active('shop')[0]?.incident ?? ''
}, 60_000)

afterAll(async () => {
  await console_?.stop()
  service?.close()
}, 60_000)

/** A session as a browser has one after it was asked for the token. */
async function signIn(token: string): Promise<string> {
  const response = await fetch(`${console_.url}/start`, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      origin: console_.url,
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'text/html',
    },
    body: new URLSearchParams({ token, next: `/incidents/${incident}` }),
  })
  expect(response.headers.get('location')).toBe(`/incidents/${incident}`)
  return (response.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
}

const page = (headers: Record<string, string>, path = `/incidents/${incident}`) =>
  fetch(`${console_.url}${path}`, { redirect: 'manual', headers: { accept: 'text/html', ...headers } })

const send = (deed: string, headers: Record<string, string>, fields: Record<string, string> = {}) =>
  fetch(`${console_.url}/incidents/${incident}/${deed}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html', ...headers },
    body: new URLSearchParams(fields),
  })

describe('the page of an incident', () => {
  it('asks whoever is not signed in for the token, and comes back', async () => {
    const response = await page({})
    expect(response.status).toBe(401)
    const html = await response.text()
    expect(html).toContain(`name="next" value="/incidents/${incident}"`)
    expect(html).not.toContain('shop')
    await signIn(console_.tokens.ADMIN)
  })

  it('begins anew where a link on another site led there, so that the cookie goes along', async () => {
    const { text } = await ask(`${console_.url}/incidents/${incident}`, {
      headers: { accept: 'text/html', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
    })
    expect(text).toContain(`content="0; url=/incidents/${incident}"`)
  })

  it('has the zone of the messages that lead there, where all of them have the same', async () => {
    const { channels } = console_.engine.notify
    const url = 'http://127.0.0.1:9'
    const cookie = await signIn(console_.tokens.ADMIN)
    const text = async () => (await page({ cookie })).text()
    await channels.save({ kind: 'webhook', name: 'one', url, timeZone: 'Asia/Tokyo' }, null)
    expect(await text()).toMatch(/<dt>Since<\/dt><dd>[^<]* GMT\+9/)
    await channels.save({ kind: 'webhook', name: 'other', url, timeZone: 'Asia/Kolkata' }, null)
    expect(await text()).not.toMatch(/GMT\+9|GMT\+5:30/)
    for (const name of ['one', 'other']) await channels.remove(name)
  })

  it('says what, since when, the limit and who has it, in the language of the reader, without a script', async () => {
    const cookie = await signIn(console_.tokens.ADMIN)
    const html = await (await page({ cookie })).text()
    expect(html).toContain('Emergency · shop')
    expect(html).toContain('api is not ready')
    expect(html).toContain('nobody')
    expect(html).toContain('/#/alerts/open/')
    expect(html).not.toContain('<script')
    const russian = await (await page({ cookie, 'accept-language': 'ru' })).text()
    expect(russian).toContain('Авария · shop')
    expect(russian).toContain('Принять')
  })

  it('does nothing for a form of another site, nor for one without an origin', async () => {
    const cookie = await signIn(console_.tokens.ADMIN)
    expect((await send('acknowledge', { cookie, origin: 'https://evil.example.com' })).status).toBe(403)
    expect((await send('acknowledge', { cookie })).status).toBe(403)
    expect(console_.engine.alerts.active('shop')[0]?.acknowledgedBy).toBeNull()
  })

  it('refuses whoever may only read, on record, and shows them no buttons', async () => {
    const headers = { authorization: `Bearer ${console_.tokens.READONLY}` }
    expect(await (await page(headers)).text()).not.toContain('<form')
    const response = await send('acknowledge', headers)
    expect(response.status).toBe(403)
    expect(await response.text()).toContain('role="alert"')
    const [newest] = await console_.engine.audit.list({ limit: 1 })
    expect(newest).toMatchObject({ action: 'alerts.acknowledgeAll', outcome: 'refused' })
  })

  it('acknowledges and silences for an hour, on record, once', async () => {
    const cookie = await signIn(console_.tokens.ADMIN)
    const own = { cookie, origin: console_.url }
    const taken = await send('acknowledge', own, { note: 'on <my> way' })
    expect(taken.headers.get('location')).toBe(`/incidents/${incident}?done=acknowledged`)
    const [alert] = console_.engine.alerts.active('shop')
    expect(alert).toMatchObject({ acknowledgedBy: expect.any(String), note: 'on <my> way' })
    expect((await send('acknowledge', own)).headers.get('location')).toBe(
      `/incidents/${incident}?done=nothing`,
    )

    const before = Date.now()
    await send('silence', own)
    const until_ = console_.engine.alerts.active('shop')[0]?.silencedUntil ?? 0
    expect(until_ - before).toBeGreaterThan(59 * 60_000)
    expect(until_ - Date.now()).toBeLessThan(61 * 60_000)
    const html = await (await page({ cookie }, `/incidents/${incident}?done=silenced`)).text()
    expect(html).toContain('It is quiet for an hour')
    expect(html).toContain('on &lt;my&gt; way')
    const records = await console_.engine.audit.list({ limit: 20 })
    expect(records.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual(
      expect.arrayContaining(['alerts.acknowledgeAll succeeded', 'alerts.silenceAll succeeded']),
    )
  })

  it('says that it is over, with nothing left to be done, and of what there is not that there is not', async () => {
    const cookie = await signIn(console_.tokens.ADMIN)
    isReady = true
    await until(() => console_.engine.alerts.active('shop').length === 0, {
      timeoutMs: 40_000,
      what: 'three looks that are well',
    })
    const html = await (await page({ cookie })).text()
    expect(html).toContain('Over · shop')
    expect(html).not.toContain('<form')
    const gone = await page({ cookie }, '/incidents/no-such')
    expect(gone.status).toBe(404)
    expect(await gone.text()).toContain('There is no such incident')
  }, 60_000)
})

describe('the page of an incident with more alerts than it reads from the record', () => {
  const PATHS = Array.from({ length: 320 }, (_, index) => `/orders/${index}`)

  function look(): void {
    const values = Object.fromEntries(
      PATHS.map((path) => [`http_path_duration_p95_ms{path="${path}"}`, 9_000]),
    )
    console_.engine.alerts.observe({
      ...{ deployment: 'many', probe: 'traffic', target: 'api', at: Date.now(), status: 'DEGRADED', values },
      reason: { code: 'probe-failed', params: {} },
      cost: { ms: 1, rows: 0, bytes: 0 },
    })
  }

  it('acknowledges and silences each of them in one call, and counts those that are open', async () => {
    const { alerts, audit } = console_.engine
    for (let round = 0; round < 5; round += 1) look()
    const ofPaths = () => alerts.active('many').filter(({ subject }) => subject.labels.path !== undefined)
    expect(ofPaths()).toHaveLength(PATHS.length)
    const [of = ''] = new Set(ofPaths().map((alert) => alert.incident))
    const own = { cookie: await signIn(console_.tokens.ADMIN), origin: console_.url }
    const html = await (await page(own, `/incidents/${of}`)).text()
    expect(Number(/<h2>(\d+) more alerts/.exec(html)?.[1])).toBeGreaterThanOrEqual(PATHS.length - 1)
    const [last] = await audit.list({ limit: 1 })
    for (const [deed, done] of [
      ['acknowledge', 'acknowledged'],
      ['silence', 'silenced'],
    ] as const) {
      const answer = await fetch(`${console_.url}/incidents/${of}/${deed}`, {
        ...{ method: 'POST', redirect: 'manual' },
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html', ...own },
        body: new URLSearchParams({}),
      })
      expect(answer.headers.get('location')).toBe(`/incidents/${of}?done=${done}`)
    }
    expect(ofPaths().filter(({ acknowledgedBy }) => acknowledgedBy === null)).toEqual([])
    expect(ofPaths().filter(({ silencedUntil }) => silencedUntil === null)).toEqual([])
    const since = (await audit.list({ limit: 20 })).filter(({ id }) => id > (last?.id ?? 0))
    const deeds = since.filter(({ outcome }) => outcome === 'succeeded').map(({ action }) => action)
    expect(deeds.toSorted()).toEqual(['alerts.acknowledgeAll', 'alerts.silenceAll'])
  })
})
