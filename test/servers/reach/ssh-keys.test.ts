import { spawnSync } from 'node:child_process'
import { chmod } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import { createTemporaryDirectory } from '../../../demo/servers/temporary-directory.ts'
import { ANY_ALGORITHMS } from '../../../src/main/engine/reach/links/algorithms.ts'
import type { KeyOffer } from '../../../src/main/engine/reach/links/stop.ts'
import { until } from '../../support/until.ts'
import { createKit, failureOf, type Kit } from './reach-kit.ts'
import {
  certify,
  type KeyKind,
  logged,
  logIn,
  makeKeyPair,
  publicLine,
  startAgent,
  stopOf,
} from './ssh-kit.ts'

const home = createTemporaryDirectory('ssh-keys')
const authority = makeKeyPair(home.path, 'authority')
const known: string[] = []
const key = (name: string, options: Parameters<typeof makeKeyPair>[2] = {}): string => {
  const path = makeKeyPair(home.path, name, options)
  known.push(publicLine(path))
  return path
}
const offer = (path: string, more: Partial<KeyOffer> = {}): KeyOffer => ({
  key: `file:${path}`,
  passphrase: null,
  certificate: null,
  needed: true,
  ...more,
})
const FORMS: [string, Parameters<typeof makeKeyPair>[2]][] = [
  ['ed25519', { kind: 'ed25519' }],
  ['ecdsa-256', { kind: 'ecdsa', bits: 256 }],
  ['ecdsa-384', { kind: 'ecdsa', bits: 384 }],
  ['ecdsa-521', { kind: 'ecdsa', bits: 521 }],
  ['rsa', { kind: 'rsa' }],
  ['ecdsa-pem', { kind: 'ecdsa', form: 'PEM' }],
  ['rsa-pem', { kind: 'rsa', form: 'PEM' }],
  ['ecdsa-pkcs8', { kind: 'ecdsa', form: 'PKCS8' }],
  ['rsa-pkcs8', { kind: 'rsa', form: 'PKCS8' }],
]
const keys = FORMS.flatMap(([name, options]) => [
  { name, path: key(name, options), passphrase: null },
  {
    name: `${name} with a passphrase`,
    path: key(`${name}-locked`, { ...options, passphrase: 'open sesame' }),
    passphrase: 'secret:passphrase' as const,
  },
])
const plain = key('plain')
const inAgent = key('in-agent')
const exposed = key('exposed')

let server: SshServer
let kit: Kit
beforeAll(async () => {
  server = await startSshd({
    authorizedKeys: known,
    config: { LogLevel: 'VERBOSE', TrustedUserCAKeys: `${authority}.pub` },
  })
})
afterAll(async () => {
  await server?.stop()
  await home.remove()
})

/** Whether ssh itself gets in with a key. */
function sshTakes(path: string): boolean {
  const options = [
    'BatchMode=yes',
    'IdentitiesOnly=yes',
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
  ]
  const { status } = spawnSync('ssh', [
    ...['-F', 'none', '-i', path, '-p', String(server.port)],
    ...options.flatMap((option) => ['-o', option]),
    ...[`${server.user}@127.0.0.1`, 'true'],
  ])
  return status === 0
}

async function open(overrides: Parameters<typeof stopOf>[1]) {
  kit = await createKit()
  kit.secrets.set('passphrase', 'open sesame')
  kit.secrets.set('wrong', 'open barley')
  await kit.know(server)
  const stop = stopOf(server, overrides)
  return { logIn: () => logIn(kit, stop), fails: () => failureOf(logIn(kit, stop)) }
}

describe('a key', () => {
  it.each(keys)('logs in: $name', async ({ path, passphrase }) => {
    const { logIn } = await open({ keys: [offer(path, { passphrase })] })
    expect(await logIn()).toContain(`ssh-authentication ${server.user}`)
  })

  it('of RSA signs with SHA-2, and with nothing that the configuration leaves out', async () => {
    const rsa = keys.find(({ name }) => name === 'rsa')?.path ?? ''
    const picky = await startSshd({
      authorizedKeys: known,
      config: { PubkeyAcceptedAlgorithms: 'rsa-sha2-512', LogLevel: 'DEBUG1' },
    })
    try {
      const kit = await createKit()
      await kit.know(picky)
      await logIn(kit, stopOf(picky, { keys: [offer(rsa)] }))
      await until(() => logged(picky, /Accepted publickey for/) === 1)
      expect(logged(picky, /pkalg rsa-sha2-512/)).toBeGreaterThan(0)
      expect(logged(picky, /pkalg ssh-rsa /)).toBe(0)
      const leaving = (publicKeys: string[]) =>
        stopOf(picky, { keys: [offer(rsa)], algorithms: { ...ANY_ALGORITHMS, publicKeys } })
      expect(await failureOf(logIn(kit, leaving(['rsa-sha2-256'])))).toMatchObject({
        code: 'ssh-key-refused',
      })
      expect(await failureOf(logIn(kit, leaving(['ssh-ed25519'])))).toMatchObject({
        code: 'ssh-nothing-to-offer',
        params: { methods: 'publickey' },
        recovery: 'person',
      })
    } finally {
      await picky.stop()
    }
  })

  it('that is not needed and not there, or locked, is passed over', async () => {
    const locked = keys.find(({ name }) => name === 'ed25519 with a passphrase')?.path ?? ''
    const keysInTurn = [
      offer(join(home.path, 'nowhere'), { needed: false }),
      offer(locked, { needed: false }),
      offer(plain, { needed: false }),
    ]
    expect(await (await open({ keys: keysInTurn })).logIn()).toContain(`ssh-authentication ${server.user}`)
    expect(await (await open({ keys: keysInTurn.slice(0, 2) })).fails()).toMatchObject({
      code: 'key-passphrase-missing',
      params: { name: `file:${locked}` },
      recovery: 'person',
    })
    expect(
      await (await open({ keys: [offer(locked, { passphrase: 'secret:wrong' })] })).fails(),
    ).toMatchObject({
      code: 'key-passphrase-wrong',
    })
    expect(await (await open({ keys: [offer(`${plain}.pub`)] })).fails()).toMatchObject({
      code: 'key-is-public',
    })
  })

  it('that lies open to others is not used, unless an agent holds it, and what to do is said', async () => {
    const path = exposed
    const before = logged(server, /Connection from/)
    const closed = await open({ keys: [offer(path)] })
    for (const mode of [0o644, 0o640, 0o604]) {
      await chmod(path, mode)
      expect(await closed.fails()).toMatchObject({
        code: 'key-unprotected',
        params: { file: path, mode: `0${mode.toString(8)}`, command: `chmod 600 ${path}` },
        recovery: 'person',
      })
    }
    // What ssh passes over is passed over here, and told where nothing else gets in.
    const passedOver = offer(path, { needed: false })
    expect(await (await open({ keys: [passedOver, offer(plain)] })).logIn()).toContain(
      `ssh-authentication ${server.user}`,
    )
    expect(await (await open({ keys: [passedOver], interactive: true })).fails()).toMatchObject({
      code: 'key-unprotected',
    })
    await until(() => logged(server, /Connection from/) === before + 2)
    expect(sshTakes(path)).toBe(false)

    const agent = await startAgent(home.path)
    try {
      await chmod(path, 0o600)
      agent.add(path)
      await chmod(path, 0o644)
      const held = await open({ keys: [offer(path)], agent: agent.path })
      expect(await held.logIn()).toContain(`ssh-authentication ${server.user}`)
    } finally {
      await agent.stop()
    }
    await chmod(path, 0o600)
    expect(sshTakes(path)).toBe(true)
    expect(await closed.logIn()).toContain(`ssh-authentication ${server.user}`)
  })

  it('that is refused is named together with what else was tried, each once', async () => {
    const strangers = ['one', 'two', 'three'].map((name) => makeKeyPair(home.path, `stranger-${name}`))
    const before = logged(server, /Failed publickey/)
    const failure = await (await open({ keys: strangers.map((path) => offer(path)) })).fails()
    expect(failure).toMatchObject({
      step: 'ssh-authentication',
      code: 'ssh-login-refused',
      recovery: 'person',
      params: { offered: strangers.map((path) => `file:${path}`).join(', '), methods: 'publickey' },
    })
    await until(() => logged(server, /Failed publickey/) === before + 3)
  })
})

describe('a certificate', () => {
  const certified = (kind: KeyKind, name: string, options: string[]) => {
    const path = makeKeyPair(home.path, name, { kind })
    certify(authority, path, options)
    return path
  }

  it.each<KeyKind>(['ed25519', 'ecdsa', 'rsa'])('logs in with the %s key that it is for', async (kind) => {
    const path = certified(kind, `certified-${kind}`, ['-n', server.user])
    const beside = await open({ keys: [offer(path)] })
    expect(await beside.logIn()).toContain(`ssh-authentication ${server.user}`)
    const named = await open({ keys: [offer(path, { certificate: `file:${path}-cert.pub` })] })
    expect(await named.logIn()).toContain(`ssh-authentication ${server.user}`)
    await until(() => logged(server, /Accepted certificate ID "a test"/) > 0)
  })

  it('that is not in force is not even shown, and that is what is told', async () => {
    const path = certified('ed25519', 'expired', ['-n', server.user, '-V', '20200101:20200201'])
    const before = logged(server, /Connection from/)
    const certificate = `file:${path}-cert.pub` as const
    expect(await (await open({ keys: [offer(path, { certificate })] })).fails()).toMatchObject({
      // The key itself is offered, as ssh does.
      code: 'ssh-key-refused',
      params: { key: `file:${path}`, besides: 'ssh-certificate-expired', name: certificate },
    })
    const agentless = await open({ keys: [offer(`${path}-cert.pub`, { certificate })], agent: null })
    expect(await agentless.fails()).toMatchObject({ code: 'key-is-public' })
    await until(() => logged(server, /Connection from/) === before + 1)
  })

  it.each([
    ['for another key', 'it is for another key', () => certified('ed25519', 'other', ['-n', 'x'])],
    ['for a host', 'it is for a host, not for a user', () => certified('ed25519', 'host', ['-h', '-n', 'x'])],
    ['no certificate', 'it is no OpenSSH certificate of a kind that is known', () => plain],
  ])('that is %s is refused before anything is sent', async (what, words, make) => {
    const path = make()
    const certificate = `file:${path}${what === 'no certificate' ? '.pub' : '-cert.pub'}` as const
    expect(await (await open({ keys: [offer(plain, { certificate })] })).fails()).toMatchObject({
      code: 'ssh-certificate-unusable',
      params: { words },
      recovery: 'person',
    })
  })

  it('for somebody else is refused, and the key is tried after it', async () => {
    const path = certified('ed25519', 'for-nobody', ['-n', 'nobody-at-all'])
    expect(await (await open({ keys: [offer(path)] })).fails()).toMatchObject({
      code: 'ssh-login-refused',
      params: { offered: `file:${path}-cert.pub, file:${path}` },
    })
  })
})

describe('an agent', () => {
  it('that is wanted, where Vakhta was started without one, is said to be missing before anything is sent', async () => {
    const before = logged(server, /Connection from/)
    const none = await open({ keys: [], lacksAgent: true })
    expect(await none.fails()).toMatchObject({ code: 'ssh-agent-none', recovery: 'person' })
    expect(logged(server, /Connection from/)).toBe(before)
    const beside = await open({ keys: [offer(plain)], lacksAgent: true })
    expect(await beside.logIn()).toContain(`ssh-authentication ${server.user}`)
  })

  it('logs in with a key, or a certificate, that it holds', async () => {
    const agent = await startAgent(home.path)
    try {
      const certified = makeKeyPair(home.path, 'agent-certified', { kind: 'rsa' })
      certify(authority, certified, ['-n', server.user])
      for (const path of [inAgent, certified]) {
        agent.add(path)
        expect(await (await open({ keys: [], agent: agent.path })).logIn()).toContain(
          `ssh-authentication ${server.user}`,
        )
      }
      // A certificate alone stands for a key that the agent holds; and for nothing where it does not.
      const apart = makeKeyPair(home.path, 'certified-apart')
      certify(authority, apart, ['-n', server.user])
      const certificate = `file:${apart}-cert.pub` as const
      const alone = { keys: [offer(`${apart}-cert.pub`, { certificate })], agent: agent.path }
      expect(await (await open(alone)).fails()).toMatchObject({ code: 'ssh-agent-empty' })
      expect(await (await open({ ...alone, agent: join(home.path, 'none') })).fails()).toMatchObject({
        code: 'ssh-agent-failed',
      })
      agent.add(apart)
      expect(await (await open(alone)).logIn()).toContain(`ssh-authentication ${server.user}`)
      // The files name the agent's keys, also where the private half is not there or locked.
      const named = { keys: [offer(`${inAgent}.pub`)], agent: agent.path, identitiesOnly: true }
      expect(await (await open(named)).logIn()).toContain(`ssh-authentication ${server.user}`)
    } finally {
      await agent.stop()
    }
  })

  it('with twenty keys is not asked for more than a server bears, and leaves room for what is named', async () => {
    const agent = await startAgent(home.path)
    try {
      const strangers = Array.from({ length: 20 }, (_, index) => makeKeyPair(home.path, `agent-${index}`))
      agent.add(...strangers)
      const before = logged(server, /Failed publickey/)
      const failure = await (await open({ keys: [], agent: agent.path })).fails()
      expect(failure).toMatchObject({ code: 'ssh-login-refused', recovery: 'person' })
      expect(failure.params.offered).toMatch(/^agent \(agent-\d+\), .*\(\+15\)$/)
      await until(() => logged(server, /Failed publickey/) === before + 5)
      expect(logged(server, /Too many authentication failures/)).toBe(0)
      const together = await open({ keys: [offer(plain)], agent: agent.path })
      expect(await together.logIn()).toContain(`ssh-authentication ${server.user}`)
      agent.add(inAgent)
      const attempts = logged(server, /Failed publickey/)
      const only = await open({ keys: [offer(inAgent)], agent: agent.path, identitiesOnly: true })
      expect(await only.logIn()).toContain(`ssh-authentication ${server.user}`)
      expect(logged(server, /Failed publickey/)).toBe(attempts)
    } finally {
      await agent.stop()
    }
  })

  it('that is locked, or not there, is said before anything is sent; other ways are gone on with', async () => {
    const agent = await startAgent(home.path)
    try {
      agent.add(inAgent)
      agent.lock()
      const before = logged(server, /Connection from/)
      expect(await (await open({ keys: [], agent: agent.path })).fails()).toMatchObject({
        code: 'ssh-agent-empty',
        recovery: 'by-itself',
      })
      const nowhere = join(home.path, 'no-agent')
      expect(await (await open({ keys: [], agent: nowhere })).fails()).toMatchObject({
        code: 'ssh-agent-failed',
        params: { agent: nowhere },
        recovery: 'by-itself',
      })
      expect(logged(server, /Connection from/)).toBe(before)
      const other = await open({ keys: [offer(plain)], agent: nowhere })
      expect(await other.logIn()).toContain(`ssh-authentication ${server.user}`)
    } finally {
      await agent.stop()
    }
  })

  it.each([
    ['says nothing', () => {}],
    ['talks rubbish', (socket: Socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
    [
      'promises an answer without end',
      (socket: Socket) => void socket.write(Buffer.from('ffffffff0c', 'hex')),
    ],
    ['hangs up', (socket: Socket) => void socket.destroy()],
  ])('that %s is given up in time, and nothing of it stays open', async (_what, behave) => {
    const path = join(home.path, `odd-agent-${Math.random().toString(36).slice(2)}`)
    const sockets = new Set<Socket>()
    const odd = createServer((socket) => {
      sockets.add(socket)
      socket
        .resume()
        .on('error', () => {})
        .once('close', () => sockets.delete(socket))
      behave(socket)
    })
    await new Promise<void>((resolve) => odd.listen(path, resolve))
    try {
      const { logIn } = await open({ keys: [offer(plain)], agent: path })
      expect(await logIn()).toContain(`ssh-authentication ${server.user}`)
      await until(() => sockets.size === 0)
    } finally {
      odd.close()
    }
  })
})
