/** Faults of Redis. */
import { randomBytes } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { DemoDeployment } from '../deployment.ts'
import { FaultRefused } from '../fault-names.ts'
import { waitUntil } from '../wait-until.ts'
import { dependency, type Fault } from './fault.ts'

/** Of `maxmemory`, in percent: beyond the limit of 85, and with room left for what the service writes. */
const FULL = 90
/** As the service was deployed. */
const POLICY = 'allkeys-lru'
const SESSION_BYTES = 32 << 10

export const redisDown: Fault = {
  async begin(deployment) {
    await deployment.redis.halt()
    await waitUntil('the service without Redis', async () => (await dependency(deployment, 'redis')) !== 'ok')
  },
  async end(deployment) {
    if (!deployment.redis.running()) await deployment.redis.restart()
    await waitUntil(
      'the service with Redis again',
      async () => (await dependency(deployment, 'redis')) === 'ok',
    )
  },
}

/** Sessions were given to the cache to keep: nothing may be evicted any more, and they never expire. */
export const redisMemory: Fault = {
  begin: (deployment) =>
    withRedis(deployment, async (client) => {
      await client.config('SET', 'maxmemory-policy', 'noeviction')
      for (let session = 0; (await usage(client)) < FULL; session += 1) {
        await client.set(`session:${session}`, randomBytes(SESSION_BYTES))
      }
    }),
  end: (deployment) =>
    withRedis(deployment, async (client) => {
      await client.config('SET', 'maxmemory-policy', POLICY)
      for await (const keys of client.scanStream({ match: 'session:*', count: 500 })) {
        if (keys.length > 0) await client.unlink(...keys)
      }
      await waitUntil('the memory free again', async () => (await usage(client)) < FULL / 2)
    }),
}

async function withRedis(
  { name, redis }: DemoDeployment,
  work: (client: Redis) => Promise<void>,
): Promise<void> {
  if (!redis.running()) {
    throw new FaultRefused(`Redis of ${name} is stopped, which redis-down does: end that fault first`)
  }
  const client = await redis.connect()
  try {
    await work(client)
  } finally {
    client.disconnect()
  }
}

/** Memory in use, in percent of what it may have. */
async function usage(client: Redis): Promise<number> {
  const info = await client.info('memory')
  const figure = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1])
  return (100 * figure('used_memory')) / figure('maxmemory')
}
