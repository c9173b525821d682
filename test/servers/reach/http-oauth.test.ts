import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { createAuthority } from '../../../demo/servers/authority.ts'
import { systemClock } from '../../../src/main/engine/clock.ts'
import { diagnose } from '../../../src/main/engine/reach/diagnose.ts'
import { closedPort } from '../../support/ports.ts'
import { until } from '../../support/until.ts'
import { serve, serveProxy, service } from './http-kit.ts'
import { createKit, failureOf, soon } from './reach-kit.ts'

interface Asked {
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  return body
}

/** Gives tokens out as it is told, one after another, and keeps what it was asked. */
async function tokenEndpoint(tls?: { key: string; cert: string }) {
  const asked: Asked[] = []
  const endpoint = {
    asked,
    status: 200,
    answer: (turn: number): unknown => ({
      access_token: `token-${turn}`,
      token_type: 'bearer',
      expires_in: 1800,
    }),
    url: '',
  }
  const server = await serve(async (request, response) => {
    asked.push({ headers: request.headers, body: await bodyOf(request) })
    const answer = endpoint.answer(asked.length)
    response.writeHead(endpoint.status, { 'content-type': 'application/json' })
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer))
  }, tls)
  endpoint.url = `${tls === undefined ? 'http://127.0.0.1' : 'https://localhost'}:${server.port}/token`
  return Object.assign(endpoint, { server })
}

/** Lets in with the tokens that it is told to. */
async function guarded(isGood: (token: string) => boolean) {
  const seen: string[] = []
  const server = await serve((request, response) => {
    const token = request.headers.authorization?.replace('Bearer ', '') ?? ''
    seen.push(token)
    response.writeHead(isGood(token) ? 200 : 401).end()
  })
  return { ...server, seen, url: `http://127.0.0.1:${server.port}` }
}

const oauth2 = (tokenUrl: string, more = {}) => ({
  oauth2: { tokenUrl, clientId: 'va:khta', clientSecret: 'secret:client', ...more },
})

const SECRET = 'planted s:cret&='

async function kitWithSecret(overrides: Parameters<typeof createKit>[0] = {}) {
  const kit = await createKit(overrides)
  kit.secrets.set('client', SECRET)
  return kit
}

/** A clock that runs as the real one, and can be moved on. */
function movable() {
  let ms = 0
  return {
    clock: { ...systemClock, monotonic: () => systemClock.monotonic() + ms },
    move(by: number) {
      ms += by
    },
  }
}

describe('a token by OAuth 2.0', () => {
  it('is asked for as the standard says, once for all who want it, and kept', async () => {
    const kit = await kitWithSecret()
    const endpoint = await tokenEndpoint()
    const guard = await guarded((token) => token === 'token-1')
    const http = kit
      .reach(service(guard.url, oauth2(endpoint.url, { scope: 'a b', audience: 'shop' })))
      .http('api')
    const get = () => http.get('/', { ...soon(), maxBytes: 100 })
    const answers = await Promise.all([get(), get(), get()])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    await get()
    expect(endpoint.asked).toHaveLength(1)
    const [asked] = endpoint.asked
    expect(asked?.headers['content-type']).toBe('application/x-www-form-urlencoded')
    expect(Object.fromEntries(new URLSearchParams(asked?.body))).toEqual({
      grant_type: 'client_credentials',
      scope: 'a b',
      audience: 'shop',
    })
    const login = Buffer.from(asked?.headers.authorization?.replace('Basic ', '') ?? '', 'base64').toString()
    expect(login).toBe('va%3Akhta:planted+s%3Acret%26%3D')
  })

  it('is asked for with the secret in the body, or as JSON without a grant type', async () => {
    const kit = await kitWithSecret()
    const endpoint = await tokenEndpoint()
    const guard = await guarded(() => true)
    for (const more of [{ clientAuthentication: 'body' }, { style: 'json' }]) {
      const http = kit.reach(service(guard.url, oauth2(endpoint.url, more))).http('api')
      await http.get('/', { ...soon(), maxBytes: 100 })
    }
    const [form, json] = endpoint.asked
    expect(form?.headers.authorization).toBeUndefined()
    expect(Object.fromEntries(new URLSearchParams(form?.body))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'va:khta',
      client_secret: SECRET,
    })
    expect(JSON.parse(json?.body ?? '')).toEqual({ client_id: 'va:khta', client_secret: SECRET })
    expect(json?.headers).toMatchObject({ 'content-type': 'application/json' })
  })

  it('comes from a path of the service itself, as ArtStore gives it', async () => {
    const kit = await kitWithSecret()
    const seen: string[] = []
    const { port } = await serve(async (request, response) => {
      if (request.method === 'POST') {
        seen.push(`${request.url} ${await bodyOf(request)}`)
        response.end(JSON.stringify({ access_token: 'eyJ', token_type: 'Bearer', expires_in: 1800 }))
      } else response.writeHead(request.headers.authorization === 'Bearer eyJ' ? 200 : 401).end()
    })
    const more = oauth2('/api/auth/token', { clientId: 'service-name', style: 'json' })
    const http = kit.reach(service(`http://127.0.0.1:${port}`, more)).http('api')
    expect(await http.get('/health', { ...soon(), maxBytes: 100 })).toMatchObject({ status: 200 })
    expect(seen).toEqual([
      `/api/auth/token ${JSON.stringify({ client_id: 'service-name', client_secret: SECRET })}`,
    ])
  })

  it('is renewed before it ends, while the old one still serves', async () => {
    const { clock, move } = movable()
    const kit = await kitWithSecret({ clock })
    const endpoint = await tokenEndpoint()
    const guard = await guarded(() => true)
    const http = kit.reach(service(guard.url, oauth2(endpoint.url))).http('api')
    const get = () => http.get('/', { ...soon(), maxBytes: 100 })
    await get()
    move(1_700_000)
    await get()
    expect(endpoint.asked).toHaveLength(1)
    move(60_000)
    endpoint.status = 503
    await get()
    await until(() => endpoint.asked.length === 2)
    // The renewal failed, and the old one is still good.
    expect(await get()).toMatchObject({ status: 200 })
    expect(guard.seen.at(-1)).toBe('token-1')
    endpoint.status = 200
    move(10_000)
    await until(async () => {
      await get()
      return guard.seen.at(-1) === 'token-3'
    })
    expect(endpoint.asked).toHaveLength(3)
  })

  it('is renewed once where the service does not take it any more, and then the truth is told', async () => {
    const { clock, move } = movable()
    const kit = await kitWithSecret({ clock })
    const endpoint = await tokenEndpoint()
    let good = 'token-1'
    const guard = await guarded((token) => token === good)
    const reach = kit.reach(service(guard.url, oauth2(endpoint.url)))
    const get = () => reach.http('api').get('/', { ...soon(), maxBytes: 100 })
    await get()
    good = 'token-2'
    expect(await get()).toMatchObject({ status: 200 })
    good = 'none'
    for (let round = 0; round < 3; round += 1) {
      expect(await failureOf(get())).toMatchObject({
        step: 'authentication',
        code: 'http-token-not-admitted',
        recovery: 'by-itself',
      })
    }
    // Not one token for each refusal.
    expect(endpoint.asked).toHaveLength(2)
    move(61_000)
    good = 'token-3'
    expect(await get()).toMatchObject({ status: 200 })
  })

  it('without a time is used until it is refused; one that tells its end is taken at its word', async () => {
    const { clock, move } = movable()
    const kit = await kitWithSecret({ clock })
    const endpoint = await tokenEndpoint()
    const claims = (lifeSeconds: number) => {
      const now = Math.round(Date.now() / 1_000)
      const payload = Buffer.from(JSON.stringify({ iat: now, exp: now + lifeSeconds })).toString('base64url')
      return `e30.${payload}.x`
    }
    endpoint.answer = (turn) => ({ access_token: turn === 1 ? 'opaque' : claims(600) })
    const guard = await guarded(() => true)
    const opaque = kit.reach(service(guard.url, oauth2(endpoint.url))).http('api')
    await opaque.get('/', { ...soon(), maxBytes: 100 })
    move(86_400_000)
    await opaque.get('/', { ...soon(), maxBytes: 100 })
    expect(endpoint.asked).toHaveLength(1)
    const jwt = kit.reach(service(guard.url, oauth2(endpoint.url))).http('api')
    await jwt.get('/', { ...soon(), maxBytes: 100 })
    move(600_000)
    await jwt.get('/', { ...soon(), maxBytes: 100 })
    expect(endpoint.asked).toHaveLength(3)
  })
})

describe('a token endpoint that says strange things', () => {
  it.each([[-1], [0], ['abc'], ['1e99'], [1e99], [null], [{}]])(
    'gives a token all the same where its end is %j',
    async (end) => {
      const kit = await kitWithSecret()
      const endpoint = await tokenEndpoint()
      const guard = await guarded((token) => token === 'token-1')
      Object.assign(endpoint, { answer: () => ({ access_token: 'token-1', expires_in: end }) })
      const http = kit.reach(service(guard.url, oauth2(endpoint.url))).http('api')
      for (let round = 0; round < 3; round += 1) {
        expect(await http.get('/', { ...soon(), maxBytes: 100 })).toMatchObject({ status: 200 })
      }
      expect(endpoint.asked).toHaveLength(1)
    },
  )

  it('is heard no further than 64 KiB, and told what is wrong with its token', async () => {
    const kit = await kitWithSecret()
    const endpoint = await tokenEndpoint()
    for (const [answer, words] of [
      [() => ({ access_token: 'x'.repeat(50_000_000) }), /not JSON/],
      [() => ({ access_token: 'a\r\nx-evil: 1' }), /characters that no header carries/],
      [() => ({ access_token: 7 }), /no access_token/],
    ] as const) {
      Object.assign(endpoint, { answer })
      const http = kit.reach(service('http://127.0.0.1:9', oauth2(endpoint.url))).http('api')
      const failure = await failureOf(http.get('/', { ...soon(), maxBytes: 100 }))
      expect(failure).toMatchObject({
        code: 'oauth-answer-odd',
        params: { words: expect.stringMatching(words) },
      })
    }
  })
})

describe('a token that cannot be had', () => {
  it.each([
    [401, { error: 'invalid_client', error_description: `no ${SECRET} here` }, 'oauth-client-refused'],
    [400, { error: 'invalid_scope' }, 'oauth-client-refused'],
    [401, { detail: 'Invalid client credentials' }, 'oauth-client-refused'],
    [422, { detail: [{ loc: ['body'] }] }, 'oauth-client-refused'],
  ])('is not asked for again by itself after %i %j', async (status, answer, code) => {
    const kit = await kitWithSecret()
    const endpoint = await tokenEndpoint()
    const guard = await guarded(() => true)
    Object.assign(endpoint, { status, answer: () => answer })
    const reach = kit.reach(service(guard.url, oauth2(endpoint.url)))
    const get = () => reach.http('api').get('/', { ...soon(), maxBytes: 100 })
    for (let round = 0; round < 3; round += 1) {
      const failure = await failureOf(get())
      expect(failure).toMatchObject({ step: 'authentication', code, recovery: 'person' })
      expect(JSON.stringify(failure)).not.toContain('planted')
    }
    expect(endpoint.asked).toHaveLength(1)
    expect(reach.connection().hops[0]).toMatchObject({ status: 'REFUSED' })
    reach.retry()
    await failureOf(get())
    expect(endpoint.asked).toHaveLength(2)
    // Another secret is another try.
    kit.secrets.set('client', 'better')
    Object.assign(endpoint, { status: 200, answer: () => ({ access_token: 'x', expires_in: 60 }) })
    expect(await get()).toMatchObject({ status: 200 })
    expect(guard.seen).toEqual(['x'])
  })

  it.each([
    [200, '<html>welcome</html>', 'oauth-answer-odd'],
    [200, { token: 'x' }, 'oauth-answer-odd'],
    [200, { access_token: 'x', token_type: 'mac' }, 'oauth-answer-odd'],
    [200, { access_token: 'a\nb' }, 'oauth-answer-odd'],
    [404, {}, 'oauth-endpoint-missing'],
    [503, {}, 'oauth-endpoint-failing'],
    [429, {}, 'oauth-endpoint-failing'],
    [400, { error: 'temporarily_unavailable' }, 'oauth-endpoint-failing'],
  ])('says what came instead: %i %j', async (status, answer, code) => {
    const kit = await kitWithSecret()
    const endpoint = await tokenEndpoint()
    Object.assign(endpoint, { status, answer: () => answer })
    const http = kit.reach(service('http://127.0.0.1:9', oauth2(endpoint.url))).http('api')
    const get = () => http.get('/', { ...soon(), maxBytes: 100 })
    expect(await failureOf(get())).toMatchObject({ step: 'authentication', code, recovery: 'by-itself' })
    // And the endpoint is left alone for a while.
    await failureOf(get())
    expect(endpoint.asked).toHaveLength(1)
  })

  it('because its endpoint is down says nothing of the service; where both are one, it does', async () => {
    const kit = await kitWithSecret()
    const guard = await guarded(() => true)
    const port = await closedPort()
    const apart = kit.reach(service(guard.url, oauth2(`http://127.0.0.1:${port}/token`))).http('api')
    expect(await failureOf(apart.get('/', { ...soon(), maxBytes: 100 }))).toMatchObject({
      step: 'authentication',
      code: 'oauth-endpoint-failed',
      params: { because: 'tcp-refused', port },
    })
    const one = kit.reach(service(`http://127.0.0.1:${port}`, oauth2('/token'))).http('api')
    expect(await failureOf(one.get('/', { ...soon(), maxBytes: 100 }))).toMatchObject({
      step: 'tcp',
      code: 'tcp-refused',
    })
  })

  it('because its endpoint hangs is said within the time', async () => {
    const kit = await kitWithSecret()
    const hanging = await serve(() => {})
    const http = kit
      .reach(service('http://127.0.0.1:9', oauth2(`http://127.0.0.1:${hanging.port}/token`)))
      .http('api')
    expect(await failureOf(http.get('/', { ...soon(300), maxBytes: 100 }))).toMatchObject({
      step: 'authentication',
    })
  })
})

describe('testing the way to a service with tokens', () => {
  async function walked(kit: Awaited<ReturnType<typeof createKit>>, profile: ReturnType<typeof service>) {
    const told = []
    for await (const result of diagnose(kit.profile(profile), kit, new AbortController().signal))
      told.push(result)
    return told
  }

  it('walks the service, then the endpoint over TLS, then the service with the token, and fetches one', async () => {
    const root = createAuthority()
    const leaf = root.issue({ names: ['localhost'] })
    const kit = await kitWithSecret({ authorities: () => [root.certificate] })
    const endpoint = await tokenEndpoint({ key: leaf.key, cert: leaf.chain })
    const guard = await guarded((token) => token === 'token-1')
    const told = await walked(kit, service(guard.url, oauth2(endpoint.url)))
    expect(told.every(({ status }) => status === 'ok')).toBe(true)
    expect(told.map(({ hop, step }) => `${hop.split(' ')[0]} ${step}`)).toEqual([
      ...['HTTP resolve', 'HTTP tcp', 'HTTP protocol'],
      ...['OAuth resolve', 'OAuth tcp', 'OAuth tls', 'OAuth authentication'],
      ...['HTTP resolve', 'HTTP tcp', 'HTTP protocol', 'HTTP authentication'],
    ])
    expect(endpoint.asked).toHaveLength(1)
    expect(told.find(({ step }) => step === 'tls')?.detail).toMatchObject({
      code: 'tls-chain',
      params: { chain: 'localhost ← Vakhta Test, Test Root' },
    })
  })

  it('stops at a refused client, which it shows once', async () => {
    const kit = await kitWithSecret()
    const endpoint = await tokenEndpoint()
    Object.assign(endpoint, { status: 401, answer: () => ({ error: 'invalid_client' }) })
    const guard = await guarded(() => false)
    const told = await walked(kit, service(guard.url, oauth2(endpoint.url)))
    expect(told.at(-1)).toMatchObject({
      status: 'failed',
      failure: { code: 'oauth-client-refused', params: { client: 'va:khta', words: 'invalid_client' } },
    })
    expect(endpoint.asked).toHaveLength(1)
  })

  it('goes through the proxy of the service to the endpoint as well', async () => {
    const kit = await kitWithSecret()
    const proxy = await serveProxy()
    const endpoint = await tokenEndpoint()
    const guard = await guarded(() => true)
    const more = { ...oauth2(endpoint.url), proxy: { url: `http://127.0.0.1:${proxy.port}` } }
    const told = await walked(kit, service(guard.url, more))
    expect(told.every(({ status }) => status === 'ok')).toBe(true)
    expect(proxy.asked).toContain(`POST ${endpoint.url}`)
  })
})
