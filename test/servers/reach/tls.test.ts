import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { createAuthority, selfSigned } from '../../../demo/servers/authority.ts'
import { freePort } from '../../../demo/servers/free-port.ts'
import { listenSilently } from '../../support/ports.ts'
import { until } from '../../support/until.ts'
import { ask, closeAfterwards, ok, serve, service } from './http-kit.ts'
import { createKit, failureOf, type Kit, soon } from './reach-kit.ts'

const DAY_MS = 86_400_000
const NAMES = ['localhost', '127.0.0.1']
const past = { notBefore: new Date(Date.now() - 3 * DAY_MS), notAfter: new Date(Date.now() - DAY_MS) }
const root = createAuthority('Own Root')
const between = root.intermediate('Between', { days: 12 })
const leaf = between.issue({ names: NAMES, days: 20 })

let kit: Kit

async function trusting(...pems: string[]): Promise<Kit> {
  return createKit({ authorities: () => pems })
}

const url = (port: number) => `https://localhost:${port}`

describe('the certificates of a service', () => {
  it('are shown with the authority that vouches for them, and the first to end counts', async () => {
    kit = await trusting(root.certificate)
    const { port } = await serve(ok, { key: leaf.key, cert: leaf.chain })
    const { certificates, certificateEndsAt } = await ask(kit, service(url(port)))
    expect(certificates.map(({ subject }) => subject)).toEqual([
      'localhost',
      'Vakhta Test, Between',
      'Vakhta Test, Own Root',
    ])
    expect(certificates[0]).toMatchObject({
      names: NAMES,
      issuer: 'Vakhta Test, Between',
      key: 'EC prime256v1',
    })
    expect(certificates[0]?.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)
    // The intermediate ends before the certificate that it vouches for.
    expect(Math.abs((certificateEndsAt ?? 0) - (Date.now() + 12 * DAY_MS))).toBeLessThan(120_000)
  })

  it('end where the trust begins, whatever the server sends beyond that', async () => {
    const old = createAuthority('Forgotten Root', past)
    kit = await trusting(root.certificate)
    const { port } = await serve(ok, { key: leaf.key, cert: leaf.chain + old.certificate })
    const { certificates } = await ask(kit, service(url(port)))
    expect(certificates.map(({ subject }) => subject)).not.toContain('Forgotten Root')
  })

  it('are seen to change within the hour, though the connection is kept alive', async () => {
    const { port, server, made } = await serve(ok, { key: leaf.key, cert: leaf.chain })
    let hours = 0
    const { systemClock } = await import('../../../src/main/engine/clock.ts')
    kit = await createKit({
      authorities: () => [root.certificate],
      clock: { ...systemClock, monotonic: () => systemClock.monotonic() + hours * 3_600_000 },
    })
    const session = kit.reach(service(url(port))).http('api')
    const get = () => session.get('/', { ...soon(), maxBytes: 100 })
    await get()
    const next = root.issue({ names: NAMES, days: 5 })
    ;(server as unknown as { setSecureContext(context: TlsOptions): void }).setSecureContext({
      key: next.key,
      cert: next.chain,
    })
    expect((await get()).certificates).toHaveLength(3)
    expect(made()).toBe(1)
    hours = 1
    await get()
    await until(async () => (await get()).certificates.length === 2)
    expect(made()).toBe(2)
  })
})

describe('a certificate that does not pass', () => {
  const other = createAuthority('Other Root')
  const cases: [string, () => { key: string; cert: string }, object][] = [
    ['has expired', () => cert(root.issue({ names: NAMES, ...past })), { code: 'tls-expired' }],
    [
      'is vouched for by one that has expired',
      () => cert(root.intermediate('Late', past).issue({ names: NAMES })),
      { code: 'tls-authority-expired', params: { subject: 'Vakhta Test, Late' } },
    ],
    [
      'is not valid yet',
      () => cert(root.issue({ names: NAMES, notBefore: new Date(Date.now() + DAY_MS) })),
      { code: 'tls-not-yet-valid' },
    ],
    ['is signed by itself', () => cert(selfSigned({ names: NAMES })), { code: 'tls-self-signed' }],
    [
      'is of an authority that nobody trusts',
      () => {
        const issued = other.intermediate('Its Own').issue({ names: NAMES })
        return { key: issued.key, cert: issued.chain + other.certificate }
      },
      {
        code: 'tls-untrusted',
        params: { chain: 'localhost ← Vakhta Test, Its Own ← Vakhta Test, Other Root' },
      },
    ],
    [
      'comes without its intermediate',
      () => ({ key: leaf.key, cert: leaf.certificate }),
      { code: 'tls-incomplete', params: { issuer: 'Vakhta Test, Between' } },
    ],
    [
      'is for somebody else',
      () => cert(root.issue({ names: ['elsewhere.example', '10.0.0.1'] })),
      { code: 'tls-wrong-name', params: { names: 'elsewhere.example, 10.0.0.1' } },
    ],
    [
      'is for clients',
      () => cert(root.issue({ names: NAMES, use: 'client' })),
      { code: 'tls-wrong-purpose' },
    ],
  ]
  const cert = ({ key, chain }: { key: string; chain: string }) => ({ key, cert: chain })

  it.each(cases)('%s: said in words, and shown all the same', async (_, make, expected) => {
    kit = await trusting(root.certificate)
    const { port, sockets } = await serve(ok, make())
    const session = kit.reach(service(url(port))).http('api')
    const failure = await failureOf(session.get('/', { ...soon(), maxBytes: 100 }))
    expect(failure).toMatchObject({ step: 'tls', recovery: 'by-itself', ...expected })
    expect(session.certificates().length).toBeGreaterThan(0)
    await until(() => sockets() === 0)
  })

  it('passes with `check: none`, and without its name with `check: ca`', async () => {
    kit = await trusting(root.certificate)
    const expired = await serve(ok, cert(root.issue({ names: ['elsewhere.example'], ...past })))
    const named = await serve(ok, cert(root.issue({ names: ['elsewhere.example'] })))
    const asked = (port: number, tls: object) => ask(kit, service(url(port), { tls }))
    expect(await asked(expired.port, { check: 'none' })).toMatchObject({ status: 200 })
    expect(await asked(named.port, { check: 'ca' })).toMatchObject({ status: 200 })
    expect(await asked(named.port, { serverName: 'elsewhere.example' })).toMatchObject({ status: 200 })
    expect(await failureOf(asked(expired.port, { check: 'ca' }))).toMatchObject({ code: 'tls-expired' })
  })
})

describe('what a profile says of TLS', () => {
  it('is the only authority that is trusted', async () => {
    kit = await createKit()
    const { port } = await serve(ok, { key: leaf.key, cert: leaf.chain })
    kit.secrets.set('ca', root.certificate)
    const asked = () => ask(kit, service(url(port), { tls: { authorities: 'secret:ca' } }))
    expect(await asked()).toMatchObject({ status: 200 })
    kit.secrets.set('ca', createAuthority('Another').certificate)
    expect(await failureOf(asked())).toMatchObject({ code: 'tls-untrusted' })
  })

  it.each([
    ['authorities that are none', { authorities: 'secret:rubbish' }, 'tls-authorities-invalid'],
    [
      'a certificate that is none',
      { certificate: 'secret:rubbish', key: 'secret:key' },
      'tls-certificate-invalid',
    ],
    ['a key that is none', { certificate: 'secret:own', key: 'secret:rubbish' }, 'tls-key-invalid'],
    [
      'a key of another certificate',
      { certificate: 'secret:own', key: 'secret:other-key' },
      'tls-key-mismatch',
    ],
    [
      'a protected key without passphrase',
      { certificate: 'secret:sealed', key: 'secret:sealed-key' },
      'key-passphrase-missing',
    ],
    [
      'a wrong passphrase',
      { certificate: 'secret:sealed', key: 'secret:sealed-key', passphrase: 'secret:rubbish' },
      'key-passphrase-wrong',
    ],
  ])('is refused before anything is dialled: %s', async (_, tls, code) => {
    kit = await trusting(root.certificate)
    const { port, made } = await serve(ok, { key: leaf.key, cert: leaf.chain })
    const own = root.issue({ commonName: 'vakhta', use: 'client' })
    const sealed = root.issue({ commonName: 'vakhta', use: 'client', passphrase: 'right' })
    for (const [name, value] of Object.entries({
      rubbish: 'planted-rubbish',
      own: own.certificate,
      key: own.key,
      'other-key': leaf.key,
      sealed: sealed.certificate,
      'sealed-key': sealed.key,
    }))
      kit.secrets.set(name, value)
    const failure = await failureOf(ask(kit, service(url(port), { tls })))
    expect(failure).toMatchObject({ step: 'tls', code, recovery: 'person' })
    expect(JSON.stringify(failure)).not.toContain('planted')
    expect(made()).toBe(0)
  })
})

/** OpenSSL's own server with a door before it that counts who comes. */
async function startOpenssl(version: 'TLSv1.2' | 'TLSv1.3') {
  const behind = await freePort()
  const directory = mkdtempSync(join(tmpdir(), 'vakhta-s-server-'))
  const file = (name: string, text: string) => {
    writeFileSync(join(directory, name), text)
    return join(directory, name)
  }
  const server = spawn(
    'openssl',
    [
      ...['s_server', '-accept', `127.0.0.1:${behind}`, '-www', '-Verify', '1', '-verify_return_error'],
      ...['-key', file('key', leaf.key), '-cert', file('cert', leaf.certificate)],
      ...['-cert_chain', file('chain', between.certificate), '-CAfile', file('ca', root.certificate)],
      version === 'TLSv1.2' ? '-tls1_2' : '-tls1_3',
    ],
    { stdio: 'ignore' },
  )
  closeAfterwards(async () => {
    server.kill()
    if (server.exitCode === null && server.signalCode === null) await once(server, 'exit')
    rmSync(directory, { recursive: true, force: true })
  })
  await until(
    () =>
      new Promise((resolve) => {
        const socket = connect({ host: '127.0.0.1', port: behind }, () => resolve(true))
        socket.on('error', () => resolve(false))
        socket.on('connect', () => socket.destroy())
      }),
  )
  let made = 0
  const open = new Set<Socket>()
  const door = createServer((socket) => {
    made += 1
    const onward = connect({ host: '127.0.0.1', port: behind })
    for (const [from, to] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      open.add(from)
      from.on('error', () => {})
      from.once('end', () => to.end())
      from.pipe(to)
    }
  })
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve))
  closeAfterwards(async () => {
    for (const socket of open) socket.destroy()
    await new Promise((resolve) => door.close(resolve))
  })
  return { port: (door.address() as AddressInfo).port, made: () => made }
}

describe.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'a server that wants a certificate of ours over %s',
  (version) => {
    const demanding = {
      key: leaf.key,
      cert: leaf.chain,
      ca: root.certificate,
      requestCert: true,
      maxVersion: version,
    }

    it('lets us in with it, also with a protected key', async () => {
      kit = await trusting(root.certificate)
      const { port } = await serve(ok, demanding)
      const own = root.issue({ commonName: 'vakhta', use: 'client', passphrase: 'open sesame' })
      kit.secrets.set('own', own.chain).set('key', own.key).set('word', 'open sesame')
      const tls = { certificate: 'secret:own', key: 'secret:key', passphrase: 'secret:word' }
      expect(await ask(kit, service(url(port), { tls }))).toMatchObject({ status: 200 })
    })

    it('is told from one that is down where we have none, and is not asked again by itself', async () => {
      kit = await trusting(root.certificate)
      const { port, made } = await serve(ok, demanding)
      const reach = kit.reach(service(url(port)))
      const get = () => reach.http('api').get('/', { ...soon(), maxBytes: 100 })
      const failure = await failureOf(get())
      expect(failure).toMatchObject({ step: 'tls', on: 'target' })
      expect(['tls-certificate-wanted', 'tls-refused']).toContain(failure.code)
      if (version === 'TLSv1.3') {
        expect(failure).toMatchObject({ code: 'tls-certificate-wanted', recovery: 'person' })
        await failureOf(get())
        expect(made()).toBe(1)
      }
    })

    it('refuses one of somebody else: not shown again before a person asks, or it is another', async () => {
      kit = await trusting(root.certificate)
      // One that says no in TLS itself; Node's own server says nothing and hangs up.
      const { port, made } = await startOpenssl(version)
      const foreign = createAuthority('Foreign').issue({ commonName: 'vakhta', use: 'client' })
      kit.secrets.set('own', foreign.chain).set('key', foreign.key)
      const tls = { certificate: 'secret:own', key: 'secret:key' }
      const reach = kit.reach(service(url(port), { tls }))
      const get = () => reach.http('api').get('/', { ...soon(), maxBytes: 100 })
      expect(await failureOf(get())).toMatchObject({ code: 'tls-identity-refused', recovery: 'person' })
      expect(reach.connection().hops[0]).toMatchObject({ status: 'REFUSED' })
      await failureOf(get())
      expect(made()).toBe(1)
      reach.retry()
      await failureOf(get())
      expect(made()).toBe(2)
      const own = root.issue({ commonName: 'vakhta', use: 'client' })
      kit.secrets.set('own', own.chain).set('key', own.key)
      expect(await get()).toMatchObject({ status: 200 })
    })
  },
)

describe('a server with which no TLS comes about', () => {
  async function listenTls(options: TlsOptions): Promise<number> {
    const server = createTlsServer({ key: leaf.key, cert: leaf.chain, ...options }, (socket) => {
      socket.on('error', () => {})
    })
    server.on('tlsClientError', () => {})
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closeAfterwards(() => new Promise((resolve) => server.close(() => resolve())))
    return (server.address() as { port: number }).port
  }

  it('is named: too old, other protocols only, no such name', async () => {
    kit = await trusting(root.certificate)
    const old = await listenTls({ maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' })
    expect(await failureOf(ask(kit, service(url(old))))).toMatchObject({ code: 'tls-too-old' })
    const modern = await listenTls({ ALPNProtocols: ['h2'] })
    expect(await failureOf(ask(kit, service(url(modern))))).toMatchObject({
      code: 'tls-protocol-refused',
      params: { protocols: 'http/1.1' },
    })
    const nameless = await listenTls({
      SNICallback: (_name, done) => done(new Error('no such name')),
    })
    expect(await failureOf(ask(kit, service(url(nameless))))).toMatchObject({ step: 'tls' })
  })

  it('is silent: the handshake is to blame, not the port', async () => {
    kit = await trusting(root.certificate)
    const mute = await listenSilently()
    closeAfterwards(mute.close)
    const failure = await failureOf(ask(kit, service(url(mute.port)), { timeoutMs: 300 }))
    expect(failure).toMatchObject({ step: 'tls', code: 'tls-silent' })
  })
})
