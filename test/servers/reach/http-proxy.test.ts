import { afterEach, describe, expect, it, vi } from 'vitest'
import { createAuthority } from '../../../demo/servers/authority.ts'
import { type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import { diagnose } from '../../../src/main/engine/reach/diagnose.ts'
import { closedPort, listenAndHangUp, listenWith } from '../../support/ports.ts'
import { until } from '../../support/until.ts'
import { ask, closeAfterwards, ok, serve, serveProxy, service } from './http-kit.ts'
import { createKit, failureOf, hopOf, soon } from './reach-kit.ts'

const root = createAuthority()
const leaf = root.issue({ names: ['localhost', '127.0.0.1'] })
const tls = { key: leaf.key, cert: leaf.chain }
const kitOf = () => createKit({ authorities: () => [root.certificate] })

afterEach(() => vi.unstubAllEnvs())

describe('a service behind a proxy', () => {
  it('is asked for by its whole address, and over TLS through a tunnel that hides who we are', async () => {
    const kit = await kitOf()
    kit.secrets.set('token', 'planted')
    const proxy = await serveProxy()
    const plain = await serve(ok)
    const encrypted = await serve(ok, tls)
    const more = { proxy: { url: `http://127.0.0.1:${proxy.port}` }, token: 'secret:token' }
    expect(await ask(kit, service(`http://127.0.0.1:${plain.port}`, more))).toMatchObject({ status: 200 })
    const answer = await ask(kit, service(`https://localhost:${encrypted.port}`, more))
    expect(answer).toMatchObject({ status: 200 })
    expect(answer.certificates).toHaveLength(2)
    expect(proxy.asked).toEqual([
      `GET http://127.0.0.1:${plain.port}/health`,
      `CONNECT localhost:${encrypted.port}`,
    ])
    expect(proxy.seen).toEqual(['Bearer planted'])
  })

  it('keeps its tunnel, and leaves nothing open at the end', async () => {
    const kit = await kitOf()
    const proxy = await serveProxy()
    const { port, sockets } = await serve(ok, tls)
    const reach = kit.reach(
      service(`https://localhost:${port}`, { proxy: { url: `http://127.0.0.1:${proxy.port}` } }),
    )
    for (let round = 0; round < 3; round += 1) await reach.http('api').get('/', { ...soon(), maxBytes: 100 })
    expect(proxy.asked).toHaveLength(1)
    await reach.close()
    await until(() => sockets() === 0 && proxy.sockets() === 0)
  })

  it('may want to know who we are, and may speak TLS itself', async () => {
    const kit = await kitOf()
    kit.secrets.set('proxy', 'pässword:1')
    const proxy = await serveProxy({ login: 'vakhta:pässword:1', tls })
    const plain = await serve(ok)
    const encrypted = await serve(ok, tls)
    const more = {
      proxy: { url: `https://vakhta@localhost:${proxy.port}`, password: 'secret:proxy' },
    }
    expect(await ask(kit, service(`http://127.0.0.1:${plain.port}`, more))).toMatchObject({ status: 200 })
    expect(await ask(kit, service(`https://localhost:${encrypted.port}`, more))).toMatchObject({
      status: 200,
    })
  })

  it.each(['http', 'https'])(
    '%s: credentials that it refuses are not shown again by themselves',
    async (scheme) => {
      const kit = await kitOf()
      kit.secrets.set('proxy', 'wrong')
      const proxy = await serveProxy({ login: 'vakhta:right' })
      const { port } = await serve(ok, scheme === 'https' ? tls : undefined)
      const at = `127.0.0.1:${proxy.port}`
      const reach = kit.reach(
        service(`${scheme}://localhost:${port}`, {
          proxy: { url: `http://vakhta@${at}`, password: 'secret:proxy' },
        }),
      )
      const get = () => reach.http('api').get('/', { ...soon(), maxBytes: 100 })
      for (let round = 0; round < 3; round += 1) {
        expect(await failureOf(get())).toMatchObject({
          on: 'path',
          hop: `proxy ${at}`,
          code: 'proxy-credentials-refused',
          recovery: 'person',
        })
      }
      expect(proxy.asked).toHaveLength(1)
      expect(reach.connection().hops[0]).toMatchObject({ status: 'REFUSED' })
      kit.secrets.set('proxy', 'right')
      expect(await get()).toMatchObject({ status: 200 })
      const nobody = kit.reach(service(`${scheme}://localhost:${port}`, { proxy: { url: `http://${at}` } }))
      expect(await failureOf(nobody.http('api').get('/', { ...soon(), maxBytes: 100 }))).toMatchObject({
        code: 'proxy-credentials-needed',
      })
    },
  )

  it.each([
    [403, 'path', 'proxy-denied'],
    [502, 'target', 'proxy-target-unreachable'],
    [504, 'target', 'proxy-target-unreachable'],
    [418, 'path', 'proxy-refused'],
  ])('that is not let through (%i) says whose no it is: %s', async (status, on, code) => {
    const kit = await kitOf()
    const proxy = await serveProxy()
    proxy.refuse = status
    const { port } = await serve(ok, tls)
    const more = { proxy: { url: `http://127.0.0.1:${proxy.port}` } }
    expect(await failureOf(ask(kit, service(`https://localhost:${port}`, more)))).toMatchObject({
      step: 'forward',
      on,
      code,
      params: { status, port },
    })
  })

  it('is not to blame for a proxy that is down, hangs, hangs up, or is none', async () => {
    const kit = await kitOf()
    const through = (port: number, timeoutMs = 5_000) =>
      failureOf(
        ask(kit, service('https://localhost:9', { proxy: { url: `http://127.0.0.1:${port}` } }), {
          timeoutMs,
        }),
      )
    expect(await through(await closedPort())).toMatchObject({ on: 'path', code: 'tcp-refused' })
    const hanging = await serveProxy()
    hanging.hangs = true
    expect(await through(hanging.port, 300)).toMatchObject({ on: 'path', code: 'proxy-silent' })
    const rude = await listenAndHangUp()
    closeAfterwards(rude.close)
    expect(await through(rude.port)).toMatchObject({ on: 'path', code: 'proxy-cut' })
    const other = await listenWith(() => 'SSH-2.0-OpenSSH_9.2\r\n')
    closeAfterwards(other.close)
    expect(await through(other.port)).toMatchObject({ on: 'path', code: 'proxy-not-spoken' })
  })

  it('is only behind the proxy that the profile names: those of the environment mean nothing', async () => {
    const kit = await kitOf()
    const proxy = await serveProxy()
    for (const name of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY'])
      vi.stubEnv(name, `http://127.0.0.1:${proxy.port}`)
    vi.stubEnv('NODE_USE_ENV_PROXY', '1')
    const { port } = await serve(ok)
    expect(await ask(kit, service(`http://127.0.0.1:${port}`))).toMatchObject({ status: 200 })
    expect(proxy.asked).toEqual([])
  })

  it('is reached from the end of the SSH chain, step by step', async () => {
    const bastion: SshServer = await startSshd()
    closeAfterwards(bastion.stop)
    const kit = await kitOf()
    await kit.know(bastion)
    const proxy = await serveProxy()
    const { port } = await serve(ok, tls)
    const profile = {
      ...service(`https://localhost:${port}`, { proxy: { url: `http://127.0.0.1:${proxy.port}` } }),
      ssh: { hops: [hopOf(bastion)] },
    }
    expect(await ask(kit, profile)).toMatchObject({ status: 200 })
    const told = []
    for await (const result of diagnose(kit.profile(profile), kit, new AbortController().signal))
      told.push(result)
    expect(told.map(({ step, status }) => `${step} ${status}`).slice(-5)).toEqual([
      'forward ok',
      'forward ok',
      'tls ok',
      'protocol ok',
      'authentication ok',
    ])
    expect(told.at(-4)?.detail).toBe(`proxy 127.0.0.1:${proxy.port}`)
  })
})
