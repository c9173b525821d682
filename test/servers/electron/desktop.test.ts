import { existsSync } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import type { ContractRouterClient } from '@orpc/contract'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Contract } from '../../../src/shared/contract/contract.ts'
import { buildDesktop } from '../../support/fake-electron/build-desktop.ts'
import { type Desktop, type PagePort, startDesktop } from '../../support/fake-electron/start-desktop.ts'
import { until } from '../../support/until.ts'

type Client = ContractRouterClient<Contract>

let main = ''
let directory = ''
let desktop: Desktop | null = null

beforeAll(async () => {
  main = await buildDesktop('desktop-under-test')
}, 120_000)

afterEach(async () => {
  desktop?.child.kill('SIGKILL')
  await desktop?.ended
  desktop = null
  await rm(directory, { recursive: true, force: true })
})

afterAll(() => rm(join(main, '../..'), { recursive: true, force: true }))

/** Starts the app on a new data directory and waits for its window. */
async function started(env: Record<string, string> = {}): Promise<Desktop> {
  const app = await launched(env)
  await until(async () => (await app.ask('state')).windows[0]?.calls.includes('show'), { timeoutMs: 15_000 })
  return app
}

async function launched(env: Record<string, string> = {}): Promise<Desktop> {
  directory = await mkdtemp(join(tmpdir(), 'vakhta-desktop-'))
  desktop = startDesktop({
    main,
    argv: ['--data', join(directory, 'data'), '--key-file', join(directory, 'key')],
    env,
  })
  return desktop
}

function clientOf(port: PagePort): Client {
  return createORPCClient(new RPCLink({ port: port as never }))
}

/** Resolves when the app closed the page's port, which is how it refuses one. */
function closed(port: PagePort): Promise<void> {
  return new Promise((resolve) => port.addEventListener('close', () => resolve()))
}

describe('the window', () => {
  it('is sandboxed, isolated, and shows the page of its own scheme', async () => {
    const app = await started()
    const { record, windows } = await app.ask('state')
    expect(record.sandboxed).toBe(true)
    expect(windows).toHaveLength(1)
    expect(windows[0]?.url).toBe('vakhta://console/')
    expect(windows[0]?.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
    })
    expect(existsSync(windows[0]?.options.webPreferences?.preload ?? '')).toBe(true)
    expect(existsSync(String(windows[0]?.options.icon))).toBe(true)
    expect(record.schemes).toEqual([
      { scheme: 'vakhta', privileges: expect.objectContaining({ standard: true, secure: true }) },
    ])
    expect(record.schemes[0]?.privileges?.bypassCSP).toBeUndefined()
  })

  it('gets the built page with a policy whose nonce the page carries, and its assets', async () => {
    const app = await started()
    const page = await app.ask('fetch', 'vakhta://console/deployments/shop', 'GET')
    const nonce = /'nonce-([^']+)'/.exec(page.headers['content-security-policy'] ?? '')?.[1] ?? 'none'
    expect(page.body).toContain(`nonce="${nonce}"`)
    expect(page.body).not.toContain('__VAKHTA_NONCE__')
    const script = /<script[^>]+src="([^"]+)"/.exec(page.body)?.[1] ?? ''
    expect(script).toMatch(/^\/assets\//)
    const asset = await app.ask('fetch', `vakhta://console${script}`, 'GET')
    expect(asset.status).toBe(200)
    expect(asset.headers['content-type']).toContain('text/javascript')
    expect((await app.ask('fetch', 'vakhta://console/..%2fmain/index.js', 'GET')).status).toBe(404)
  })

  it('goes nowhere else, opens no windows, and hands only safe links to the browser', async () => {
    const app = await started()
    expect(await app.ask('navigate', 'will-frame-navigate', 'vakhta://console/settings', true)).toBe(false)
    expect(await app.ask('navigate', 'will-frame-navigate', 'https://example.com/', true)).toBe(true)
    expect(await app.ask('navigate', 'will-frame-navigate', 'vakhta://console/', false)).toBe(true)
    expect(await app.ask('navigate', 'will-redirect', 'vakhta://console/', true)).toBe(true)
    for (const url of [
      'https://example.com/docs',
      'http://example.com/',
      'file:///etc/passwd',
      'vakhta://console/',
    ]) {
      expect(await app.ask('openWindow', url)).toBe('deny')
    }
    expect((await app.ask('state')).record.openedElsewhere).toEqual(['https://example.com/docs'])
  })

  it('is permitted nothing but to put text on the clipboard', async () => {
    const app = await started()
    const nothing = { request: false, check: false, device: false }
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'openExternal',
      'usb',
    ]) {
      expect(await app.ask('permit', permission, 'vakhta://console/')).toEqual(nothing)
    }
    expect(await app.ask('permit', 'clipboard-sanitized-write', 'https://example.com/')).toEqual(nothing)
    expect(await app.ask('permit', 'clipboard-sanitized-write', 'vakhta://console/')).toEqual({
      request: true,
      check: true,
      device: false,
    })
  })

  it('comes to the front when the app is started again', async () => {
    const app = await started()
    await app.ask('startAgain', true)
    expect((await app.ask('state')).windows[0]?.calls).toEqual(['show', 'restore', 'show', 'focus'])
  })
})

describe('the message port', () => {
  it('answers the contract with the engine, for whoever sits at the machine', async () => {
    const app = await started()
    const client = clientOf(await app.connect())
    const session = await client.session.get({})
    expect(session).toMatchObject({ host: 'electron', version: '0.0.0-test', actor: { role: 'ADMIN' } })
    expect(session.dataDirectory).toBe(join(directory, 'data'))
    expect((await stat(session.dataDirectory)).mode & 0o777).toBe(0o700)
    expect(await client.live.fleet({})).toEqual({ rows: [] })
  })

  it('speaks the language of the system', async () => {
    const app = await started()
    const client = clientOf(await app.connect())
    await expect(client.deployments.get({ name: 'nobody' })).rejects.toThrow(/[а-я]/)
  })

  it('gives each page that asks a port of its own', async () => {
    const app = await started()
    const clients = [clientOf(await app.connect()), clientOf(await app.connect())]
    const sessions = await Promise.all(clients.map((client) => client.session.get({})))
    expect(sessions.map(({ host }) => host)).toEqual(['electron', 'electron'])
  })

  it.each([
    ['a page from elsewhere', { url: 'https://example.com/' }],
    ['a page whose address only looks like the console', { url: 'vakhta://console.example.com/' }],
    ['a frame inside the console', { url: 'vakhta://console/', embeddedIn: 'vakhta://console/' }],
  ])('is refused to %s', async (_who, options) => {
    const app = await started()
    await closed(await app.connect(options))
    expect(app.log()).toContain('message port refused')
    expect((await clientOf(await app.connect()).session.get({})).host).toBe('electron')
  })

  it('is not passed on by the preload for what another frame posts to the page', async () => {
    const app = await started()
    const foreign = await app.connect({ fromElsewhere: true })
    let answered = false
    foreign.addEventListener('message', () => {
      answered = true
    })
    const unanswered = clientOf(foreign).session.get({})
    unanswered.catch(() => {})
    // The second port's answer comes after any that the first could have had.
    await clientOf(await app.connect()).session.get({})
    expect(answered).toBe(false)
  })
})

describe('the engine in the built bundle', () => {
  it('watches a real service and keeps its history in the worker', async () => {
    const service = createServer((_request, response) => response.end('{}')).listen(0, '127.0.0.1')
    try {
      await until(() => service.listening, { timeoutMs: 5_000 })
      const { port } = service.address() as AddressInfo
      const app = await started()
      const client = clientOf(await app.connect())
      await client.deployments.save({
        profile: {
          name: 'shop',
          environment: 'development',
          services: [{ name: 'api', url: `http://127.0.0.1:${port}`, metrics: null }],
        },
        replaces: null,
      })
      const from = Date.now() - 60_000
      const live = async () => {
        const { series } = await client.history.range({
          deployment: 'shop',
          metrics: ['health_live'],
          from,
          to: Date.now() + 60_000,
          points: 100,
        })
        return series.flatMap(({ mean }) => mean).includes(1)
      }
      await until(live, { timeoutMs: 20_000 })
      expect(existsSync(join(directory, 'data', 'metrics.db'))).toBe(true)
      await app.ask('quit')
      expect(await app.ended).toBe(0)
    } finally {
      service.closeAllConnections()
      service.close()
    }
  }, 60_000)

  it('says that it was not looked at while the machine slept', async () => {
    const app = await started()
    const client = clientOf(await app.connect())
    await client.deployments.save({
      profile: { name: 'here', environment: 'development', hosts: [{ name: 'me', over: 'local' }] },
      replaces: null,
    })
    const status = async () => (await client.live.deployment({ name: 'here' })).row.status
    await until(async () => !['UNOBSERVED', 'UNKNOWN'].includes(await status()), { timeoutMs: 20_000 })
    await app.ask('sleep', true)
    await until(async () => (await status()) === 'UNOBSERVED', { timeoutMs: 10_000 })
    await app.ask('sleep', false)
    await until(async () => (await status()) !== 'UNOBSERVED', { timeoutMs: 30_000 })
  }, 60_000)
})

describe('notifications', () => {
  const channel = { kind: 'desktop', name: 'here', language: 'en' } as const

  it('are shown by the system, and a click brings the window to the front', async () => {
    const app = await started()
    const client = clientOf(await app.connect())
    expect((await client.channels.test({ channel })).answer).toMatchObject({
      status: 'delivered',
      failure: null,
    })
    expect((await app.ask('state')).record.notes).toEqual([
      {
        title: 'Test · this channel works',
        body: expect.stringContaining('Somebody tried the channel “here”'),
        urgency: 'normal',
        closed: false,
      },
    ])
    await app.ask('clickNote')
    const [window] = (await app.ask('state')).windows
    expect(window?.url).toBe('vakhta://console/#/')
    expect(window?.calls).toEqual(['show', 'show', 'focus'])
  })

  it('that the system does not show are told as such', async () => {
    const app = await started({ FAKE_ELECTRON_NO_NOTES: '1' })
    const { answer } = await clientOf(await app.connect()).channels.test({ channel })
    expect(answer).toMatchObject({ status: 'retry', failure: { code: 'desktop-failed' } })
  })
})

describe('starting and quitting', () => {
  it('ends when its window is closed, with nothing left open', async () => {
    const app = await started()
    const port = await app.connect()
    await clientOf(port).session.get({})
    await app.ask('closeWindow')
    expect(await app.ended).toBe(0)
    expect(app.log()).not.toContain('"level":50')
  })

  it('ends within its bound while a client still waits for changes', async () => {
    const app = await started()
    const client = clientOf(await app.connect())
    const { cursor } = await client.live.changes({ topics: ['fleet'], cursor: null, waitMs: 0 })
    client.live.changes({ topics: ['fleet'], cursor, waitMs: 25_000 }).catch(() => {})
    const asked = performance.now()
    await app.ask('quit')
    expect(await app.ended).toBe(0)
    expect(performance.now() - asked).toBeLessThan(6_000)
  })

  it('gives way to the first instance without touching its data', async () => {
    const app = await launched({ FAKE_ELECTRON_SECOND_INSTANCE: '1' })
    expect(await app.ended).toBe(0)
    expect(existsSync(join(directory, 'data', 'state.db'))).toBe(false)
  })

  it('says in a dialog why it cannot start, and changes nothing', async () => {
    directory = await mkdtemp(join(tmpdir(), 'vakhta-desktop-'))
    const data = join(directory, 'data')
    const argv = ['--data', data, '--key-file', join(directory, 'key')]
    const first = startDesktop({ main, argv })
    desktop = first
    await until(async () => (await first.ask('state')).windows.length === 1, { timeoutMs: 15_000 })
    const second = startDesktop({ main, argv })
    expect(await second.ended).toBe(1)
    expect(second.log()).toMatch(/\[dialog\] Vakhta cannot start: .*Another console uses this data directory/)
    expect((await clientOf(await first.connect()).session.get({})).host).toBe('electron')
  })
})
