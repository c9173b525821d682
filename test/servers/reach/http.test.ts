import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import { closedPort, listenAndHangUp, listenSilently } from '../../support/ports.ts'
import { until } from '../../support/until.ts'
import { createKit, failureOf, hopOf, type Kit, soon } from './reach-kit.ts'

const directory = mkdtempSync(join(tmpdir(), 'vakhta-tls-'))
let bastion: SshServer
const servers: Server[] = []

beforeAll(async () => {
  bastion = await startSshd()
})
afterAll(async () => {
  await bastion?.stop()
  rmSync(directory, { recursive: true, force: true })
})
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function serve(
  listener: RequestListener,
  tls?: { key: string; cert: string },
): Promise<{ port: number; sockets: () => number }> {
  const server =
    tls === undefined ? createServer(listener) : (createTlsServer(tls, listener) as unknown as Server)
  let open = 0
  server.on('connection', (socket) => {
    open += 1
    socket.once('close', () => {
      open -= 1
    })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as AddressInfo).port, sockets: () => open }
}

/** A certificate for some names, signed by itself. */
function certificate(name: string, names: string, days = 30): { key: string; cert: string } {
  const at = (end: string) => join(directory, `${name}.${end}`)
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      String(days),
      '-subj',
      `/CN=${name}`,
      '-addext',
      `subjectAltName=${names}`,
      '-keyout',
      at('key'),
      '-out',
      at('crt'),
    ],
    { stdio: 'ignore' },
  )
  return { key: readFileSync(at('key'), 'utf8'), cert: readFileSync(at('crt'), 'utf8') }
}

const service = (url: string, more = {}) => ({ services: [{ name: 'api', url, ...more }] })
const get = (kit: Kit, profile: Parameters<Kit['reach']>[0], ms = 5_000) =>
  kit
    .reach(profile)
    .http('api')
    .get('/health', { ...soon(ms), maxBytes: 1_000 })

describe('a GET', () => {
  it('sends the token, follows no redirect, and uses one connection again', async () => {
    const seen: (string | undefined)[] = []
    const { port, sockets } = await serve((request, response) => {
      seen.push(request.headers.authorization)
      if (request.url === '/base/old') response.writeHead(302, { location: '/new' })
      response.end('ok')
    })
    const kit = await createKit()
    kit.secrets.set('token', 'planted')
    const session = kit.reach(service(`http://127.0.0.1:${port}/base`, { token: 'secret:token' })).http('api')
    for (let round = 0; round < 3; round += 1) {
      expect(await session.get('/old', { ...soon(), maxBytes: 100 })).toMatchObject({ status: 302 })
    }
    expect(seen).toEqual(['Bearer planted', 'Bearer planted', 'Bearer planted'])
    expect(sockets()).toBe(1)
  })

  it('cuts a body without end, and drops its connection', async () => {
    const { port, sockets } = await serve((_request, response) => {
      const write = () => {
        while (response.write('x'.repeat(65_536))) {}
      }
      response.on('drain', write)
      write()
    })
    const kit = await createKit()
    const answer = await get(kit, service(`http://127.0.0.1:${port}`))
    expect(answer).toMatchObject({ status: 200, truncated: true })
    expect(answer.body.length).toBe(1_000)
    await until(() => sockets() === 0)
  })

  it('stops a body that drips for ever, and a server that is silent', async () => {
    const { port, sockets } = await serve((_request, response) => {
      const timer = setInterval(() => response.write('.'), 20)
      response.once('close', () => clearInterval(timer))
    })
    const kit = await createKit()
    expect(await failureOf(get(kit, service(`http://127.0.0.1:${port}`), 300))).toMatchObject({
      code: 'http-silent',
      step: 'protocol',
    })
    await until(() => sockets() === 0)
    const mute = await listenSilently()
    try {
      expect(await failureOf(get(kit, service(`http://127.0.0.1:${mute.port}`), 300))).toMatchObject({
        code: 'http-silent',
      })
      await until(() => mute.connections() === 0)
    } finally {
      await mute.close()
    }
  })

  it('asks again when a kept-alive connection was closed by the server meanwhile', async () => {
    let requests = 0
    const { port } = await serve((request, response) => {
      requests += 1
      if (requests === 2) request.socket.destroy()
      else response.end('ok')
    })
    const kit = await createKit()
    const session = kit.reach(service(`http://127.0.0.1:${port}`)).http('api')
    await session.get('/', { ...soon(), maxBytes: 100 })
    expect(await session.get('/', { ...soon(), maxBytes: 100 })).toMatchObject({ status: 200 })
    expect(requests).toBe(3)
  })

  it('tells a closed port, a hang-up, and what is no HTTP', async () => {
    const kit = await createKit()
    expect(await failureOf(get(kit, service(`http://127.0.0.1:${await closedPort()}`)))).toMatchObject({
      step: 'tcp',
      code: 'tcp-refused',
    })
    const rude = await listenAndHangUp()
    try {
      expect(await failureOf(get(kit, service(`http://127.0.0.1:${rude.port}`)))).toMatchObject({
        code: 'http-cut',
      })
    } finally {
      await rude.close()
    }
    expect(await failureOf(get(kit, service(`http://127.0.0.1:${bastion.port}`)))).toMatchObject({
      code: 'http-not-spoken',
    })
  })

  it('goes through SSH, and tells a cut tunnel from a service that is down', async () => {
    const { port, sockets } = await serve((_request, response) => void response.end('ok'))
    const kit = await createKit()
    await kit.know(bastion)
    const reach = kit.reach({ ...service(`http://127.0.0.1:${port}`), ssh: { hops: [hopOf(bastion)] } })
    const ask = () => reach.http('api').get('/', { ...soon(), maxBytes: 100 })
    expect(await ask()).toMatchObject({ status: 200 })
    await bastion.halt()
    await until(() => reach.connection().hops[0]?.status !== 'CONNECTED')
    expect(await failureOf(ask())).toMatchObject({ on: 'path' })
    await bastion.restart()
    await until(async () => (await ask()).status === 200, { timeoutMs: 15_000 })
    await reach.close()
    await until(() => sockets() === 0)
  })
})

describe('over TLS', () => {
  const ok: RequestListener = (_request, response) => void response.end('ok')

  it('tells when the certificate ends, directly and through SSH', async () => {
    const own = certificate('localhost', 'DNS:localhost,IP:127.0.0.1', 10)
    const { port } = await serve(ok, own)
    const kit = await createKit({ authorities: () => [own.cert] })
    await kit.know(bastion)
    const inTenDays = Date.now() + 10 * 86_400_000
    for (const ssh of [{}, { ssh: { hops: [hopOf(bastion)] } }]) {
      const answer = await get(kit, { ...service(`https://localhost:${port}`), ...ssh })
      expect(answer.status).toBe(200)
      expect(Math.abs((answer.certificateEndsAt ?? 0) - inTenDays)).toBeLessThan(120_000)
    }
  })

  it('says in words why a certificate is not trusted', async () => {
    const own = certificate('self', 'DNS:localhost')
    const elsewhere = certificate('elsewhere', 'DNS:elsewhere.example')
    const self = await serve(ok, own)
    const wrong = await serve(ok, elsewhere)
    const plain = await serve(ok)
    const strict = await createKit({ authorities: () => [] })
    expect(await failureOf(get(strict, service(`https://localhost:${self.port}`)))).toMatchObject({
      step: 'tls',
      code: 'tls-self-signed',
      recovery: 'by-itself',
    })
    const trusting = await createKit({ authorities: () => [elsewhere.cert] })
    expect(await failureOf(get(trusting, service(`https://localhost:${wrong.port}`)))).toMatchObject({
      code: 'tls-wrong-name',
      params: { host: 'localhost', names: 'elsewhere.example' },
    })
    expect(await failureOf(get(strict, service(`https://localhost:${plain.port}`)))).toMatchObject({
      code: 'tls-not-spoken',
    })
  })
})
