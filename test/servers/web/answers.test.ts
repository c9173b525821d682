/** What the host itself answers: errors in one shape, the page, the documentation, and the exposition. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createTemporaryDirectory,
  type TemporaryDirectory,
} from '../../../demo/servers/temporary-directory.ts'
import { contract } from '../../../src/shared/contract/contract.ts'
import { parseExposition } from '../../support/exposition-parser.ts'
import { type Asked, ask } from '../../support/http-request.ts'
import { startTestConsole, type TestConsole } from '../../support/test-console.ts'
import { until } from '../../support/until.ts'

let running: TestConsole
let renderer: TemporaryDirectory

beforeAll(async () => {
  renderer = createTemporaryDirectory('renderer')
  mkdirSync(join(renderer.path, 'assets'))
  writeFileSync(
    join(renderer.path, 'index.html'),
    '<meta property="csp-nonce" nonce="__VAKHTA_NONCE__"><script src="/assets/a-1234.js"></script>',
  )
  writeFileSync(join(renderer.path, 'assets/a-1234.js'), 'script')
  writeFileSync(join(renderer.path, 'assets/a-1234.js.map'), 'map')
  writeFileSync(join(renderer.path, 'icon.svg'), '<svg/>')
  running = await startTestConsole({ rendererDirectory: renderer.path })
})
afterAll(async () => {
  await running?.stop()
  await renderer?.remove()
})

const get = (path: string, { headers, ...asked }: Asked = {}) =>
  ask(`${running.url}${path}`, {
    headers: { authorization: `Bearer ${running.tokens.ADMIN}`, ...headers },
    ...asked,
  })
const json = { 'content-type': 'application/json' }

describe('an error', () => {
  it.each<[string, number, string, string, Asked]>([
    ['no such route', 404, 'NOT_FOUND', '/api/v1/nothing', {}],
    ['no such method', 404, 'NOT_FOUND', '/api/v1/deployments', { method: 'DELETE' }],
    [
      'a procedure without a route',
      404,
      'NOT_FOUND',
      '/api/v1/session/get',
      { method: 'POST', headers: json, body: '{}' },
    ],
    ['no such page', 404, 'NOT_FOUND', '/nothing', {}],
    [
      'bad JSON',
      400,
      'BAD_REQUEST',
      '/api/v1/deployments/validate',
      { method: 'POST', headers: json, body: '{' },
    ],
    [
      'a polluting JSON',
      400,
      'BAD_REQUEST',
      '/api/v1/deployments/validate',
      { method: 'POST', headers: json, body: '{"__proto__":{}}' },
    ],
    ['no body', 400, 'BAD_REQUEST', '/api/v1/deployments/validate', { method: 'POST' }],
    [
      'a form',
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      '/api/v1/deployments/validate',
      { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{}' },
    ],
    [
      'too much',
      413,
      'PAYLOAD_TOO_LARGE',
      '/api/v1/deployments/validate',
      { method: 'POST', headers: json, body: JSON.stringify({ yaml: 'x'.repeat(1_100_000) }) },
    ],
    ['a bad address', 400, 'BAD_REQUEST', '/%zz', {}],
  ])('has the common shape: %s', async (_what, status, code, path, asked) => {
    const answer = await get(path, asked)
    const body = JSON.parse(answer.text)
    expect(answer.headers['content-type']).toContain('application/json')
    expect(Object.keys(body).sort()).toEqual(['code', 'data', 'defined', 'message', 'status'])
    expect({ http: answer.status, status: body.status, code: body.code }).toEqual({
      http: status,
      status,
      code,
    })
    expect(body.message.length).toBeGreaterThan(10)
    if (status === 400) expect(body.data.issues.length).toBeGreaterThan(0)
  })

  it.each<[string, Asked]>([
    ['without a type', {}],
    ['with the type of a body', { headers: json }],
    ['with an empty body', { headers: { ...json, 'content-length': '0' } }],
  ])('of a removal is of what is removed, also where it is asked %s', async (_how, asked) => {
    const answer = await get('/api/v1/backups/nothing', { method: 'DELETE', ...asked })
    expect({ http: answer.status, ...JSON.parse(answer.text) }).toMatchObject({
      ...{ http: 404, code: 'NOT_FOUND', data: { what: 'backup', name: 'nothing' } },
    })
  })

  it('names what is missing where a body is wanted and there is none', async () => {
    const answer = await get('/api/v1/deployments/validate', { method: 'POST', headers: json })
    expect(JSON.parse(answer.text)).toMatchObject({
      code: 'BAD_REQUEST',
      data: { issues: [{ path: expect.any(String) }] },
    })
    expect(JSON.parse(answer.text).message).not.toMatch(/malformed/)
  })

  it('answers also to what is no HTTP', async () => {
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(running.url).port), '127.0.0.1')
      let received = ''
      socket.on('data', (chunk) => {
        received += String(chunk)
      })
      socket.on('close', () => resolve(received))
      socket.on('error', reject)
      socket.write('NONSENSE\r\n\r\n')
    })
    expect(text).toMatch(/^HTTP\/1\.1 400 /)
    expect(JSON.parse(text.split('\r\n\r\n')[1] ?? '')).toMatchObject({ code: 'BAD_REQUEST', status: 400 })
  })

  it('speaks Russian to who reads Russian', async () => {
    const { text } = await get('/nothing', { headers: { 'accept-language': 'ru-RU,ru;q=0.9' } })
    expect(JSON.parse(text).message).toBe('На GET /nothing ничего не отвечает.')
  })
})

describe('the page', () => {
  const browser = { accept: 'text/html' }

  it('carries the nonce of its own answer', async () => {
    const { text, headers } = await get('/', { headers: browser })
    const nonce = /nonce="([^"]+)"/.exec(text)?.[1]
    expect(nonce).not.toBe('__VAKHTA_NONCE__')
    expect(headers['content-security-policy']).toContain(`'nonce-${nonce}'`)
    expect(headers['cache-control']).toBe('no-store')
  })

  it('answers for every place within it, and for no API path', async () => {
    expect((await get('/deployments/shop', { headers: browser })).text).toContain('csp-nonce')
    expect((await get('/api/v1/nothing', { headers: browser })).status).toBe(404)
  })

  it('keeps hashed files for good and others for a moment, and hands out no source map', async () => {
    const asset = await get('/assets/a-1234.js')
    expect(asset.text).toBe('script')
    expect(asset.headers['cache-control']).toContain('immutable')
    expect(asset.headers['content-type']).toContain('javascript')
    expect((await get('/icon.svg')).headers['cache-control']).not.toContain('immutable')
    expect((await get('/assets/a-1234.js.map')).status).toBe(404)
    expect((await get('/index.html')).text).not.toContain('__VAKHTA_NONCE__')
  })

  it.each([
    '/../../etc/passwd',
    '/assets/..%2f..%2f..%2fetc/passwd',
    '/assets/%2e%2e/index.html',
    '/..%5c..%5cx',
  ])('serves nothing from elsewhere: %s', async (path) => {
    const { text } = await get(path)
    expect(text).not.toContain('root:')
    expect(text).not.toContain('__VAKHTA_NONCE__')
  })

  it('says so where it is not built', async () => {
    const bare = await startTestConsole()
    try {
      const headers = { authorization: `Bearer ${bare.tokens.ADMIN}`, accept: 'text/html' }
      const { status, text } = await ask(`${bare.url}/`, { headers })
      expect(status).toBe(503)
      expect(text).toContain('npm run build')
    } finally {
      await bare.stop()
    }
  })
})

describe('the documentation', () => {
  it('names every REST route of the contract with its errors and its credentials', async () => {
    const document = JSON.parse((await get('/openapi.json')).text)
    const declared = Object.values(contract)
      .flatMap((domain) => Object.values(domain))
      .map((procedure) => procedure['~orpc'].route)
      .filter(({ path }) => path !== undefined)
    expect(declared.length).toBeGreaterThan(20)
    for (const { method, path, successStatus = 200 } of declared) {
      const operation = document.paths[`/api/v1${path}`]?.[(method ?? 'POST').toLowerCase()]
      expect(operation, `${method} ${path}`).toBeDefined()
      for (const status of [String(successStatus), '400', '401', '403', '404', '409', '422', '429']) {
        expect(operation.responses[status], `${status} of ${path}`).toBeDefined()
      }
      expect(operation.summary).toMatch(/\w/)
    }
    expect(Object.keys(document.paths).filter((path) => path.startsWith('/api/')).length).toBe(
      new Set(declared.map(({ path }) => path)).size,
    )
    expect(Object.keys(document.components.securitySchemes)).toEqual(['token', 'session'])
    for (const path of ['/health', '/ready', '/metrics']) expect(document.paths[path]).toBeDefined()
  })

  it('has all 18 monitoring endpoints', async () => {
    const document = JSON.parse((await get('/openapi.json')).text)
    const monitoring = Object.keys(document.paths).flatMap(
      (path) => /^\/api\/v1\/monitoring\/(.+)$/.exec(path)?.[1] ?? [],
    )
    expect(monitoring).toEqual(
      expect.arrayContaining([
        ...['pool/status', 'pool/metrics', 'pool/statistics', 'pool/slow-queries'],
        ...['redis/status', 'redis/metrics', 'redis/info', 'redis/slow-log'],
        ...['system/health', 'metrics/all', 'dashboard/overview'],
        ...['alerts/active', 'alerts/history', 'alerts/statistics', 'alerts/rules'],
        ...['acknowledge', 'silence', 'resolve'].map((what) => `alerts/{alert_id}/${what}`),
      ]),
    )
  })

  it('is served from here alone, without an inline script', async () => {
    const { text, headers } = await get('/docs')
    expect(headers['content-type']).toContain('text/html')
    expect(text).not.toMatch(/<script(?![^>]*src=)/)
    const addresses = [...text.matchAll(/(?:src|href)="(?!data:,")([^"]+)"/g)].map(
      ([, address]) => address ?? '',
    )
    expect(addresses.length).toBe(3)
    for (const address of addresses) {
      expect(address).toMatch(/^\/docs\//)
      expect((await get(address)).status).toBe(200)
    }
  })
})

describe('/metrics', () => {
  it('is read by a strict reader, with what was seen of every deployment', async () => {
    await running.engine.deployments.importYaml(
      ['shop', 'billing']
        .map((name) => `name: ${name}\nenvironment: staging\nhosts:\n  - {name: here, over: local}\n`)
        .join('---\n'),
    )
    const families = await until(
      async () => {
        const { text, headers } = await get('/metrics')
        expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
        const parsed = parseExposition(text)
        return (parsed.get('system_disk_percent')?.samples.length ?? 0) === 2 && parsed
      },
      { timeoutMs: 30_000, what: 'a look at both hosts' },
    )
    const labels = families.get('system_disk_percent')?.samples.map((sample) => sample.labels)
    expect(labels).toEqual(
      expect.arrayContaining([
        { deployment: 'billing', target: 'here' },
        { deployment: 'shop', target: 'here' },
      ]),
    )
    expect(families.get('vakhta_looks_total')?.samples[0]?.value).toBeGreaterThan(0)
    expect(families.get('vakhta_build_info')?.samples[0]?.labels).toEqual({ version: '9.9.9' })
  })
})
