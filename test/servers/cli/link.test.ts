/** Another start link from the command line: once, for whoever has the token of the machine, and for nobody else. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTemporaryDirectory } from '../../../demo/servers/temporary-directory.ts'
import { runVakhta } from '../../support/run-vakhta.ts'
import { startTestConsole, type TestConsole } from '../../support/test-console.ts'

const OUTSIDE = 'https://watch.example.com'
let console_: TestConsole
const nowhere = createTemporaryDirectory('link')
beforeAll(async () => {
  console_ = await startTestConsole({ publicUrl: OUTSIDE })
})
afterAll(async () => {
  await console_?.stop()
  await nowhere.remove()
})

const link = (...words: string[]) =>
  runVakhta(['link', ...words], { env: { LANG: 'C.UTF-8', LC_ALL: '', LC_MESSAGES: '' } })
const opened = (url: string) => fetch(url, { redirect: 'manual' })
const asked = (headers: Record<string, string>) =>
  fetch(new URL('/api/v1/start-links', console_.url), { method: 'POST', headers })

describe('vakhta link', () => {
  it('prints a link that opens the console once, and one for outside', async () => {
    const outcome = await link('--data', console_.dataDirectory)
    expect(outcome.code).toBe(0)
    const [here = '', outside = ''] = outcome.stdout.trim().split('\n')
    expect(here.startsWith(`${console_.url}/start?token=`)).toBe(true)
    expect(outside.startsWith(`${OUTSIDE}/start?token=`)).toBe(true)
    const first = await opened(here)
    expect([first.status, first.headers.get('set-cookie')]).toEqual([
      303,
      expect.stringContaining('HttpOnly'),
    ])
    expect((await opened(here)).status).toBe(401)
    // The ticket alone counts: what a proxy would be asked for comes to the same console.
    expect((await opened(outside.replace(OUTSIDE, console_.url))).status).toBe(303)
  })

  it('gives each time a new one, for scripts as JSON, and keeps that on record', async () => {
    const [one, other] = [
      JSON.parse((await link('--json', '--data', console_.dataDirectory)).stdout),
      JSON.parse((await link('--json', '--data', console_.dataDirectory)).stdout),
    ]
    expect(Object.keys(one)).toEqual(['link', 'publicLink'])
    expect(one.link).not.toBe(other.link)
    const records = await console_.engine.audit.list({ limit: 2 })
    expect(records).toMatchObject([
      { action: 'session.link', outcome: 'succeeded', actor: { id: 'token:admin' } },
      { action: 'session.link', outcome: 'succeeded' },
    ])
    expect(JSON.stringify(records)).not.toContain(new URL(one.link).searchParams.get('token'))
  })

  it('needs a console that runs', async () => {
    expect((await link('--data', nowhere.path)).code).toBe(69)
  })
})

describe('the route behind it', () => {
  it('lets nobody by without a token', async () => {
    expect((await asked({})).status).toBe(401)
  })

  it('gives nothing to a session of a browser, though it is the administrator’s', async () => {
    const cookie = (await opened(console_.host.link())).headers.get('set-cookie')?.split(';')[0] ?? ''
    const answer = await asked({ cookie, origin: console_.url })
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ code: 'FORBIDDEN' })
  })

  it('gives nothing to another’s token', async () => {
    const answer = await asked({ authorization: `Bearer ${console_.tokens.OPERATOR}` })
    expect(answer.status).toBe(403)
    const [record] = await console_.engine.audit.list({ limit: 1 })
    expect(record).toMatchObject({ action: 'session.link', outcome: 'refused' })
  })

  it('gives nothing through the proxy, whatever token comes with it', async () => {
    const token = (await readFile(join(console_.dataDirectory, 'token'), 'utf8')).trim()
    const headers = { host: 'watch.example.com', authorization: `Bearer ${token}` }
    expect(await statusOf(headers)).toBe(403)
    expect(await statusOf({ ...headers, host: new URL(console_.url).host })).toBe(200)
  })
})

/** `fetch` sets `Host` itself. */
async function statusOf(headers: Record<string, string>): Promise<number> {
  const { request } = await import('node:http')
  const { port } = new URL(console_.url)
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', method: 'POST', path: '/api/v1/start-links', headers })
    sent.on('response', (answer) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
    sent.on('error', reject)
    sent.end()
  })
}
