import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeKey, type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import { systemClock } from '../../../src/main/engine/clock.ts'
import { createDirectWay } from '../../../src/main/engine/reach/direct.ts'
import { openFirewalledPort } from '../../support/firewalled-port.ts'
import { closedPort, listenAndHangUp, listenSilently } from '../../support/ports.ts'
import { until } from '../../support/until.ts'
import { createKit, failureOf, hopOf, type Kit, soon } from './reach-kit.ts'

const target = { hop: 'PostgreSQL db:5432', on: 'target' } as const

describe('directly', () => {
  const way = createDirectWay({ clock: systemClock })

  it('tells a closed port', async () => {
    const port = await closedPort()
    const failure = await failureOf(way.dial({ host: '127.0.0.1', port }, target, soon()))
    expect(failure).toEqual({
      step: 'tcp',
      hop: 'PostgreSQL db:5432',
      on: 'target',
      code: 'tcp-refused',
      params: { hop: 'PostgreSQL db:5432', host: '127.0.0.1', port },
      recovery: 'by-itself',
    })
  })

  it('tells a firewall that drops packets', async () => {
    const firewalled = await openFirewalledPort()
    try {
      const to = { host: '127.0.0.1', port: firewalled.port }
      const failure = await failureOf(way.dial(to, target, soon(400)))
      expect(failure).toMatchObject({ step: 'tcp', code: 'tcp-silent', recovery: 'by-itself' })
    } finally {
      await firewalled.close()
    }
  })

  it('tells a host that no name server knows', async () => {
    const failure = await failureOf(way.dial({ host: 'nowhere.invalid', port: 5432 }, target, soon()))
    expect(failure.step).toBe('resolve')
    // Without a name server in reach (a sandbox) the question stays open instead of being answered with "no".
    expect(['host-unknown', 'resolver-silent']).toContain(failure.code)
  })

  it('gives up when it is told to', async () => {
    const firewalled = await openFirewalledPort()
    try {
      const controller = new AbortController()
      const dialling = way.dial({ host: '127.0.0.1', port: firewalled.port }, target, {
        signal: controller.signal,
        timeoutMs: 60_000,
      })
      controller.abort(new Error('enough'))
      await expect(dialling).rejects.toThrow('enough')
    } finally {
      await firewalled.close()
    }
  })
})

describe('through SSH', () => {
  let bastion: SshServer
  let inner: SshServer
  beforeAll(async () => {
    ;[bastion, inner] = await Promise.all([startSshd(), startSshd()])
  })
  afterAll(async () => {
    await Promise.all([bastion?.stop(), inner?.stop()])
  })

  const dial = (
    kit: Kit,
    hops: Parameters<Kit['links']['chain']>[0],
    to = { host: '127.0.0.1', port: 1 },
    ms = 8_000,
  ) => failureOf(kit.links.chain(hops, {}).dial(to, target, soon(ms)))

  it('tells a port that is closed at the far side from a hop that is down', async () => {
    const kit = await createKit()
    await kit.know(bastion)
    const port = await closedPort()
    expect(await dial(kit, [hopOf(bastion)], { host: '127.0.0.1', port })).toMatchObject({
      step: 'forward',
      hop: target.hop,
      on: 'target',
      code: 'forward-refused',
    })
    const nowhere = { ...hopOf(bastion), port }
    expect(await dial(kit, [nowhere])).toMatchObject({
      step: 'tcp',
      hop: `${bastion.user}@127.0.0.1:${port}`,
      on: 'path',
      code: 'tcp-refused',
    })
  })

  it('names the second hop where that is the one that fails', async () => {
    const kit = await createKit()
    await kit.know(bastion)
    const port = await closedPort()
    expect(await dial(kit, [hopOf(bastion), { ...hopOf(inner), port }])).toMatchObject({
      step: 'forward',
      hop: `${inner.user}@127.0.0.1:${port}`,
      on: 'path',
      code: 'forward-refused',
    })
    expect(await dial(kit, [hopOf(bastion), hopOf(inner)])).toMatchObject({
      step: 'host-key',
      hop: `${inner.user}@127.0.0.1:${inner.port}`,
      code: 'host-key-unknown',
    })
  })

  it('holds nothing against a service while the hop before it is still being connected', async () => {
    const silent = await listenSilently()
    const kit = await createKit()
    kit.secrets.set('ours', 'shown to nobody')
    try {
      const reach = kit.reach({
        ssh: { hops: [{ host: '127.0.0.1', port: silent.port, user: 'ops', password: 'secret:ours' }] },
        services: [{ name: 'api', url: 'http://10.0.0.7:8000' }],
      })
      const asked = reach.http('api').get('/', { ...soon(300), maxBytes: 10 })
      expect(await failureOf(asked)).toMatchObject({ code: 'connection-slow', on: 'path' })
    } finally {
      await silent.close()
    }
  })

  it('tells a silent firewall and an unknown name behind the hop', async () => {
    const kit = await createKit()
    await kit.know(bastion)
    const firewalled = await openFirewalledPort()
    try {
      const to = { host: '127.0.0.1', port: firewalled.port }
      expect(await dial(kit, [hopOf(bastion)], to, 1_500)).toMatchObject({
        step: 'forward',
        on: 'target',
        code: 'forward-silent',
      })
    } finally {
      await firewalled.close()
    }
    const unknown = await dial(kit, [hopOf(bastion)], { host: 'nowhere.invalid', port: 5432 }, 20_000)
    expect(unknown).toMatchObject({ step: 'forward', on: 'target' })
    expect(['forward-host-unknown', 'forward-silent']).toContain(unknown.code)
  })

  it('tells a hop that may not forward', async () => {
    const strict = await startSshd({ config: { AllowTcpForwarding: 'no' } })
    try {
      const kit = await createKit()
      await kit.know(strict)
      expect(await dial(kit, [hopOf(strict)])).toMatchObject({
        step: 'forward',
        on: 'path',
        code: 'forward-prohibited',
      })
    } finally {
      await strict.stop()
    }
  })

  it('shows an unknown host key, fails closed, and connects by itself once it is accepted', async () => {
    const kit = await createKit()
    const link = kit.links.chain([hopOf(bastion)], {})
    const host = `127.0.0.1:${bastion.port}`
    const failure = await failureOf(link.dial({ host: '127.0.0.1', port: bastion.port }, target, soon()))
    expect(failure).toMatchObject({
      step: 'host-key',
      on: 'path',
      code: 'host-key-unknown',
      recovery: 'person',
      params: { host, fingerprint: bastion.hostFingerprint, keyType: 'ssh-ed25519' },
    })
    expect(link.hops()[0]?.status).toBe('REFUSED')
    expect(await kit.hostKeys.list()).toMatchObject([
      { host, fingerprint: bastion.hostFingerprint, state: 'offered' },
    ])
    await kit.hostKeys.accept(host, bastion.hostFingerprint)
    await until(() => link.hops()[0]?.status === 'CONNECTED')
    expect(await kit.hostKeys.list()).toMatchObject([{ host, state: 'accepted', keyType: 'ssh-ed25519' }])
  })

  it('refuses a changed host key, and says which was known and from where', async () => {
    const server = await startSshd()
    try {
      const kit = await createKit()
      await kit.know(server)
      const before = server.hostFingerprint
      await server.restart({ newHostKey: true })
      expect(await dial(kit, [hopOf(server)])).toMatchObject({
        step: 'host-key',
        code: 'host-key-changed',
        recovery: 'person',
        params: {
          fingerprint: server.hostFingerprint,
          known: before,
          where: `${join(kit.home, '.ssh/known_hosts')}:1`,
        },
      })
      expect(await kit.hostKeys.list()).toMatchObject([
        {
          state: 'changed',
          fingerprint: server.hostFingerprint,
          replaces: { fingerprint: before, where: `${join(kit.home, '.ssh/known_hosts')}:1` },
        },
      ])
    } finally {
      await server.stop()
    }
  })

  it('refuses a revoked host key', async () => {
    const kit = await createKit()
    const path = await kit.file(
      'revoked',
      `@revoked * ${bastion.knownHostsLine.split(' ').slice(1).join(' ')}\n`,
    )
    const failure = await failureOf(
      kit.links.chain([hopOf(bastion)], { knownHosts: path }).dial({ host: 'x', port: 1 }, target, soon()),
    )
    expect(failure).toMatchObject({
      step: 'host-key',
      code: 'host-key-revoked',
      params: { where: `${path}:1` },
    })
  })

  it('asks a host with several keys for the one that is known', async () => {
    const kit = await createKit()
    const rsa = join(kit.directory, 'rsa_key')
    execFileSync('ssh-keygen', ['-q', '-t', 'rsa', '-b', '2048', '-N', '', '-f', rsa])
    const other = join(kit.directory, 'ed25519_key')
    await makeKey(other)
    const both = await startSshd({ config: { HostKey: `${other}\nHostKey ${rsa}` } })
    try {
      const [type, blob] = (await readFile(`${rsa}.pub`, 'utf8')).split(' ')
      await kit.know({ ...both, knownHostsLine: `[127.0.0.1]:${both.port} ${type} ${blob}` })
      const link = kit.links.chain([hopOf(both)], {})
      await until(() => link.hops()[0]?.status === 'CONNECTED')
    } finally {
      await both.stop()
    }
  })

  it('tries a refused key once, and then waits for a person', async () => {
    const server = await startSshd({ config: { LogLevel: 'VERBOSE' } })
    try {
      const kit = await createKit()
      await kit.know(server)
      const stranger = join(kit.directory, 'stranger')
      await makeKey(stranger)
      const link = kit.links.chain([{ ...hopOf(server), key: `file:${stranger}` }], {})
      const failure = await failureOf(link.dial({ host: '127.0.0.1', port: 1 }, target, soon()))
      expect(failure).toMatchObject({
        step: 'ssh-authentication',
        code: 'ssh-key-refused',
        recovery: 'person',
        params: { user: server.user, methods: 'publickey' },
      })
      expect(link.hops()[0]?.status).toBe('REFUSED')
      await failureOf(link.dial({ host: '127.0.0.1', port: 1 }, target, soon()))
      const attempts = async () =>
        (await readFile(server.logFile, 'utf8')).match(/Failed publickey for/g)?.length
      await until(async () => (await attempts()) === 1)
      link.retry()
      await until(async () => (await attempts()) === 2)
      expect(link.hops()[0]?.status).not.toBe('CONNECTED')
    } finally {
      await server.stop()
    }
  })

  it('says what is wrong with a key before it connects', async () => {
    const kit = await createKit()
    await kit.know(bastion)
    const hop = hopOf(bastion)
    const codeOf = async (part: { key: string; passphrase?: string }) => {
      const failure = await dial(kit, [{ ...hop, ...part }])
      expect(failure).toMatchObject({ step: 'ssh-authentication', recovery: 'person', on: 'path' })
      return failure.code
    }
    const locked = join(kit.directory, 'locked')
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'open sesame', '-f', locked])
    kit.secrets.set('wrong', 'shut sesame')
    const text = await kit.file('letter', 'Dear sir or madam')
    const dsa = generateKeyPairSync('ed448').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const odd = await kit.file('odd', dsa)
    expect(await codeOf({ key: `file:${kit.directory}/missing` })).toBe('secret-file-missing')
    expect(await codeOf({ key: 'secret:missing' })).toBe('secret-missing')
    expect(await codeOf({ key: 'env:MISSING' })).toBe('secret-environment-missing')
    expect(await codeOf({ key: `file:${locked}` })).toBe('key-passphrase-missing')
    expect(await codeOf({ key: `file:${locked}`, passphrase: 'secret:wrong' })).toBe('key-passphrase-wrong')
    expect(await codeOf({ key: `file:${locked}.pub` })).toBe('key-is-public')
    expect(await codeOf({ key: `file:${text}` })).toBe('key-unsupported')
    expect(await codeOf({ key: `file:${odd}` })).toBe('key-unsupported')
  })

  it('logs in with a key under a passphrase', async () => {
    const kit = await createKit()
    await kit.know(bastion)
    const locked = join(kit.directory, 'locked')
    execFileSync('cp', [bastion.clientKeyPath, locked])
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'open sesame', '-f', locked])
    kit.secrets.set('phrase', 'open sesame')
    const link = kit.links.chain(
      [{ ...hopOf(bastion), key: `file:${locked}`, passphrase: 'secret:phrase' }],
      {},
    )
    await until(() => link.hops()[0]?.status === 'CONNECTED')
    await until(() => (link.hops()[0]?.ms ?? 0) > 0)
  })

  it('tells what is no SSH server', async () => {
    const kit = await createKit()
    const rude = await listenAndHangUp()
    const mute = await listenSilently()
    try {
      expect(await dial(kit, [{ ...hopOf(bastion), port: rude.port }])).toMatchObject({
        step: 'host-key',
        code: 'ssh-closed-early',
      })
      const link = kit.links.chain([{ ...hopOf(bastion), port: mute.port }], {})
      await until(() => mute.connections() === 1)
      await link.release()
      await until(() => mute.connections() === 0)
    } finally {
      await rude.close()
      await mute.close()
    }
  })
})
