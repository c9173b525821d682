import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { afterEach, describe, expect, it } from 'vitest'
import { makeKey, type SshdOptions, type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import { startWeather, type Weather } from '../../../demo/servers/weather.ts'
import { createDirectWay } from '../../../src/main/engine/reach/direct.ts'
import { openHop } from '../../../src/main/engine/reach/links/hop.ts'
import type { Link } from '../../../src/main/engine/reach/links/link.ts'
import type { SshConnection } from '../../../src/main/engine/reach/links/ssh-connection.ts'
import type { SshStop } from '../../../src/main/engine/reach/links/stop.ts'
import { openFirewalledPort } from '../../support/firewalled-port.ts'
import { listenSilently, listenWith } from '../../support/ports.ts'
import { until } from '../../support/until.ts'
import { createKit, failureOf, hopOf, type Kit, soon } from './reach-kit.ts'
import { logged, logIn, stopOf } from './ssh-kit.ts'

const target = { hop: 'PostgreSQL db:5432', on: 'target' } as const
const closes: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closes.splice(0).reverse()) await close()
})

async function start(options: SshdOptions = {}): Promise<SshServer> {
  const server = await startSshd({ ...options, config: { LogLevel: 'VERBOSE', ...options.config } })
  closes.push(server.stop)
  return server
}

/** A bastion behind weather, with a link to it that stands. */
async function standing() {
  const server = await start()
  const weather = await startWeather({ to: { host: '127.0.0.1', port: server.port } })
  closes.push(weather.stop)
  const kit = await createKit()
  const line = server.knownHostsLine.replace(`:${server.port}`, `:${weather.port}`)
  await kit.know({ ...server, knownHostsLine: line })
  const link = kit.links.chain([{ ...hopOf(server), port: weather.port }], {})
  await connected(link)
  return { server, weather, kit, link }
}

const connected = (link: Link) => until(() => link.hops()[0]?.status === 'CONNECTED', { timeoutMs: 20_000 })
const isRefused = (link: Link) => until(() => link.hops()[0]?.status === 'REFUSED', { timeoutMs: 20_000 })

async function leavesNothing(link: Link, server: SshServer, weather?: Weather) {
  await link.release()
  await until(() => (weather?.connections() ?? 0) === 0 && server.sessions() === 0)
}

async function open(kit: Kit, stop: SshStop, behind?: SshConnection): Promise<SshConnection> {
  const direct = createDirectWay({ clock: kit.clock })
  const way = behind === undefined ? direct : { ...direct, dial: behind.dial }
  const connection = await openHop({ stop, way, dependencies: kit }, AbortSignal.timeout(30_000))
  closes.push(connection.close)
  return connection
}

describe('packets that are dropped', () => {
  it('are told at the hop that is not reached, within the time that it is given', async () => {
    const server = await start()
    const firewalled = await openFirewalledPort()
    closes.push(firewalled.close)
    const kit = await createKit()
    await kit.know(server)
    const beyond = stopOf(server, { port: firewalled.port, connectTimeoutMs: 400 })
    const hop = `${server.user}@127.0.0.1:${firewalled.port}`
    expect(await failureOf(open(kit, beyond))).toMatchObject({
      step: 'tcp',
      code: 'tcp-silent',
      hop,
      on: 'path',
    })
    const bastion = await open(kit, stopOf(server))
    expect(await failureOf(open(kit, beyond, bastion))).toMatchObject({
      step: 'forward',
      code: 'forward-silent',
      hop,
      on: 'path',
    })
    const away = { host: '127.0.0.1', port: firewalled.port }
    expect(await failureOf(bastion.dial(away, target, soon(400)))).toMatchObject({
      step: 'forward',
      code: 'forward-silent',
      hop: target.hop,
      on: 'target',
    })
  })

  it('under a connection that stands are noticed when somebody goes unanswered; it comes back by itself', async () => {
    const { server, weather, link } = await standing()
    weather.blackhole()
    link.suspect()
    const error = await until(() => link.hops()[0]?.error, { timeoutMs: 10_000 })
    expect(error).toMatchObject({ code: 'ssh-silent', on: 'path', recovery: 'by-itself' })
    await weather.fair()
    await connected(link)
    await leavesNothing(link, server, weather)
  }, 40_000)

  it('are noticed by keep-alive alone where nobody asks', async () => {
    const server = await start()
    const weather = await startWeather({ to: { host: '127.0.0.1', port: server.port } })
    closes.push(weather.stop)
    const kit = await createKit()
    await kit.know(server)
    const alive = { intervalMs: 100, missedAtMost: 3 }
    const connection = await open(kit, stopOf(server, { port: weather.port, alive }))
    await until(() => connection.latencyMs() !== null)
    expect(connection.down()).toBeNull()
    weather.blackhole()
    const { failure } = await connection.ended
    expect(failure).toMatchObject({ code: 'ssh-silent', on: 'path' })
  })

  it('and a far side that forgot the connection are one and the same to us', async () => {
    const { server, weather, link } = await standing()
    weather.abandon()
    link.suspect()
    await until(() => link.hops()[0]?.error, { timeoutMs: 10_000 })
    await connected(link)
    await leavesNothing(link, server, weather)
  }, 40_000)
})

describe('a slow and lossy network', () => {
  it('lets us in all the same: 300 ms there and back, 5 % lost', async () => {
    const server = await start()
    const weather = await startWeather({ to: { host: '127.0.0.1', port: server.port } })
    closes.push(weather.stop)
    weather.latency(300)
    weather.loss(0.05)
    const kit = await createKit()
    await kit.know(server)
    const connection = await open(kit, stopOf(server, { port: weather.port }))
    await until(() => connection.latencyMs() !== null, { timeoutMs: 20_000 })
    expect(connection.latencyMs()).toBeGreaterThanOrEqual(250)
  }, 40_000)
})

describe('a bastion that is restarted', () => {
  it('is entered again by itself', async () => {
    const { server, weather, link } = await standing()
    await server.restart()
    await until(() => link.hops()[0]?.status !== 'CONNECTED')
    await connected(link)
    await leavesNothing(link, server, weather)
  })

  it('with a new host key is refused, is sent nothing, and is entered once the key is accepted', async () => {
    const { server, weather, kit, link } = await standing()
    await writeFile(server.logFile, '')
    await server.restart({ newHostKey: true })
    await isRefused(link)
    expect(link.hops()[0]?.error).toMatchObject({ code: 'host-key-changed', recovery: 'person' })
    expect(readFileSync(server.logFile, 'utf8')).not.toMatch(/authenticating user|Failed|Accepted/)
    const tried = weather.taken()
    link.suspect()
    await failureOf(link.dial({ host: '127.0.0.1', port: 1 }, target, soon()))
    expect(weather.taken()).toBe(tried)
    // It is listed in known_hosts, which goes before what is accepted here: that line has to go first.
    await kit.file('.ssh/known_hosts', '')
    await kit.hostKeys.accept(`127.0.0.1:${weather.port}`, server.hostFingerprint)
    await connected(link)
    await leavesNothing(link, server, weather)
  })
})

describe('a server that is no SSH server, or none any more', () => {
  const stopAt =
    (port: number, overrides: Partial<SshStop> = {}) =>
    async (server: SshServer, kit: Kit) =>
      failureOf(
        logIn(kit, stopOf(server, { port, hostKeyPort: server.port, connectTimeoutMs: 500, ...overrides })),
      )

  async function told(port: number, overrides: Partial<SshStop> = {}) {
    const server = await start()
    const kit = await createKit()
    await kit.know(server)
    return stopAt(port, overrides)(server, kit)
  }

  async function listen(onSocket: (socket: Socket) => void) {
    const open = new Set<Socket>()
    const server: Server = createServer((socket) => {
      open.add(socket)
      socket
        .resume()
        .on('error', () => {})
        .once('close', () => open.delete(socket))
      onSocket(socket)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closes.push(() => server.close())
    return { port: (server.address() as AddressInfo).port, open: () => open.size }
  }

  it('says nothing', async () => {
    const silent = await listenSilently()
    closes.push(silent.close)
    expect(await told(silent.port)).toMatchObject({ step: 'host-key', code: 'ssh-handshake-silent' })
    await until(() => silent.connections() === 0)
  })

  it('speaks HTTP', async () => {
    const web = await listenWith(() => 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
    closes.push(web.close)
    expect(await told(web.port)).toMatchObject({ step: 'host-key', code: 'ssh-handshake-silent' })
    await until(() => web.connections() === 0)
  })

  it.each([
    ['hangs up at once', 'ssh-closed-early', (socket: Socket) => void socket.destroy()],
    [
      'greets without end',
      'ssh-handshake-failed',
      (socket: Socket) => {
        const line = 'welcome, and mind the step\r\n'.repeat(100)
        const more = () => {
          while (!socket.destroyed && socket.write(line)) {}
        }
        socket.on('drain', more)
        more()
      },
    ],
    [
      'speaks a line without end',
      'ssh-handshake-failed',
      (socket: Socket) => void socket.write('x'.repeat(20_000)),
    ],
    [
      'goes on in rubbish',
      'ssh-handshake-failed',
      (socket: Socket) => void socket.write(`SSH-2.0-odd\r\n${'\xff'.repeat(200)}`, 'latin1'),
    ],
    ['speaks of SSH 1', 'ssh-handshake-failed', (socket: Socket) => void socket.write('SSH-1.5-old\r\n')],
  ])('%s', async (_what, code, behave) => {
    const odd = await listen(behave)
    expect(await told(odd.port)).toMatchObject({ step: 'host-key', on: 'path', code, recovery: 'by-itself' })
    await until(() => odd.open() === 0)
  })

  it('closes as soon as keys are exchanged', async () => {
    const server = await start()
    const odd = new ssh2.Server({ hostKeys: [readFileSync(server.hostKeyPath)] }, (client) => {
      client.on('error', () => {}).on('authentication', () => client.end())
    })
    await new Promise<void>((resolve) => odd.listen(0, '127.0.0.1', resolve))
    closes.push(() => odd.close())
    const kit = await createKit()
    await kit.know(server)
    const failure = await stopAt((odd.address() as AddressInfo).port)(server, kit)
    expect(failure).toMatchObject({
      step: 'ssh-authentication',
      code: 'ssh-closed-at-login',
      recovery: 'by-itself',
    })
  })
})

describe('rights that are taken away', () => {
  it('a key that is no longer let in stays in, is refused once at the next login, and waits', async () => {
    const { server, weather, link } = await standing()
    const file = join(server.directory, 'authorized_keys')
    const before = readFileSync(file, 'utf8')
    await writeFile(file, '')
    expect(link.hops()[0]?.status).toBe('CONNECTED')
    await server.cut()
    await isRefused(link)
    expect(link.hops()[0]?.error).toMatchObject({ code: 'ssh-key-refused', recovery: 'person' })
    const tried = weather.taken()
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect(await failureOf(link.dial({ host: '127.0.0.1', port: 1 }, target, soon()))).toMatchObject({
        code: 'ssh-key-refused',
      })
    }
    expect(weather.taken()).toBe(tried)
    expect(logged(server, /Failed publickey/)).toBe(1)
    await writeFile(file, before)
    link.retry()
    await connected(link)
    await leavesNothing(link, server, weather)
  })

  it('a server that bears one failure ends the login, and is not tried again', async () => {
    const server = await start({ config: { MaxAuthTries: 1 } })
    const kit = await createKit()
    await kit.know(server)
    const stranger = join(kit.directory, 'stranger')
    await makeKey(stranger)
    const link = kit.links.chain([{ ...hopOf(server), key: `file:${stranger}` }], {})
    await isRefused(link)
    expect(link.hops()[0]?.error).toMatchObject({ code: 'ssh-too-many-attempts', recovery: 'person' })
    await failureOf(link.dial({ host: '127.0.0.1', port: 1 }, target, soon()))
    expect(logged(server, /Failed publickey/)).toBe(1)
    await leavesNothing(link, server)
  })

  it('an account that may not log in is refused as its key is', async () => {
    const server = await start({ config: { DenyUsers: '*' } })
    const kit = await createKit()
    await kit.know(server)
    expect(await failureOf(logIn(kit, stopOf(server)))).toMatchObject({ code: 'ssh-key-refused' })
  })

  it('a port that may not be forwarded to, or a program that may not be run, is said; the rest works', async () => {
    const strict = await start({ config: { MaxSessions: 0, PermitOpen: '127.0.0.1:1' } })
    const kit = await createKit()
    await kit.know(strict)
    const link = kit.links.chain([hopOf(strict)], {})
    expect(
      await failureOf(link.dial({ host: '127.0.0.1', port: strict.port }, target, soon())),
    ).toMatchObject({ step: 'forward', code: 'forward-prohibited', on: 'path' })
    // The one port that may be forwarded to is merely closed.
    expect(await failureOf(link.dial({ host: '127.0.0.1', port: 1 }, target, soon()))).toMatchObject({
      code: 'forward-refused',
      on: 'target',
    })
    expect(await failureOf(link.run(['true'], target, { ...soon(), maxBytes: 100 }))).toMatchObject({
      code: 'ssh-session-refused',
    })
    expect(link.hops()[0]?.status).toBe('CONNECTED')
    await leavesNothing(link, strict)
  })
})
