import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { until } from '../../support/until.ts'
import { ask, ok, serve, service } from './http-kit.ts'
import { createKit, failureOf, soon } from './reach-kit.ts'

const basic = (login: string) => `Basic ${Buffer.from(login).toString('base64')}`

/** Lets in whoever says the word; keeps what it was told. */
async function guarded(word: () => string) {
  const seen: { path: string; headers: IncomingMessage['headers'] }[] = []
  const server = await serve((request, response) => {
    seen.push({ path: request.url ?? '', headers: request.headers })
    const isFree = request.url?.startsWith('/free') === true
    response.writeHead(isFree || request.headers.authorization === word() ? 200 : 401).end()
  })
  return { ...server, seen, url: `http://127.0.0.1:${server.port}` }
}

describe('who we are to a service', () => {
  it('is a user and password, or headers with secrets in them', async () => {
    const kit = await createKit()
    const { url, seen } = await guarded(() => basic('ops:pässword'))
    kit.secrets.set('password', 'pässword').set('key', 'planted-key')
    const login = { basic: { user: 'ops', password: 'secret:password' } }
    expect(await ask(kit, service(url, login))).toMatchObject({ status: 200 })
    const headers = { 'X-Api-Key': 'secret:key', 'X-Tenant': 'shop', 'User-Agent': 'other' }
    await ask(kit, service(url, { headers }), { path: '/free' })
    expect(seen.at(-1)?.headers).toMatchObject({
      'x-api-key': 'planted-key',
      'x-tenant': 'shop',
      'user-agent': 'other',
      host: url.slice('http://'.length),
    })
  })

  it('is asked for one at a time until it was let in: a wrong password counts as one attempt', async () => {
    const kit = await createKit()
    const { url, seen } = await guarded(() => basic('ops:right'))
    kit.secrets.set('password', 'wrong')
    const reach = kit.reach(service(url, { basic: { user: 'ops', password: 'secret:password' } }))
    const get = (path: string) => reach.http('api').get(path, { ...soon(), maxBytes: 100 })
    const failures = await Promise.all(['/a', '/b', '/c'].map((path) => failureOf(get(path))))
    for (const failure of failures) {
      expect(failure).toMatchObject({
        step: 'authentication',
        code: 'http-credentials-refused',
        recovery: 'person',
      })
    }
    expect(seen).toHaveLength(1)
    expect(reach.connection().hops[0]).toMatchObject({ status: 'REFUSED' })
    reach.retry()
    expect(reach.connection().hops[0]).toMatchObject({ status: 'CONNECTING' })
    await failureOf(get('/a'))
    expect(seen).toHaveLength(2)
    kit.secrets.set('password', 'right')
    expect(await get('/a')).toMatchObject({ status: 200 })
    expect(reach.connection().hops[0]).toMatchObject({ status: 'CONNECTED' })
  })

  it('may be enough at one path and not at another: what lets us in is still asked', async () => {
    const kit = await createKit()
    const { url, seen } = await guarded(() => 'Bearer right')
    kit.secrets.set('token', 'wrong')
    const reach = kit.reach(service(url, { token: 'secret:token' }))
    const get = (path: string) => reach.http('api').get(path, { ...soon(), maxBytes: 100 })
    await get('/free')
    await failureOf(get('/closed'))
    await failureOf(get('/closed'))
    expect(await get('/free')).toMatchObject({ status: 200 })
    expect(seen.filter(({ path }) => path === '/closed')).toHaveLength(1)
    expect(reach.connection().hops[0]).toMatchObject({ status: 'CONNECTED' })
  })

  it('is not at stake where the profile says nothing: 401 is an answer', async () => {
    const kit = await createKit()
    const { url, seen } = await guarded(() => 'Bearer right')
    const http = kit.reach(service(url)).http('api')
    for (let round = 0; round < 3; round += 1)
      expect(await http.get('/', { ...soon(), maxBytes: 100 })).toMatchObject({ status: 401 })
    expect(seen).toHaveLength(3)
  })

  it.each([
    ['token', { token: 'secret:bad' }, 'http-token-invalid'],
    ['header', { headers: { 'X-Key': 'secret:bad' } }, 'http-header-invalid'],
    ['missing', { basic: { user: 'ops', password: 'secret:none' } }, 'secret-missing'],
  ])('is not sent where it cannot be: %s', async (_, more, code) => {
    const kit = await createKit()
    const { url, seen } = await guarded(() => '')
    kit.secrets.set('bad', 'planted\nx')
    const failure = await failureOf(ask(kit, service(url, more)))
    expect(failure).toMatchObject({ step: 'authentication', code, recovery: 'person' })
    expect(JSON.stringify(failure)).not.toContain('planted')
    expect(seen).toHaveLength(0)
  })
})

describe('a redirect', () => {
  async function redirecting(to: () => string, status = 302) {
    const seen: IncomingMessage['headers'][] = []
    const server = await serve((request, response) => {
      seen.push(request.headers)
      if (request.url === '/end') response.end('there')
      else response.writeHead(status, { location: to() }).end()
    })
    return { ...server, seen, url: `http://127.0.0.1:${server.port}` }
  }

  it('is told, not followed, where the profile does not allow it', async () => {
    const kit = await createKit()
    const { url } = await redirecting(() => '/login?state=planted')
    expect(await ask(kit, service(url))).toMatchObject({
      status: 302,
      location: `${url}/login?…`,
      answeredBy: null,
    })
  })

  it.each([301, 302, 303, 307, 308])('%i is followed within the host, with credentials', async (status) => {
    const kit = await createKit()
    kit.secrets.set('token', 'planted')
    const { url, seen } = await redirecting(() => 'end', status)
    const answer = await ask(kit, service(url, { redirects: 'same-host', token: 'secret:token' }))
    expect(answer).toMatchObject({ status: 200, answeredBy: `${url}/end` })
    expect(answer.body.toString()).toBe('there')
    expect(seen.map(({ authorization }) => authorization)).toEqual(['Bearer planted', 'Bearer planted'])
  })

  it('to another origin is followed without anything that says who we are', async () => {
    const kit = await createKit()
    kit.secrets.set('token', 'planted')
    const elsewhere = await redirecting(() => '')
    const { url } = await redirecting(() => `${elsewhere.url}/end`)
    const more = { redirects: 'any', token: 'secret:token', headers: { 'X-Key': 'secret:token' } }
    expect(await ask(kit, service(url, more))).toMatchObject({ answeredBy: `${elsewhere.url}/end` })
    expect(JSON.stringify(elsewhere.seen)).not.toContain('planted')
    const refusing = await serve((_, response) => void response.writeHead(401).end())
    const to = await redirecting(() => `http://127.0.0.1:${refusing.port}/`)
    // Somebody else's no to somebody who said nothing: our credentials were not refused.
    expect(await ask(kit, service(to.url, more))).toMatchObject({ status: 401 })
  })

  it.each([
    ['to another host', 'same-host', 'http://localhost:1/x', 'http-redirect-elsewhere'],
    ['in a circle', 'same-host', '/health', 'http-redirect-loop'],
    ['to no address', 'any', 'ftp://files.example/', 'http-redirect-bad'],
    ['to rubbish', 'any', 'http://', 'http-redirect-bad'],
  ])('%s is named', async (_, redirects, location, code) => {
    const kit = await createKit()
    const { url } = await redirecting(() => location)
    expect(await failureOf(ask(kit, service(url, { redirects })))).toMatchObject({ step: 'protocol', code })
  })

  it('goes on for five times at most', async () => {
    const kit = await createKit()
    let step = 0
    const { url, seen } = await redirecting(() => `/${++step}`)
    expect(await failureOf(ask(kit, service(url, { redirects: 'any' })))).toMatchObject({
      code: 'http-redirect-many',
      params: { limit: 5 },
    })
    expect(seen).toHaveLength(6)
  })
})

describe('through a reach', () => {
  it('paths that look like addresses stay paths, and odd ones are encoded', async () => {
    const kit = await createKit()
    const seen: (string | undefined)[] = []
    const { port } = await serve((request, response) => {
      seen.push(request.url)
      ok(request, response)
    })
    for (const path of ['//evil.example/x', '/a b/ü?q=1#part'])
      await ask(kit, service(`http://127.0.0.1:${port}/base/`), { path })
    expect(seen).toEqual(['/base//evil.example/x', '/base/a%20b/%C3%BC?q=1'])
  })

  it('nothing is left open once it is closed, also while an answer is awaited', async () => {
    const kit = await createKit()
    const { port, sockets } = await serve(() => {})
    const reach = kit.reach(service(`http://127.0.0.1:${port}`))
    const asked = failureOf(reach.http('api').get('/', { ...soon(), maxBytes: 100 }))
    await until(() => sockets() === 1)
    await reach.close()
    await asked
    await until(() => sockets() === 0)
  })
})
