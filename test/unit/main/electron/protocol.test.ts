import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { servePage } from '../../../../src/main/electron/protocol.ts'
import { NONCE_PLACEHOLDER } from '../../../../src/shared/page-policy.ts'

let directory = ''
let serve: (request: Request) => Promise<Response>
const get = (path: string, init?: RequestInit) => serve(new Request(`vakhta://console${path}`, init))

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vakhta-page-'))
  const page = join(directory, 'renderer')
  await mkdir(join(page, 'assets'), { recursive: true })
  await writeFile(join(page, 'index.html'), `<meta property="csp-nonce" nonce="${NONCE_PLACEHOLDER}">`)
  await writeFile(join(page, 'assets', 'index-1.js'), 'export {}')
  await writeFile(join(page, 'assets', 'index-1.js.map'), '{}')
  await writeFile(join(directory, 'secret.js'), 'outside')
  await mkdir(join(directory, 'renderer-other'))
  await writeFile(join(directory, 'renderer-other', 'x.js'), 'outside')
  serve = servePage(page)
})
afterAll(() => rm(directory, { recursive: true }))

describe('the scheme of the desktop shell', () => {
  it.each(['/', '/index.html', '/deployments/shop'])(
    'answers %s with the page under a policy',
    async (path) => {
      const response = await get(path)
      expect(response.status).toBe(200)
      const policy = response.headers.get('content-security-policy') ?? ''
      const nonce = /style-src-elem 'self' 'nonce-([A-Za-z0-9+/=]{24})'/.exec(policy)?.[1]
      expect(nonce).toBeDefined()
      expect(await response.text()).toBe(`<meta property="csp-nonce" nonce="${nonce}">`)
      expect(policy).toContain("script-src 'self'")
      expect(policy).not.toContain("script-src 'self' 'unsafe")
    },
  )

  it('makes a new nonce for every answer', async () => {
    const [one, two] = await Promise.all([get('/'), get('/')])
    expect(one.headers.get('content-security-policy')).not.toBe(two.headers.get('content-security-policy'))
  })

  it('answers a script with its type and no sniffing', async () => {
    const response = await get('/assets/index-1.js')
    expect(await response.text()).toBe('export {}')
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  })

  it.each([
    '/%2e%2e/secret.js',
    '/..%2fsecret.js',
    '/assets/..%2f..%2fsecret.js',
    '/..%5csecret.js',
    '/%2e%2e/renderer-other/x.js',
    '/assets/missing.js',
    '/assets/index-1.js.map',
  ])('answers %s with 404', async (path) => {
    const response = await get(path)
    expect(response.status).toBe(404)
    expect(await response.text()).toBe('')
  })

  it.each(['/%', '/a%00.js'])('answers %s with 400', async (path) => {
    expect((await get(path)).status).toBe(400)
  })

  it('answers other hosts and methods with a refusal', async () => {
    expect((await serve(new Request('vakhta://elsewhere/index.html'))).status).toBe(404)
    expect((await get('/', { method: 'POST' })).status).toBe(405)
  })
})
