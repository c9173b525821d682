import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Authority, createAuthority } from '../../../demo/servers/authority.ts'
import { freePort } from '../../../demo/servers/free-port.ts'
import { type RedisServer, startRedis } from '../../../demo/servers/redis.ts'
import { type RedisClusterServers, startRedisCluster } from '../../../demo/servers/redis-cluster.ts'
import { type SentinelGroup, startSentinelGroup } from '../../../demo/servers/redis-sentinel.ts'
import { type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import { createTemporaryDirectory } from '../../../demo/servers/temporary-directory.ts'
import { redis as redisProbe } from '../../../src/main/engine/probes/redis/index.ts'
import { diagnose } from '../../../src/main/engine/reach/diagnose.ts'
import type { ReachStepResult } from '../../../src/shared/model/failure.ts'
import { createConnectionCounter, moreThan } from '../../support/connection-counter.ts'
import { closedPort } from '../../support/ports.ts'
import { oursAt } from '../../support/redis-clients.ts'
import { watch } from '../probes/probe-kit.ts'
import { createKit, failureOf, hopOf, type Kit, soon } from './reach-kit.ts'

type Profile = Parameters<Kit['profile']>[0]

let root: Authority
let redis: RedisServer
let tlsPort: number
let strictPort: number
let expiredPort: number
let strict: RedisServer
let expired: RedisServer
let bastion: SshServer
let socket: string
let kit: Kit
const files = createTemporaryDirectory('redis-tls')

/** A Redis that speaks TLS on a port beside its plain one. */
async function withTls(names: string[], options: { clients?: 'yes' | 'no'; notAfter?: Date } = {}) {
  const { clients = 'no', notAfter } = options
  const issued = root.issue({
    names,
    ...(notAfter === undefined ? {} : { notAfter, notBefore: new Date(0) }),
  })
  const port = await freePort()
  const write = async (name: string, text: string): Promise<string> => {
    const path = join(files.path, `${port}-${name}`)
    await writeFile(path, text, { mode: 0o600 })
    return path
  }
  const server = await startRedis({
    password: 'right',
    config: {
      'tls-port': port,
      'tls-cert-file': await write('certificate', issued.chain),
      'tls-key-file': await write('key', issued.key),
      'tls-ca-cert-file': await write('authority', root.certificate),
      'tls-auth-clients': clients,
      unixsocket: join(files.path, `${port}.sock`),
      unixsocketperm: 777,
    },
  })
  return { server, port }
}

beforeAll(async () => {
  root = createAuthority()
  const [plain, asking, old] = await Promise.all([
    withTls(['localhost']),
    withTls(['localhost'], { clients: 'yes' }),
    withTls(['localhost'], { notAfter: new Date(Date.now() - 86_400_000) }),
  ])
  ;[redis, tlsPort, strict, strictPort, expired, expiredPort] = [
    plain.server,
    plain.port,
    asking.server,
    asking.port,
    old.server,
    old.port,
  ]
  socket = join(files.path, `${tlsPort}.sock`)
  bastion = await startSshd()
})
afterAll(async () => {
  await Promise.all([redis?.stop(), strict?.stop(), expired?.stop(), bastion?.stop()])
  await files.remove()
})
beforeEach(async () => {
  kit = await createKit()
  kit.secrets.set('redis', 'right')
  kit.secrets.set('ca', root.certificate)
  await kit.know(bastion)
})

const at = (url: string, part: Record<string, unknown> = {}): Profile => ({
  redis: [{ name: 'cache', url, password: 'secret:redis', ...part }],
})
const trusted = { authorities: 'secret:ca' }
const ping = (profile: Profile) => kit.reach(profile).redis('cache').command('PING', [], soon(12_000))
const ways = [
  { way: 'directly', over: () => ({}) },
  { way: 'through SSH', over: () => ({ ssh: { hops: [hopOf(bastion)] } }) },
]

describe.each(ways)('$way', ({ over }) => {
  it('a unix socket is dialled, and its absence told', async () => {
    expect(await ping({ ...at(`unix://${socket}?db=2`), ...over() })).toBe('PONG')
    expect(await oursAt(redis)).toBe(1)
    const failure = await failureOf(ping({ ...at('unix:///nowhere/redis.sock'), ...over() }))
    expect(['socket-file-missing', 'forward-socket-failed']).toContain(failure.code)
    expect(failure.params.path).toBe('/nowhere/redis.sock')
  })

  it('TLS with an authority of its own is trusted, and nothing else is', async () => {
    expect(await ping({ ...at(`rediss://localhost:${tlsPort}`, { tls: trusted }), ...over() })).toBe('PONG')
    const cases = [
      { profile: at(`rediss://localhost:${tlsPort}`), code: /^tls-(untrusted|incomplete)$/ },
      { profile: at(`rediss://127.0.0.1:${tlsPort}`, { tls: trusted }), code: /^tls-wrong-name$/ },
      { profile: at(`rediss://localhost:${expiredPort}`, { tls: trusted }), code: /^tls-expired$/ },
    ]
    for (const { profile, code } of cases) {
      const failure = await failureOf(ping({ ...profile, ...over() }))
      expect(failure).toMatchObject({ step: 'tls', code: expect.stringMatching(code) })
    }
    const byName = { tls: { ...trusted, serverName: 'localhost' } }
    expect(await ping({ ...at(`rediss://127.0.0.1:${tlsPort}`, byName), ...over() })).toBe('PONG')
  })
})

describe('TLS', () => {
  it('shows who we are where the server asks', async () => {
    const client = root.issue({ names: ['vakhta'], use: 'client' })
    kit.secrets.set('certificate', client.chain)
    kit.secrets.set('key', client.key)
    const identity = { ...trusted, certificate: 'secret:certificate', key: 'secret:key' }
    expect(await ping(at(`rediss://localhost:${strictPort}`, { tls: identity }))).toBe('PONG')
    const without = await failureOf(ping(at(`rediss://localhost:${strictPort}`, { tls: trusted })))
    expect(without).toMatchObject({ code: 'tls-certificate-wanted', step: 'tls', recovery: 'person' })
    const foreign = createAuthority('Somebody else').issue({ names: ['vakhta'], use: 'client' })
    kit.secrets.set('certificate', foreign.chain)
    kit.secrets.set('key', foreign.key)
    const unknown = await failureOf(ping(at(`rediss://localhost:${strictPort}`, { tls: identity })))
    expect(unknown).toMatchObject({ code: 'tls-identity-refused', step: 'tls', recovery: 'person' })
  })

  it('is told apart from no TLS, both ways round', async () => {
    const plainAtTls = await failureOf(ping(at(`redis://localhost:${tlsPort}`)))
    expect(['redis-wants-tls', 'redis-closed-early']).toContain(plainAtTls.code)
    const began = performance.now()
    const counter = createConnectionCounter()
    counter.watch(redis.port)
    const tlsAtPlain = await failureOf(ping(at(`rediss://localhost:${redis.port}`, { tls: trusted })))
    expect(tlsAtPlain).toMatchObject({ step: 'tls', on: 'target', code: 'redis-without-tls' })
    expect(performance.now() - began).toBeLessThan(8_000)
    // A server that hangs says nothing without TLS either.
    redis.freeze()
    const hung = await failureOf(ping(at(`rediss://localhost:${redis.port}`, { tls: trusted })))
    redis.thaw()
    expect(hung).toMatchObject({ step: 'tls', code: 'tls-silent' })
    expect(moreThan(2, await counter.taken())).toEqual([])
    await counter.stop()
  })
})

describe('testing the way', () => {
  let group: SentinelGroup
  let cluster: RedisClusterServers

  beforeAll(async () => {
    ;[group, cluster] = await Promise.all([startSentinelGroup(), startRedisCluster()])
  })
  afterAll(async () => {
    await Promise.all([group?.stop(), cluster?.stop()])
  })

  async function walked(profile: Profile) {
    const steps: ReachStepResult[] = []
    const walk = diagnose(kit.profile(profile), kit, new AbortController().signal)
    for (;;) {
      const next = await walk.next()
      if (next.done === true) return { steps, ok: next.value.ok }
      steps.push(next.value)
    }
  }
  const hopsOf = (steps: readonly ReachStepResult[]) => [...new Set(steps.map(({ hop }) => hop))]

  it('goes from each sentinel to the primary that it names, once', async () => {
    kit.secrets.set('redis', group.password)
    const addresses = group.sentinels.map(({ port }) => `127.0.0.1:${port}`)
    const sentinel = { primary: group.name }
    const { steps, ok } = await walked(at(`redis://${addresses.join(',')}`, { sentinel }))
    expect(ok).toBe(true)
    const primary = await group.primary()
    expect(hopsOf(steps)).toEqual([
      `Redis sentinel ${addresses[0]}`,
      `Redis 127.0.0.1:${primary.port} (mymaster)`,
      `Redis sentinel ${addresses[1]}`,
      `Redis sentinel ${addresses[2]}`,
    ])
    const dead = `127.0.0.1:${await closedPort()}`
    const partly = await walked(at(`redis://${dead},${addresses[0]}`, { sentinel }))
    expect(partly.ok).toBe(false)
    expect(partly.steps.find(({ status }) => status === 'failed')).toMatchObject({
      hop: `Redis sentinel ${dead}`,
      step: 'tcp',
    })
    expect(hopsOf(partly.steps)).toContain(`Redis 127.0.0.1:${primary.port} (mymaster)`)
    expect(await oursAt(primary)).toBe(0)
  })

  it('goes from the nodes that are named to each that they know', async () => {
    kit.secrets.set('redis', cluster.password)
    const [first, second] = cluster.nodes
    const { steps, ok } = await walked({
      ...at(`redis://127.0.0.1:${first?.port},127.0.0.1:${second?.port}`, { cluster: true }),
      ssh: { hops: [hopOf(bastion)] },
    })
    expect(ok).toBe(true)
    expect(hopsOf(steps).filter((hop) => hop.startsWith('Redis 127'))).toHaveLength(6)
    expect(steps.filter(({ step }) => step === 'privilege')).toHaveLength(8)
  })

  it('tells that a server is one node of a cluster, and so does the watch', async () => {
    kit.secrets.set('redis', cluster.password)
    const [node] = cluster.nodes
    const alone = at(`redis://127.0.0.1:${node?.port}`)
    const { steps, ok } = await walked(alone)
    expect(ok).toBe(true)
    expect(steps.at(-1)).toMatchObject({
      step: 'privilege',
      detail: { code: 'redis-node-of-cluster', params: { commands: 'INFO, SLOWLOG, CONFIG' } },
    })
    const seen = await watch(redisProbe, kit.profile(alone), kit.reach(alone)).look()
    expect(seen).toMatchObject({ status: 'HEALTHY', reason: { code: 'redis-healthy-cluster-node' } })
  })

  it('names all commands that are missing, and the statement that allows them', async () => {
    const admin = await redis.connect()
    await admin.call('ACL', ['SETUSER', 'blind', 'on', '>right', '+ping'])
    admin.disconnect()
    const { steps, ok } = await walked(at(`redis://blind@127.0.0.1:${redis.port}`))
    expect(ok).toBe(false)
    expect(steps.at(-1)).toMatchObject({
      step: 'privilege',
      status: 'failed',
      failure: {
        code: 'redis-command-denied',
        params: {
          command: 'INFO, SLOWLOG, CONFIG',
          grant: 'ACL SETUSER blind +info +slowlog|get +config|get',
        },
      },
    })
    const { steps: sentinelSteps } = await walked(
      at(`redis://127.0.0.1:${group.sentinels[0]?.port}`, { password: undefined }),
    )
    expect(sentinelSteps.find(({ status }) => status === 'failed')).toMatchObject({
      failure: { code: 'redis-is-sentinel', recovery: 'person' },
    })
  })
})
