/** A Redis cluster: primaries that share the hash slots, each with replicas. */
import type { Redis } from 'ioredis'
import { waitUntil } from '../wait-until.ts'
import { freePort } from './free-port.ts'
import { type RedisServer, startRedis } from './redis.ts'

const SLOTS = 16_384

export interface ClusterOptions {
  /** 3 where it is left out. */
  readonly primaries?: number
  /** Of each primary; 1 where it is left out. */
  readonly replicas?: number
  /** Further lines of the nodes' `redis.conf`. */
  readonly config?: Readonly<Record<string, string | number>>
  /** The path of the server's program; the system's where it is left out. */
  readonly program?: string
  /** Whether the nodes choose the port of their bus, as from 7.0 on; before it is their own and ten thousand. */
  readonly choosesBusPort?: boolean
}

export interface RedisClusterServers {
  readonly password: string
  /** The primaries as they were at the start, then the replicas, in the same order. */
  readonly nodes: readonly RedisServer[]
  stop(): Promise<void>
}

/** Starts the nodes, joins them, and waits until each sees the cluster whole. */
export async function startRedisCluster(options: ClusterOptions = {}): Promise<RedisClusterServers> {
  const { primaries = 3, replicas = 1, config = {}, program, choosesBusPort = true } = options
  const password = 'cluster-password'
  const started: RedisServer[] = []
  const clients: Redis[] = []
  const stop = async (): Promise<void> => {
    for (const client of clients.splice(0)) client.disconnect()
    await Promise.all(started.map((server) => server.stop()))
  }
  try {
    await Promise.all(
      Array.from({ length: primaries * (1 + replicas) }, async () => {
        const busPort = choosesBusPort ? { 'cluster-port': await freePort() } : {}
        const node = await startRedis({
          program,
          password,
          config: {
            masterauth: password,
            'cluster-enabled': 'yes',
            'cluster-config-file': 'nodes.conf',
            'cluster-node-timeout': 1_000,
            ...busPort,
            'repl-diskless-sync-delay': 0,
            ...config,
          },
        })
        started.push(node)
        return node
      }),
    )
    const nodes = [...started]
    clients.push(...(await Promise.all(nodes.map((node) => node.connect()))))
    const [first] = clients
    if (first === undefined) throw new Error('a cluster has nodes')

    for (const [index, client] of clients.entries()) {
      await client.call('CLUSTER', ['SET-CONFIG-EPOCH', index + 1])
      if (index >= primaries) continue
      const from = Math.floor((SLOTS * index) / primaries)
      const to = Math.floor((SLOTS * (index + 1)) / primaries) - 1
      // All versions know it; `ADDSLOTSRANGE` came with 7.
      await client.call('CLUSTER', [
        'ADDSLOTS',
        ...Array.from({ length: to - from + 1 }, (_, slot) => from + slot),
      ])
    }
    for (const [index, node] of nodes.entries()) {
      if (index === 0) continue
      const answer: unknown = await clients[index]?.config('GET', 'cluster-port')
      const busPort: unknown[] = Array.isArray(answer) && answer.length === 2 ? [String(answer[1])] : []
      await first.call('CLUSTER', ['MEET', '127.0.0.1', node.port, ...busPort.map(String)])
    }
    const everyone = (check: (client: Redis) => Promise<boolean>, what: string) =>
      waitUntil(what, async () => (await Promise.all(clients.map(check))).every(Boolean), 30_000)
    await everyone(
      async (client) => (await lines(client)).length === nodes.length,
      'the nodes knowing each other',
    )
    for (const [index, client] of clients.entries()) {
      if (index < primaries) continue
      const id = String(await clients[index % primaries]?.call('CLUSTER', ['MYID']))
      await client.call('CLUSTER', ['REPLICATE', id])
    }
    await everyone(isWhole, 'the cluster being whole')
    for (const client of clients.splice(0)) client.disconnect()

    async function isWhole(client: Redis): Promise<boolean> {
      const all = await lines(client)
      const info = String(await client.call('CLUSTER', ['INFO']))
      const replication = await client.info('replication')
      return (
        all.filter((line) => line.includes('slave')).length === nodes.length - primaries &&
        info.includes('cluster_state:ok') &&
        !replication.includes('master_link_status:down')
      )
    }
    return { password, nodes, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** What a node says of those it knows, without those that are still shaking hands. */
async function lines(client: Redis): Promise<string[]> {
  const text = String(await client.call('CLUSTER', ['NODES']))
  return text.split('\n').filter((line) => line !== '' && !line.includes('handshake'))
}
