import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import { createTemporaryDirectory } from '../../../demo/servers/temporary-directory.ts'
import { createKit, failureOf, soon } from './reach-kit.ts'
import { certify, type KeyKind, logIn, makeKeyPair, publicLine, stopOf } from './ssh-kit.ts'

const home = createTemporaryDirectory('ssh-authorities')
const authorities: Record<KeyKind, string> = {
  ed25519: makeKeyPair(home.path, 'authority-ed25519', { kind: 'ed25519' }),
  ecdsa: makeKeyPair(home.path, 'authority-ecdsa', { kind: 'ecdsa', bits: 521 }),
  rsa: makeKeyPair(home.path, 'authority-rsa', { kind: 'rsa', bits: 3_072 }),
}
const target = { hop: 'echo', on: 'target' } as const
const echo: Server = createServer((socket) => socket.on('error', () => {}).pipe(socket))
const servers: SshServer[] = []

beforeAll(() => new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve)))
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
})
afterAll(async () => {
  echo.close()
  await home.remove()
})

/** An sshd that shows a certificate for a host key of some kind. */
async function certified(
  kind: KeyKind,
  options: readonly string[],
  {
    authority = authorities.ed25519,
    config = {},
  }: { authority?: string; config?: Record<string, string> } = {},
) {
  const server = await startSshd({
    config,
    async configure({ directory }) {
      const key = makeKeyPair(directory, 'certified_key', { kind })
      const certificate = certify(authority, key, options)
      return { HostKey: key, HostCertificate: certificate }
    },
  })
  servers.push(server)
  const kit = await createKit()
  const trusting = (...lines: string[]) => kit.file('known', `${lines.join('\n')}\n`)
  const stop = stopOf(server, { knownHostsFiles: [join(kit.directory, 'known')] })
  return { server, kit, trusting, stop, key: join(server.directory, 'certified_key') }
}

const trust = (authority: string, names = '[127.0.0.1]:*') =>
  `@cert-authority ${names} ${publicLine(authority)}`
const VALID = ['-h', '-n', '127.0.0.1']

describe('a host certificate', () => {
  it.each<[KeyKind, KeyKind]>([
    ['ed25519', 'ed25519'],
    ['ecdsa', 'rsa'],
    ['rsa', 'ecdsa'],
  ])(
    'of an %s key lets us in where its authority (%s) is trusted, and nothing else is known',
    async (kind, by) => {
      const { kit, trusting, stop } = await certified(kind, VALID, { authority: authorities[by] })
      await trusting(trust(authorities[by]))
      expect(await logIn(kit, stop)).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/^host-key SHA256:/),
          `ssh-authentication ${stop.user}`,
        ]),
      )
      expect(await kit.hostKeys.list()).toEqual([])
    },
  )

  it('is trusted under the bare name too, and is for anybody where it names nobody', async () => {
    const { kit, trusting, stop } = await certified('ed25519', ['-h'])
    await trusting(trust(authorities.ed25519, '127.0.0.*'))
    expect(await logIn(kit, stop)).toHaveLength(4)
  })

  it('stays good when the keys are exchanged anew', async () => {
    const { kit, trusting, stop } = await certified('rsa', VALID, { config: { RekeyLimit: '1M' } })
    await trusting(trust(authorities.ed25519))
    await logIn(kit, stop, async (connection) => {
      const port = (echo.address() as AddressInfo).port
      const wire = await connection.dial({ host: '127.0.0.1', port }, target, soon())
      const sent = Buffer.alloc(8_000_000, 'vakhta ')
      let got = 0
      const all = new Promise<void>((resolve, reject) => {
        wire.on('data', (chunk: Buffer) => {
          got += chunk.length
          if (got === sent.length) resolve()
        })
        wire.once('close', () => reject(new Error('closed')))
      })
      wire.write(sent)
      await all
      wire.destroy()
    })
  }, 30_000)

  it.each([
    [
      'expired',
      ['-h', '-n', '127.0.0.1', '-V', '20200101:20200201'],
      'host-certificate-expired',
      'by-itself',
    ],
    [
      'not in force yet',
      ['-h', '-n', '127.0.0.1', '-V', '20900101:20910101'],
      'host-certificate-not-yet-valid',
      'by-itself',
    ],
    ['for other hosts', ['-h', '-n', 'a.example,b.example'], 'host-certificate-wrong-host', 'person'],
    [
      'with a wildcard, which principals know not',
      ['-h', '-n', '127.0.0.*'],
      'host-certificate-wrong-host',
      'person',
    ],
    ['for users', ['-n', '127.0.0.1'], 'host-certificate-invalid', 'person'],
    [
      'with an option that must be known',
      [...VALID, '-O', 'critical:odd@example.com=1'],
      'host-certificate-invalid',
      'person',
    ],
  ])('that is %s is refused, and nothing is sent there', async (_what, options, code, recovery) => {
    const { server, kit, trusting, stop } = await certified('ed25519', options)
    await trusting(trust(authorities.ed25519))
    expect(await failureOf(logIn(kit, { ...stop, acceptsNewKeys: true }))).toMatchObject({
      step: 'host-key',
      code,
      recovery,
      params: { host: `127.0.0.1:${server.port}` },
    })
    expect(readFileSync(server.logFile, 'utf8')).not.toMatch(/userauth|authenticating user/)
  })

  it('does not stand in the way of a key that is known itself', async () => {
    const { server, kit, trusting, stop, key } = await certified('ed25519', ['-h', '-n', 'a.example'])
    const line = `[127.0.0.1]:${server.port} ${publicLine(key)}`
    await trusting(trust(authorities.ed25519), line)
    expect(await logIn(kit, stop)).toHaveLength(4)
    // Of an authority that is not trusted it says nothing.
    await trusting(trust(authorities.rsa), line)
    expect(await logIn(kit, stop)).toHaveLength(4)
    await trusting(trust(authorities.rsa))
    expect(await failureOf(logIn(kit, stop))).toMatchObject({
      code: 'host-key-unknown',
      params: { keyType: 'ssh-ed25519' },
    })
  })

  it('is worth nothing where its authority, or its key, is revoked', async () => {
    const { kit, trusting, stop, key } = await certified('ed25519', VALID)
    for (const revoked of [authorities.ed25519, key]) {
      await trusting(trust(authorities.ed25519), `@revoked * ${publicLine(revoked)}`)
      expect(await failureOf(logIn(kit, stop))).toMatchObject({
        code: 'host-key-revoked',
        recovery: 'person',
      })
    }
  })

  it('is not asked for where no authority speaks of the host', async () => {
    const { kit, trusting, stop, server, key } = await certified('ed25519', VALID)
    await trusting(
      trust(authorities.ed25519, 'elsewhere.example'),
      `[127.0.0.1]:${server.port} ${publicLine(key)}`,
    )
    expect(await logIn(kit, stop)).toHaveLength(4)
  })
})

describe('a host without a certificate', () => {
  it('whose name an authority speaks for is known by its key alone', async () => {
    const server = await startSshd()
    servers.push(server)
    const kit = await createKit()
    const path = await kit.file('known', `${trust(authorities.ed25519)}\n`)
    const stop = stopOf(server, { knownHostsFiles: [path] })
    expect(await failureOf(logIn(kit, stop))).toMatchObject({ code: 'host-key-unknown' })
    expect(await logIn(kit, { ...stop, acceptsNewKeys: true })).toHaveLength(4)
    expect(await kit.hostKeys.list()).toMatchObject([
      { state: 'accepted', fingerprint: server.hostFingerprint },
    ])
    await server.restart({ newHostKey: true })
    expect(await failureOf(logIn(kit, { ...stop, acceptsNewKeys: true }))).toMatchObject({
      code: 'host-key-changed',
    })
  })
})
