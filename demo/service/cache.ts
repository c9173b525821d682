/** The service's cache in Redis. Without Redis it serves on, from the database alone. */
import { Redis } from 'ioredis'
import type { ServiceSettings } from './settings.ts'

export interface Cache {
  readonly redis: Redis
  /** The cached value, or `load`'s, cached for `seconds`. */
  through<T>(key: string, seconds: number, load: () => Promise<T>): Promise<T>
  drop(key: string): Promise<void>
  close(): void
}

export function createCache(settings: ServiceSettings): Cache {
  const redis = new Redis({
    host: '127.0.0.1',
    ...settings.redis,
    connectionName: `${settings.name}-api`,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    commandTimeout: 500,
    connectTimeout: 1_000,
    retryStrategy: (attempt) => Math.min(50 * attempt, 500),
  })
  redis.on('error', () => {})
  const quietly = async <T>(command: () => Promise<T>): Promise<T | null> => {
    try {
      return await command()
    } catch {
      return null
    }
  }
  return {
    redis,
    async through<T>(key: string, seconds: number, load: () => Promise<T>): Promise<T> {
      const cached = await quietly(() => redis.get(key))
      if (cached !== null) return JSON.parse(cached) as T
      const value = await load()
      if (value !== null) await quietly(() => redis.set(key, JSON.stringify(value), 'EX', seconds))
      return value
    },
    async drop(key) {
      await quietly(() => redis.del(key))
    },
    close: () => redis.disconnect(),
  }
}
