/** What a profile says of a Redis: which servers to dial, as whom, and over what. */
import type { SecretReference } from '#shared/model/profile/fields.ts'
import { readRedisUrl } from '#shared/model/profile/redis-url.ts'
import type { Tls } from '#shared/model/profile/tls.ts'
import type { Place } from '../failed.ts'
import type { ReachedRedis } from '../reached.ts'
import type { Endpoint } from '../way.ts'

const REDIS_PORT = 6379
const SENTINEL_PORT = 26379

/** Who we are to a server, and how it is spoken to. */
export interface RedisLogin {
  /** `null`: the default user. */
  readonly user: string | null
  readonly password: SecretReference | null
  readonly database: number
  /** `null`: without TLS. */
  readonly tls: { readonly terms: Tls | undefined } | null
}

export interface RedisAddress {
  /** What the URL names: the server, the sentinels, or nodes of the cluster; at least one. */
  readonly endpoints: readonly Endpoint[]
  readonly login: RedisLogin
  /** The sentinels' own login; `null` where there are none. */
  readonly sentinelLogin: RedisLogin | null
}

export function redisAddress(redis: ReachedRedis): RedisAddress {
  const url = readRedisUrl(redis.url)
  if ('fault' in url) throw new TypeError('the model lets no such URL through')
  const { servers, socket, user, database } = url
  const { sentinel } = redis
  const standard = sentinel === undefined ? REDIS_PORT : SENTINEL_PORT
  const tls = url.tls ? { terms: redis.tls } : null
  return {
    endpoints:
      socket === null
        ? servers.map(({ host, port }) => ({ host, port: port ?? standard }))
        : [{ path: socket }],
    login: { user, password: redis.password ?? null, database, tls },
    sentinelLogin:
      sentinel === undefined
        ? null
        : {
            user: sentinel.user ?? null,
            password: sentinel.password ?? null,
            database: 0,
            tls: (sentinel.encrypted ?? url.tls) ? { terms: sentinel.tls ?? redis.tls } : null,
          },
  }
}

/** `HOST:PORT`, or a socket's path. */
export function endpointName(endpoint: Endpoint): string {
  if ('path' in endpoint) return endpoint.path
  const { host, port } = endpoint
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** How people name the whole of it; of several addresses the first stands for all. */
export function redisPlace(redis: ReachedRedis): Place {
  const { endpoints } = redisAddress(redis)
  const [first] = endpoints
  const at = first === undefined ? '' : endpointName(first)
  const name =
    redis.sentinel !== undefined
      ? `${redis.sentinel.primary} via sentinel ${at}`
      : redis.cluster
        ? `cluster ${at}`
        : at
  return { hop: `Redis ${name}`, on: 'target' }
}

export function serverPlace(endpoint: Endpoint): Place {
  return { hop: `Redis ${endpointName(endpoint)}`, on: 'target' }
}

export function sentinelPlace(endpoint: Endpoint): Place {
  return { hop: `Redis sentinel ${endpointName(endpoint)}`, on: 'target' }
}
