import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type RedisServer, startRedis } from '../../../demo/servers/redis.ts'
import { type RedisClusterServers, startRedisCluster } from '../../../demo/servers/redis-cluster.ts'
import { type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import { redis } from '../../../src/main/engine/probes/redis/index.ts'
import {
  type ConnectionCounter,
  createConnectionCounter,
  moreThan,
} from '../../support/connection-counter.ts'
import { closedPort } from '../../support/ports.ts'
import { oursAt } from '../../support/redis-clients.ts'
import { until } from '../../support/until.ts'
import { watch } from '../probes/probe-kit.ts'
import { createKit, failureOf, hopOf, type Kit, soon } from './reach-kit.ts'

let cluster: RedisClusterServers
let bastion: SshServer
let kit: Kit
let counter: ConnectionCounter

beforeAll(async () => {
  counter = createConnectionCounter()
  ;[cluster, bastion] = await Promise.all([startRedisCluster(), startSshd()])
})
afterAll(async () => {
  await Promise.all([cluster?.stop(), bastion?.stop()])
})
afterAll(() => counter.stop())
afterEach(async () => {
  // Whatever befell the servers: never two connections to one of them, not for a moment.
  const counted = await counter.taken()
  expect(moreThan(1, counted)).toEqual([])
})
beforeEach(async () => {
  for (const { port } of cluster.nodes) counter.watch(port)
  kit = await createKit()
  kit.secrets.set('redis', cluster.password)
  await kit.know(bastion)
})

const watched = (
  seeds: readonly { port: number }[] = cluster.nodes.slice(0, 1),
  part: Record<string, unknown> = {},
) => ({
  redis: [
    {
      name: 'cache',
      url: `redis://${seeds.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
      password: 'secret:redis',
      cluster: true,
      ...part,
    },
  ],
})
const counts = (nodes: readonly RedisServer[] = cluster.nodes) =>
  Promise.all(nodes.filter((node) => node.running()).map(oursAt))
const everyNodeOnce = async () => (await counts()).every((count) => count === 1)

describe('a cluster', () => {
  it.each([
    { way: 'directly', hops: 0 },
    { way: 'through SSH', hops: 1 },
  ])('is watched $way over one connection to each node, learned from one that is named', async ({ hops }) => {
    const seeds = [{ port: await closedPort() }, ...cluster.nodes.slice(2, 3)]
    const profile = { ...watched(seeds), ...(hops === 0 ? {} : { ssh: { hops: [hopOf(bastion)] } }) }
    const reach = kit.reach(profile)
    const { nodes, members } = await until(async () => {
      const seen = await reach.redis('cache').nodes(soon())
      return seen.nodes.length === 6 && seen
    })
    await Promise.all(nodes.map((node) => node.command('PING', [], soon())))
    expect(new Set(nodes.map(({ name }) => name))).toEqual(
      new Set(cluster.nodes.map(({ port }) => `127.0.0.1:${port}`)),
    )
    expect(members?.filter(({ role }) => role === 'primary').reduce((sum, { slots }) => sum + slots, 0)).toBe(
      16_384,
    )
    expect(await counts()).toEqual([1, 1, 1, 1, 1, 1])
    expect(reach.connection().hops.slice(hops)).toMatchObject([
      { hop: `Redis cluster 127.0.0.1:${seeds[0]?.port}`, status: 'CONNECTED' },
    ])
    await reach.close()
    await until(async () => (await counts()).every((count) => count === 0))
  })

  it('is told as one: sums of what is spread, the worst of what is not, each node as evidence', async () => {
    const [first] = cluster.nodes
    const writer = await first?.connect()
    const keys: string[] = []
    for (let n = 0; n < 60; n += 1) {
      await writer?.set(`key${n}`, 'x').then(
        () => keys.push(`key${n}`),
        () => {},
      )
    }
    writer?.disconnect()
    const watching = watch(redis, kit.profile(watched()), kit.reach(watched()))
    const seen = await until(async () => {
      const look = await watching.look()
      return look.status === 'HEALTHY' && look.values.redis_operations_per_second !== null && look
    })
    expect(seen.reason).toMatchObject({ code: 'redis-healthy-cluster', params: { nodes: 6, primaries: 3 } })
    expect(keys.length).toBeGreaterThan(0)
    expect(seen.values.redis_keys_total).toBe(keys.length)
    const nodes = seen.evidence?.redisNodes ?? []
    expect(nodes.map(({ state }) => state)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'ok'])
    expect(seen.values.redis_memory_used_bytes).toBe(
      nodes.reduce((sum, one) => sum + (one.memoryBytes ?? 0), 0),
    )
    expect(seen.values.redis_latency_ms).toBe(Math.max(...nodes.map(({ latencyMs }) => latencyMs ?? 0)))
    expect(seen.values.redis_connected_clients).toBeGreaterThanOrEqual(6)
  })

  it('tells what is no cluster, and credentials that no node takes are sent to one node alone', async () => {
    const single = await startRedis({ password: cluster.password })
    try {
      const failure = await failureOf(
        kit
          .reach(watched([single]))
          .redis('cache')
          .nodes(soon()),
      )
      expect(failure).toMatchObject({ code: 'redis-not-a-cluster', recovery: 'person' })
    } finally {
      await single.stop()
    }
    const before = await refusedLogins()
    kit.secrets.set('redis', 'wrong')
    const reach = kit.reach(watched(cluster.nodes))
    expect(await failureOf(reach.redis('cache').nodes(soon()))).toMatchObject({
      code: 'redis-password-wrong',
    })
    expect(reach.connection().status).toBe('REFUSED')
    expect((await refusedLogins()) - before).toBe(1)
    kit.secrets.set('redis', cluster.password)
    reach.retry()
    expect(await reach.redis('cache').command('PING', [], soon())).toBe('PONG')
  })

  it('names a node that hangs, one that is killed, and what nobody serves; and is well again by itself', async () => {
    const [, victim] = cluster.nodes
    if (victim === undefined) throw new Error('there are six')
    const reach = kit.reach(watched())
    const watching = watch(redis, kit.profile(watched()), reach)
    const lookUntil = (code: string, timeoutMs = 30_000) =>
      until(
        async () => {
          const look = await watching.look()
          return look.reason.code === code && look
        },
        { timeoutMs, what: code },
      )
    await lookUntil('redis-healthy-cluster')
    const name = `127.0.0.1:${victim.port}`

    // It hangs: the replica takes over, and the node is down by the word of the others.
    victim.freeze()
    const hung = await lookUntil('redis-cluster-nodes-down')
    expect(hung).toMatchObject({ status: 'WARNING', reason: { params: { count: 1, nodes: name } } })
    expect(hung.evidence?.redisNodes?.[0]).toMatchObject({ name, state: 'failed', memoryBytes: null })
    expect(hung.values.redis_connected).toBe(1)
    expect(hung.values.redis_keys_total).not.toBeNull()
    victim.thaw()
    await lookUntil('redis-healthy-cluster', 60_000)
    await until(everyNodeOnce)

    // A replica is killed: nothing is lost but the replica.
    await victim.kill()
    const killed = await lookUntil('redis-cluster-nodes-down')
    expect(killed.reason.params.nodes).toBe(name)
    const down = reach.connection().hops.find(({ hop }) => hop === `Redis ${name}`)
    expect(down?.error?.on).toBe('target')

    // And so is the primary that it followed: its slots are nobody's.
    const primary = await primaryOf(victim)
    await primary.kill()
    const failing = await lookUntil('redis-cluster-failing')
    expect(failing.status).toBe('CRITICAL')
    expect(failing.reason.params.slots).toBeGreaterThan(5_000)
    await Promise.all([victim.restart(), primary.restart()])
    await lookUntil('redis-healthy-cluster', 60_000)
    await until(everyNodeOnce)
  }, 180_000)

  it('follows when nodes leave, and comes back by itself after all of them were down', async () => {
    const small = await startRedisCluster({ replicas: 0 })
    try {
      const reach = kit.reach(watched(small.nodes))
      const watching = watch(redis, kit.profile(watched(small.nodes)), reach)
      const isWell = async () => (await watching.look()).status === 'HEALTHY'
      await until(isWell)
      await Promise.all(small.nodes.map((node) => node.kill()))
      const down = await until(async () => {
        const look = await watching.look()
        return look.status === 'DISCONNECTED' && look
      })
      expect(['tcp-refused', 'redis-connection-lost']).toContain(down.reason.code)
      expect(down.values.redis_connected).toBe(0)
      await Promise.all(small.nodes.map((node) => node.restart()))
      await until(isWell, { timeoutMs: 40_000 })
      expect(await counts(small.nodes)).toEqual([1, 1, 1])
    } finally {
      await small.stop()
    }
  }, 90_000)
})

/** Logins that the nodes refused since they started. */
async function refusedLogins(): Promise<number> {
  const all = await Promise.all(
    cluster.nodes.map(async (node) => {
      const client = await node.connect()
      try {
        return Number(/errorstat_WRONGPASS:count=(\d+)/.exec(await client.info('errorstats'))?.[1] ?? 0)
      } finally {
        client.disconnect()
      }
    }),
  )
  return all.reduce((sum, one) => sum + one, 0)
}

/** The running server that took a killed one's slots over, by the word of another. */
async function primaryOf(killed: RedisServer): Promise<RedisServer> {
  const index = cluster.nodes.indexOf(killed)
  const successor = cluster.nodes[index + 3]
  if (successor === undefined) throw new Error('primaries have their replicas three further on')
  return successor
}
