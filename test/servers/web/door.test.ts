/** Who gets in, from where, and what everybody sees. */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { type Asked, ask } from '../../support/http-request.ts'
import { startTestConsole, type TestConsole } from '../../support/test-console.ts'

let running: TestConsole
let port: string
let bearer: { authorization: string }

beforeAll(async () => {
  running = await startTestConsole()
  port = new URL(running.url).port
  bearer = { authorization: `Bearer ${running.tokens.ADMIN}` }
})
afterAll(() => running?.stop())

const get = (path: string, asked?: Asked) => ask(`${running.url}${path}`, asked)

/** A browser session by the one-time link. @returns the `Cookie` header */
async function signIn(): Promise<string> {
  const { headers } = await ask(running.host.link())
  return headers['set-cookie']?.[0]?.split(';')[0] ?? ''
}

describe('without a credential', () => {
  it('tells scripts that it lives and is ready, and nothing else', async () => {
    expect(JSON.parse((await get('/health')).text)).toEqual({ status: 'ok' })
    expect(JSON.parse((await get('/ready')).text)).toEqual({ status: 'ready' })
  })

  it.each([
    '/',
    '/metrics',
    '/openapi.json',
    '/docs',
    '/api/v1/deployments',
    '/nothing',
    '/rpc',
    '/assets/x.js',
  ])('refuses %s in the common shape', async (path) => {
    const { status, headers, text } = await get(path)
    expect(status).toBe(401)
    expect(headers['www-authenticate']).toContain('Bearer')
    expect(JSON.parse(text)).toEqual({
      defined: true,
      code: 'UNAUTHORIZED',
      status: 401,
      message: expect.stringContaining('token'),
      data: null,
    })
  })

  it('gives browsers the start page, in their language, which leads back to where they were going', async () => {
    const { status, text } = await get('/deployments/shop', {
      headers: { accept: 'text/html', 'accept-language': 'ru' },
    })
    expect(status).toBe(401)
    expect(text).toContain('<html lang="ru">')
    expect(text).toContain('value="/deployments/shop"')
    expect(text).not.toContain('<script')
  })

  it('does not let a path break out of the page', async () => {
    const { text } = await get('/x"><img src=x onerror=alert(1)>'.replaceAll(' ', '%20'), {
      headers: { accept: 'text/html' },
    })
    expect(text).not.toContain('"><img')
  })
})

describe('with the token', () => {
  it('lets scripts in, and tells wrong ones where the right one is', async () => {
    expect((await get('/api/v1/deployments', { headers: bearer })).status).toBe(200)
    const { status, text } = await get('/api/v1/deployments', { headers: { authorization: 'Bearer wrong' } })
    expect({ status, code: JSON.parse(text).code }).toEqual({ status: 401, code: 'UNAUTHORIZED' })
    expect(text).not.toContain(running.tokens.ADMIN)
  })

  it('opens a browser session on the start page', async () => {
    const { status, headers } = await get('/start', {
      method: 'POST',
      headers: { origin: running.url, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        token: ` ${running.tokens.ADMIN}\n`,
        next: '/deployments/shop',
      }).toString(),
    })
    expect({ status, location: headers.location }).toEqual({ status: 303, location: '/deployments/shop' })
    expect(headers['set-cookie']?.[0]).toMatch(
      new RegExp(`^vakhta-${port}=[\\w-]{43}; Path=/; Max-Age=\\d+; HttpOnly; SameSite=Strict$`),
    )
  })
})

describe('the one-time link', () => {
  it('opens a session once', async () => {
    const link = running.host.link()
    const first = await ask(link)
    expect({ status: first.status, location: first.headers.location }).toEqual({ status: 303, location: '/' })
    const cookie = first.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
    expect((await get('/api/v1/deployments', { headers: { cookie } })).status).toBe(200)
    const second = await ask(link, { headers: { accept: 'text/html' } })
    expect(second.status).toBe(401)
    expect(second.headers['set-cookie']).toBe(undefined)
    expect(second.text).toContain('used already')
  })

  it('is not spent by whoever only looks at it', async () => {
    const link = running.host.link()
    await ask(link, { method: 'HEAD' })
    expect((await ask(link)).status).toBe(303)
  })

  it('works from another site’s page too, where a redirect would lose the cookie', async () => {
    const { status, text, headers } = await ask(running.host.link(), {
      headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
    })
    expect(status).toBe(200)
    expect(headers['set-cookie']).toHaveLength(1)
    expect(text).toContain('http-equiv="refresh" content="0; url=/"')
  })
})

describe('a session', () => {
  it('counts only under the name of this console’s port', async () => {
    const cookie = (await signIn()).replace(`vakhta-${port}`, 'vakhta-1')
    expect((await get('/api/v1/deployments', { headers: { cookie } })).status).toBe(401)
  })

  it('changes things only from its own page', async () => {
    const cookie = await signIn()
    const save = (headers: Record<string, string>) =>
      get('/api/v1/deployments/validate', {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json', ...headers },
        body: '{"yaml":""}',
      })
    expect((await save({ origin: running.url })).status).toBe(200)
    expect((await save({ origin: 'http://localhost:3000' })).status).toBe(403)
    const { status, text } = await save({})
    expect({ status, code: JSON.parse(text).code }).toEqual({ status: 403, code: 'FORBIDDEN' })
  })

  it('ends, and its sockets with it', async () => {
    const cookie = await signIn()
    const other = await signIn()
    const [mine, theirs] = await Promise.all([openSocket({ cookie }), openSocket({ cookie: other })])
    const closed = new Promise((resolve) => mine.once('close', resolve))
    const { status, headers } = await get('/session/end', {
      method: 'POST',
      headers: { cookie, origin: running.url },
    })
    expect(status).toBe(204)
    expect(headers['set-cookie']?.[0]).toContain('Max-Age=0')
    expect(await closed).toBe(4401)
    expect(theirs.readyState).toBe(WebSocket.OPEN)
    theirs.terminate()
    expect((await get('/api/v1/deployments', { headers: { cookie } })).status).toBe(401)
  })

  function openSocket(headers: Record<string, string>): Promise<WebSocket> {
    const socket = new WebSocket(`${running.url.replace('http', 'ws')}/rpc`, { headers, origin: running.url })
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(socket))
      socket.once('error', reject)
    })
  }
})

describe('a foreign name or site', () => {
  it.each(['evil.example', `evil.example:8080`, '127.0.0.1.nip.io', '0.0.0.0'])(
    'is refused as Host: %s',
    async (host) => {
      for (const path of ['/', '/health', '/start', '/api/v1/deployments', '/metrics']) {
        const { status, text } = await get(path, { headers: { host, ...bearer, accept: 'text/html' } })
        expect({ path, status, code: JSON.parse(text).code }).toEqual({
          path,
          status: 403,
          code: 'FORBIDDEN',
        })
      }
    },
  )

  it('is let in through a forwarded port', async () => {
    const headers = { host: 'localhost:9000', origin: 'http://localhost:9000', ...bearer }
    expect((await get('/api/v1/deployments', { headers })).status).toBe(200)
  })

  it('opens no socket', async () => {
    const cookie = await signIn()
    const upgrade = (headers: Record<string, string>, path = '/rpc') =>
      new Promise<number>((resolve, reject) => {
        const socket = new WebSocket(`${running.url.replace('http', 'ws')}${path}`, { headers })
        socket.once('unexpected-response', (_, response) => {
          resolve(response.statusCode ?? 0)
          response.destroy()
        })
        socket.once('open', () => {
          socket.terminate()
          resolve(101)
        })
        socket.once('error', reject)
      })
    expect(await upgrade({})).toBe(401)
    expect(await upgrade({ cookie, origin: 'https://evil.example' })).toBe(403)
    expect(await upgrade({ cookie })).toBe(403)
    expect(await upgrade({ cookie, origin: running.url, host: 'evil.example' })).toBe(403)
    expect(await upgrade({ ...bearer, origin: 'https://evil.example' })).toBe(403)
    expect(await upgrade(bearer, '/elsewhere')).toBe(404)
    expect(await upgrade({ cookie, origin: running.url })).toBe(101)
    expect(await upgrade(bearer)).toBe(101)
  })
})

it('sends the same security headers with every answer', async () => {
  for (const path of ['/health', '/start', '/nothing', '/api/v1/deployments', '/metrics', '/docs']) {
    const { headers } = await get(path, { headers: path === '/nothing' ? {} : bearer })
    const policy = headers['content-security-policy'] as string
    expect(policy).toMatch(/style-src-elem 'self' 'nonce-[\w+/=]{24}'/)
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/script-src[^;]*unsafe/)
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    })
    expect(headers['access-control-allow-origin']).toBe(undefined)
  }
})

it('lets no page be made of an answer to what it cannot read', async () => {
  const { status, headers } = await get('/%zz')
  expect(status).toBe(400)
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  })
})

it('never uses a nonce twice', async () => {
  const nonces = await Promise.all(
    Array.from({ length: 5 }, async () => (await get('/start')).headers['content-security-policy']),
  )
  expect(new Set(nonces).size).toBe(5)
})

it('writes the token and its own note for their owner alone', () => {
  for (const name of ['token', 'console.json']) {
    expect(statSync(join(running.dataDirectory, name)).mode & 0o777).toBe(0o600)
  }
  expect(JSON.parse(readFileSync(join(running.dataDirectory, 'console.json'), 'utf8'))).toEqual({
    pid: process.pid,
    url: running.url,
    version: '9.9.9',
  })
})

// Last: it uses up the attempts of a minute.
it('limits wrong tokens, wherever they are tried, and lets the right one through all the same', async () => {
  const wrong = { headers: { authorization: 'Bearer guess' } }
  for (let i = 0; i < 12; i += 1) await get('/metrics', wrong)
  for (const answer of [
    await get('/metrics', wrong),
    await get('/start?token=guess'),
    await get('/start', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'token=guess',
    }),
  ]) {
    expect(answer.status).toBe(429)
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    const { code, data } = JSON.parse(answer.text)
    expect(code).toBe('TOO_MANY_REQUESTS')
    expect(data.retryAfterSeconds).toBe(Number(answer.headers['retry-after']))
  }
  expect((await get('/metrics', { headers: bearer })).status).toBe(200)
})
