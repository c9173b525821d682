/** What a profile's Redis URL says: where, as whom, which database, and whether over TLS. */
import type { Redis } from '#shared/model/deployment.ts'
import type { Place } from '../failed.ts'

export interface RedisAddress {
  readonly host: string
  readonly port: number
  /** `null`: the default user. */
  readonly user: string | null
  readonly database: number
  readonly tls: boolean
}

export function redisPlace(redis: Pick<Redis, 'url'>): Place {
  const { host, port } = redisAddress(redis)
  return { hop: `Redis ${host.includes(':') ? `[${host}]` : host}:${port}`, on: 'target' }
}

export function redisAddress(redis: Pick<Redis, 'url'>): RedisAddress {
  const url = new URL(redis.url)
  const database = Number(url.pathname.slice(1))
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 6379 : Number(url.port),
    user: url.username === '' ? null : decodeURIComponent(url.username),
    database: Number.isInteger(database) ? database : 0,
    tls: url.protocol === 'rediss:',
  }
}
