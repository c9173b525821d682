import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type RedisServer, startRedis } from '../../../demo/servers/redis.ts'
import { type SentinelGroup, startSentinelGroup } from '../../../demo/servers/redis-sentinel.ts'
import { type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import { redis } from '../../../src/main/engine/probes/redis/index.ts'
import {
  type ConnectionCounter,
  createConnectionCounter,
  moreThan,
} from '../../support/connection-counter.ts'
import { closedPort, listenWith } from '../../support/ports.ts'
import { oursAt } from '../../support/redis-clients.ts'
import { until } from '../../support/until.ts'
import { watch } from '../probes/probe-kit.ts'
import { createKit, failureOf, hopOf, type Kit, soon } from './reach-kit.ts'

let group: SentinelGroup
let bastion: SshServer
let kit: Kit
let counter: ConnectionCounter

beforeAll(async () => {
  counter = createConnectionCounter()
  ;[group, bastion] = await Promise.all([
    startSentinelGroup({ sentinelPassword: 'for-sentinels' }),
    startSshd(),
  ])
})
afterAll(async () => {
  await Promise.all([group?.stop(), bastion?.stop()])
})
afterAll(() => counter.stop())
afterEach(async () => {
  // Whatever befell the servers: never two connections to one of them, not for a moment.
  const counted = await counter.taken()
  expect(moreThan(1, counted)).toEqual([])
})
beforeEach(async () => {
  for (const { port } of [...group.servers, ...group.sentinels]) counter.watch(port)
  kit = await createKit()
  kit.secrets.set('redis', group.password)
  kit.secrets.set('sentinel', 'for-sentinels')
  await kit.know(bastion)
})

const addresses = (servers: readonly { port: number }[]) =>
  servers.map(({ port }) => `127.0.0.1:${port}`).join(',')

const watched = (
  servers: readonly { port: number }[] = group.sentinels,
  sentinel: Record<string, unknown> = {},
  part: Record<string, unknown> = {},
) => ({
  redis: [
    {
      name: 'cache',
      url: `redis://${addresses(servers)}`,
      password: 'secret:redis',
      sentinel: { primary: group.name, password: 'secret:sentinel', ...sentinel },
      ...part,
    },
  ],
})
const roleOf = async (session: ReturnType<ReturnType<Kit['reach']>['redis']>) => {
  const answer: unknown = await session.command('ROLE', [], soon())
  return Array.isArray(answer) ? answer[0] : null
}

describe('a primary that sentinels name', () => {
  it.each([
    { way: 'directly', hops: 0 },
    { way: 'through SSH', hops: 1 },
  ])('is reached $way, on one connection, and the sentinels on none that stays', async ({ hops }) => {
    const reach = kit.reach({ ...watched(), ...(hops === 0 ? {} : { ssh: { hops: [hopOf(bastion)] } }) })
    const session = reach.redis('cache')
    expect(await roleOf(session)).toBe('master')
    const primary = await group.primary()
    expect(session.name).toBe(`127.0.0.1:${primary.port}`)
    expect(reach.connection().hops.at(-1)).toMatchObject({
      hop: `Redis 127.0.0.1:${primary.port} (mymaster via sentinel 127.0.0.1:${group.sentinels[0]?.port})`,
      status: 'CONNECTED',
    })
    expect(await oursAt(primary)).toBe(1)
    for (const sentinel of group.sentinels) expect(await oursAt(sentinel)).toBe(0)
  })

  it('is found though the first sentinels are dead, hang, or know nothing of it, and these are not asked first again', async () => {
    let asked = 0
    const silent = await listenWith(() => {
      asked += 1
      return null
    })
    const ignorant = await startRedis({ sentinel: true, password: 'for-sentinels' })
    try {
      const servers = [{ port: await closedPort() }, silent, ignorant, ...group.sentinels]
      const session = kit.reach(watched(servers)).redis('cache')
      expect(await until(() => roleOf(session), { timeoutMs: 15_000 })).toBe('master')
      expect(asked).toBe(1)
      const primary = await group.primary()
      const idOf = () => session.command('CLIENT', ['ID'], soon())
      const before = await idOf()
      const client = await primary.connect()
      await client.call('CLIENT', ['KILL', 'ID', Number(before)])
      client.disconnect()
      await until(async () => (await idOf().catch(() => before)) !== before)
      expect(asked).toBe(1)
    } finally {
      await Promise.all([silent.close(), ignorant.stop()])
    }
  })

  it('tells what is wrong with the sentinels in words', async () => {
    const [someServer] = group.servers
    const cases = [
      { profile: watched(undefined, { primary: 'other' }), code: 'sentinel-primary-unknown' },
      { profile: watched(undefined, { password: undefined }), code: 'sentinel-password-needed' },
      { profile: watched([someServer], { password: 'secret:redis' }), code: 'sentinel-not-spoken' },
      { profile: watched([{ port: await closedPort() }]), code: 'tcp-refused' },
    ]
    for (const { profile, code } of cases) {
      const failure = await failureOf(kit.reach(profile).redis('cache').command('PING', [], soon()))
      expect(failure, code).toMatchObject({ code, on: 'target' })
    }
    kit.secrets.set('sentinel', 'wrong')
    const failure = await failureOf(kit.reach(watched()).redis('cache').command('PING', [], soon()))
    expect(failure).toMatchObject({ code: 'redis-password-wrong', recovery: 'person' })
    expect(failure.hop).toBe(`Redis sentinel 127.0.0.1:${group.sentinels[0]?.port}`)
  })

  it('is followed to the other server by itself when it moves, and when it dies', async () => {
    const reach = kit.reach(watched())
    const session = reach.redis('cache')
    const profile = kit.profile(watched())
    const watching = watch(redis, profile, reach)
    const before = await group.primary()
    expect((await watching.look()).status).toBe('HEALTHY')

    await group.failOver()
    const after = await group.primary()
    const moved = await until(
      async () => {
        const look = await watching.look()
        return session.name === `127.0.0.1:${after.port}` && look.status === 'HEALTHY' && look
      },
      { timeoutMs: 30_000 },
    )
    expect(moved.evidence?.facts?.role).toBe('primary')
    expect(await oursAt(after)).toBe(1)
    await until(async () => (await oursAt(before)) === 0)

    await until(() => isFollowing(before, group), { timeoutMs: 20_000 })
    await after.kill()
    const down = await until(async () => {
      const look = await watching.look()
      return look.status === 'DISCONNECTED' && look
    })
    expect(down.values.redis_connected).toBe(0)
    await until(async () => (await group.primary()) === before, { timeoutMs: 30_000 })
    await until(
      async () => (await watching.look()).status === 'HEALTHY' && session.name === `127.0.0.1:${before.port}`,
      { timeoutMs: 30_000 },
    )
    expect(await oursAt(before)).toBe(1)
    await after.restart()
    await reach.close()
    await until(async () => (await oursAt(before)) === 0)
  }, 120_000)
})

/** Whether a server follows as a replica that the sentinels know and may promote. */
async function isFollowing(server: RedisServer, { sentinels, name }: SentinelGroup): Promise<boolean> {
  const client = await server.connect()
  try {
    if (!(await client.info('replication')).includes('master_link_status:up')) return false
  } finally {
    client.disconnect()
  }
  for (const sentinel of sentinels) {
    const asked = await sentinel.connect()
    try {
      const answer: unknown = await asked.call('SENTINEL', ['replicas', name])
      const fields = Array.isArray(answer) && Array.isArray(answer[0]) ? answer[0].map(String) : []
      if (fields[fields.indexOf('master-link-status') + 1] !== 'ok') return false
    } finally {
      asked.disconnect()
    }
  }
  return true
}
