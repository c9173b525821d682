/** What a profile's Redis URL says: where, as whom, which database, and whether over TLS. */
import type { Redis } from '#shared/model/profile/redis.ts'
import { bareHost } from '../bare-host.ts'
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
  const { hostname, port } = new URL(redis.url)
  return { hop: `Redis ${hostname}:${port === '' ? 6379 : port}`, on: 'target' }
}

export function redisAddress(redis: Pick<Redis, 'url'>): RedisAddress {
  const url = new URL(redis.url)
  const database = Number(url.pathname.slice(1))
  return {
    host: bareHost(url.hostname),
    port: url.port === '' ? 6379 : Number(url.port),
    user: url.username === '' ? null : decodeURIComponent(url.username),
    database: Number.isInteger(database) ? database : 0,
    tls: url.protocol === 'rediss:',
  }
}
