/** The Redis of a profile, watched over as few connections as there are servers: one each, kept open. */
import type { ConnectionHop } from '#shared/model/connection.ts'
import { failed, type Place } from '../failed.ts'
import type { RedisSession } from '../reach.ts'
import type { ReachedRedis } from '../reached.ts'
import type { Endpoint } from '../way.ts'
import { endpointName, redisAddress, redisPlace, serverPlace } from './address.ts'
import { createClusterSession } from './cluster.ts'
import { openRedis } from './connection.ts'
import { createNode, type NodeDependencies, type OpenServer, type SupervisedNode } from './node.ts'
import { findPrimary, openPrimary, type Sentinels, sentinelsOf, watchPrimary } from './sentinel.ts'

export interface SupervisedRedis {
  readonly session: RedisSession
  /** What there is of it on the way: one server, or a cluster and those of its nodes that are not reached. */
  states(): ConnectionHop[]
  retry(): void
  wayIsUp(): void
  close(): Promise<void>
}

export function createRedisSession({
  redis,
  ...dependencies
}: NodeDependencies & { redis: ReachedRedis }): SupervisedRedis {
  const place = redisPlace(redis)
  if (redis.cluster) return createClusterSession({ ...dependencies, place, address: redisAddress(redis) })
  return redis.sentinel === undefined
    ? oneServer(redis, place, dependencies)
    : throughSentinels(redis, redis.sentinel.primary, place, dependencies)
}

function oneServer(redis: ReachedRedis, place: Place, dependencies: NodeDependencies): SupervisedRedis {
  const { endpoints, login } = redisAddress(redis)
  const [endpoint] = endpoints
  if (endpoint === undefined) throw new TypeError('the model lets no URL without an address through')
  const name = endpointName(endpoint)
  const node = createNode({
    ...dependencies,
    place,
    name,
    open: async (signal): Promise<OpenServer> => ({
      connection: await openRedis({ endpoint, login, place }, dependencies, signal),
      place,
      name,
      release: () => Promise.resolve(),
    }),
  })
  return alone(node, () => {})
}

/** Its one connection is to the primary; the sentinels are asked on short ones, again and again. */
function throughSentinels(
  redis: ReachedRedis,
  primary: string,
  place: Place,
  dependencies: NodeDependencies,
): SupervisedRedis {
  const address = redisAddress(redis)
  const sentinels = sentinelsOf(primary, address)
  /** The one that answered the last time is asked first: each that is dead in front of it costs seconds. */
  let answered: Endpoint | null = null
  const inOrder = (): Sentinels => {
    const others = sentinels.endpoints.filter((endpoint) => endpoint !== answered)
    return { ...sentinels, endpoints: answered === null ? others : [answered, ...others] }
  }
  const node = createNode({
    ...dependencies,
    place,
    name: primary,
    open: (signal) =>
      findPrimary(inOrder(), dependencies, place, signal, async (found): Promise<OpenServer> => {
        const name = endpointName(found.endpoint)
        const { hop } = serverPlace(found.endpoint)
        const at: Place = {
          hop: `${hop} (${primary} via sentinel ${endpointName(found.sentinel)})`,
          on: 'target',
        }
        const connection = await openPrimary(
          primary,
          { ...found, login: address.login, place: at },
          dependencies,
          signal,
        )
        answered = found.sentinel
        const watch = watchPrimary(sentinels, found, dependencies, (moved) =>
          connection.cut(
            failed(at, 'protocol', 'redis-primary-moved', { primary, server: endpointName(moved) }),
          ),
        )
        return { connection, place: at, name, release: watch.stop }
      }),
  })
  return alone(node, () =>
    node.cut(failed(place, 'protocol', 'redis-connection-lost', { words: 'it is no primary any more' })),
  )
}

function alone(supervised: SupervisedNode, doubt: () => void): SupervisedRedis {
  const { node } = supervised
  const member = {
    get name() {
      return node.name
    },
    get latencyMs() {
      return node.latencyMs
    },
    command: node.command,
    member: null,
  }
  return {
    session: {
      get name() {
        return node.name
      },
      get latencyMs() {
        return node.latencyMs
      },
      command: node.command,
      nodes: () => Promise.resolve({ nodes: [member], members: null }),
      doubt,
    },
    states: () => [supervised.state()],
    retry: supervised.retry,
    wayIsUp: supervised.wayIsUp,
    close: supervised.close,
  }
}
