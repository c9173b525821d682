/** The console under a public address: behind a real nginx and a real Caddy, each as the guide sets it up. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { type Asked, ask } from '../../support/http-request.ts'
import { OUTSIDE_NAME, PROXIES, type ReverseProxy, startReverseProxy } from '../../support/reverse-proxy.ts'
import { startTestConsole, type TestConsole } from '../../support/test-console.ts'
import { until } from '../../support/until.ts'

const ORIGIN = `https://${OUTSIDE_NAME}`

let console_: TestConsole
let inside: URL
const servers: Server[] = []

async function listen(server: Server): Promise<number> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

beforeAll(async () => {
  console_ = await startTestConsole({ publicUrl: ORIGIN })
  inside = new URL(console_.url)
})
afterAll(async () => {
  await console_?.stop()
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

/** Straight to the port, as whoever is on the machine may. */
const askInside = (path: string, asked?: Asked) => ask(`${console_.url}${path}`, asked)

const cookieOf = (setCookie: string[] | undefined) => setCookie?.[0]?.split(';')[0] ?? ''

const bearer = () => ({ authorization: `Bearer ${console_.tokens.ADMIN}` })

describe.each(PROXIES)('behind %s', (name) => {
  let proxy: ReverseProxy
  beforeAll(async () => {
    proxy = await startReverseProxy(name, Number(inside.port))
  }, 60_000)
  afterAll(() => proxy?.stop())

  const askOutside = (path: string, { headers, ...asked }: Asked = {}) =>
    ask(`${proxy.url}${path}`, { ...asked, headers: { host: OUTSIDE_NAME, ...headers }, tls: proxy.tls })

  async function signIn(): Promise<string> {
    const { search } = new URL(console_.host.publicLink() ?? '')
    const { status, headers } = await askOutside(`/start${search}`)
    expect(status).toBe(303)
    return cookieOf(headers['set-cookie'])
  }

  /** With a question that is answered, where it is let in: what both sides say has to come through. */
  function openSocket(headers: Record<string, string>): Promise<number> {
    const socket = new WebSocket(`${proxy.url.replace('https', 'wss')}/rpc`, {
      headers: { host: OUTSIDE_NAME, ...headers },
      ...proxy.tls,
    })
    return new Promise((resolve, reject) => {
      socket.once('unexpected-response', (_, response) => {
        resolve(response.statusCode ?? 0)
        response.destroy()
      })
      socket.once('open', () => socket.send('{"i":"1","p":{"u":"/session/get","b":{}}}'))
      socket.once('message', (data) => {
        expect(String(data)).toContain('"ADMIN"')
        socket.terminate()
        resolve(101)
      })
      socket.once('error', reject)
    })
  }

  it('opens a session by the start link of the public address, with a cookie that only TLS carries', async () => {
    const link = new URL(console_.host.publicLink() ?? '')
    expect(link.origin).toBe(ORIGIN)
    const { headers } = await askOutside(`${link.pathname}${link.search}`)
    expect(headers['set-cookie']).toEqual([
      expect.stringMatching(
        /^__Host-vakhta-443=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict; Secure$/,
      ),
    ])
    const cookie = cookieOf(headers['set-cookie'])
    expect((await askOutside('/api/v1/deployments', { headers: { cookie } })).status).toBe(200)
    expect((await askOutside(`${link.pathname}${link.search}`)).status).toBe(401)
  })

  it('opens a session on the start page, from its own origin and from no other', async () => {
    const send = (origin: string) =>
      askOutside('/start', {
        method: 'POST',
        headers: { origin, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ token: console_.tokens.ADMIN }).toString(),
      })
    expect((await send(ORIGIN)).status).toBe(303)
    for (const origin of [
      'https://evil.example',
      `http://${OUTSIDE_NAME}`,
      `https://other.example.com`,
      `${ORIGIN}:8443`,
      console_.url,
      'null',
    ]) {
      const { status, headers } = await send(origin)
      expect({ origin, status, cookie: headers['set-cookie'] }).toEqual({ origin, status: 403 })
    }
  })

  it('changes things and opens its socket for its own page, and for no other site', async () => {
    const cookie = await signIn()
    const save = (headers: Record<string, string>) =>
      askOutside('/api/v1/deployments/validate', {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json', ...headers },
        body: '{"yaml":""}',
      })
    expect((await save({ origin: ORIGIN })).status).toBe(200)
    expect((await save({ origin: 'https://evil.example' })).status).toBe(403)
    expect((await save({})).status).toBe(403)
    expect(await openSocket({ cookie, origin: ORIGIN })).toBe(101)
    expect(await openSocket(bearer())).toBe(101)
    expect(await openSocket({ cookie, origin: 'https://evil.example' })).toBe(403)
    expect(await openSocket({ cookie, origin: `http://${OUTSIDE_NAME}` })).toBe(403)
    expect(await openSocket({ cookie })).toBe(403)
    expect(await openSocket({ origin: ORIGIN })).toBe(401)
  })

  it('ends a session where it was opened', async () => {
    const cookie = await signIn()
    const { status, headers } = await askOutside('/session/end', {
      method: 'POST',
      headers: { cookie, origin: ORIGIN },
    })
    expect(status).toBe(204)
    expect(headers['set-cookie']?.[0]).toMatch(/^__Host-vakhta-443=; .*Max-Age=0; .*Secure$/)
    expect((await askOutside('/api/v1/deployments', { headers: { cookie } })).status).toBe(401)
  })

  it('keeps numbers for scrapers to the inside', async () => {
    expect((await askOutside('/metrics', { headers: bearer() })).status).toBe(403)
    expect((await askInside('/metrics', { headers: bearer() })).status).toBe(200)
  })
})

describe('beside it, straight at the port', () => {
  const cookieFrom = async (link: string, headers = {}) =>
    (await ask(link, { headers })).headers['set-cookie']?.[0] ?? ''

  it('goes on as before, with a session of its own', async () => {
    const own = await cookieFrom(console_.host.link())
    expect(own).toMatch(new RegExp(`^vakhta-${inside.port}=`))
    expect(own).not.toContain('Secure')
    const cookie = own.split(';')[0] ?? ''
    expect((await askInside('/api/v1/deployments', { headers: { cookie } })).status).toBe(200)
    // Under the other name it opens nothing.
    const headers = { cookie, host: OUTSIDE_NAME }
    expect((await askInside('/api/v1/deployments', { headers })).status).toBe(401)
  })

  it.each([
    'evil.example',
    `evil.${OUTSIDE_NAME}`,
    `${OUTSIDE_NAME}.evil.example`,
    `${OUTSIDE_NAME}:8443`,
    `${OUTSIDE_NAME}.`,
    `x@${OUTSIDE_NAME}`,
  ])('refuses what is asked for as %s', async (host) => {
    for (const path of ['/', '/health', '/start', '/api/v1/deployments']) {
      const { status } = await askInside(path, { headers: { host, ...bearer() } })
      expect({ path, status }).toEqual({ path, status: 403 })
    }
  })

  it('takes no word of a proxy for who was asked', async () => {
    const forwarded = {
      'x-forwarded-host': OUTSIDE_NAME,
      'x-forwarded-proto': 'https',
      forwarded: `host=${OUTSIDE_NAME};proto=https`,
    }
    const foreign = { host: 'evil.example', ...forwarded, ...bearer() }
    expect((await askInside('/api/v1/deployments', { headers: foreign })).status).toBe(403)
    const search = new URL(console_.host.link()).search
    const { headers } = await askInside(`/start${search}`, { headers: forwarded })
    expect(headers['set-cookie']?.[0]).not.toContain('Secure')
  })

  it('says to whoever sets the proxy up that it does not pass the host on', async () => {
    const { status, text } = await askInside('/start', { method: 'POST', headers: { origin: ORIGIN } })
    expect(status).toBe(403)
    expect(JSON.parse(text).message).toContain('proxy_set_header Host $http_host')
  })
})

describe('a message of an alert', () => {
  it('leads to the page under the public address, which opens there; or to where the settings say', async () => {
    const service = await listen(createServer((_request, response) => response.writeHead(503).end('{}')))
    const links: string[] = []
    const receiver = await listen(
      createServer((request, response) => {
        const chunks: Buffer[] = []
        request.on('data', (chunk: Buffer) => chunks.push(chunk))
        request.on('end', () => {
          links.push((JSON.parse(Buffer.concat(chunks).toString()) as { url: string }).url)
          response.end()
        })
      }),
    )
    const hook = { kind: 'webhook', name: 'hook', url: `http://127.0.0.1:${receiver}` } as const
    const { notify } = console_.engine
    await notify.channels.save(hook, null)
    const settings = async () =>
      JSON.parse((await askInside('/api/v1/channels/settings', { headers: bearer() })).text)
    expect(await settings()).toMatchObject({ baseUrl: null, publicUrl: ORIGIN })
    await console_.engine.deployments.importYaml(
      `name: shop\nenvironment: staging\nservices:\n  - {name: api, url: 'http://127.0.0.1:${service}', ready: null, metrics: null}\n`,
    )
    const [link = ''] = await until(() => links.length > 0 && links, {
      ...{ timeoutMs: 40_000, what: 'the message' },
    })
    expect(link).toMatch(new RegExp(`^${ORIGIN}/incidents/[\\w-]+$`))
    const { pathname, search } = new URL(console_.host.publicLink() ?? '')
    const own = { host: OUTSIDE_NAME, accept: 'text/html' }
    const opened = await askInside(`${pathname}${search}`, { headers: own })
    const cookie = cookieOf(opened.headers['set-cookie'])
    const page = await askInside(new URL(link).pathname, { headers: { ...own, cookie } })
    expect({ status: page.status, names: page.text.includes('shop') }).toEqual({ status: 200, names: true })

    const channel = notify.channels.get('hook')
    if (channel === null) throw new Error('the channel is gone')
    await notify.channels.configure({ baseUrl: 'https://elsewhere.example.com', consoleName: null })
    links.length = 0
    await notify.test(channel, new AbortController().signal)
    expect(links).toEqual([expect.stringMatching(/^https:\/\/elsewhere\.example\.com/)])
  }, 60_000)
})

// Last: they use up the attempts of a minute.
describe('wrong tokens from outside', () => {
  it('are limited for all together, lock nobody out, and at the start page by the proxy for each address', async () => {
    const proxy = await startReverseProxy('nginx', Number(inside.port))
    try {
      const askOutside = (path: string, headers = {}) =>
        ask(`${proxy.url}${path}`, { headers: { host: OUTSIDE_NAME, ...headers }, tls: proxy.tls })
      const wrong = (from: string) => ({ authorization: 'Bearer guess', 'x-forwarded-for': from })
      for (let i = 0; i < 10; i += 1) await askOutside('/api/v1/deployments', wrong(`192.0.2.${i}`))
      const answer = await askOutside('/api/v1/deployments', wrong('192.0.2.99'))
      expect(answer.status).toBe(429)
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
      expect((await askOutside('/api/v1/deployments', bearer())).status).toBe(200)
      expect((await ask(console_.host.link())).status).toBe(303)

      const many = await Promise.all(Array.from({ length: 40 }, () => askOutside('/start')))
      const statuses = new Set(many.map(({ status }) => status))
      expect([...statuses].toSorted()).toEqual([200, 429])
    } finally {
      await proxy.stop()
    }
  }, 60_000)
})
