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

/** Some 4 MiB a second into 16 MiB: whatever nobody looked at for a few seconds is gone. */
const FLOOD_BATCH = 400
const FLOOD_BYTES = 1 << 10
const FLOOD_EVERY_MS = 100

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

/** The one worker hangs in a task that it took; what is queued waits. */
export const queueStuck: Fault = {
  async begin({ name, queue }) {
    if (queue === null) throw new FaultRefused(`${name} has no queue; billing has one`)
    queue.hang()
    const before = await queue.length()
    await waitUntil('a longer queue', async () => (await queue.length()) > before, 30_000)
  },
  async end({ queue }) {
    if (queue === null) return
    const before = await queue.length()
    queue.goOn()
    await waitUntil('a shorter queue', async () => before === 0 || (await queue.length()) < before, 30_000)
  },
}

/** Something that nobody bounded fills the cache; what the service had in it is evicted, again and again. */
export function createEvictions(): Fault & { release(): void } {
  const floods = new Map<string, () => void>()

  async function flood(deployment: DemoDeployment): Promise<() => void> {
    const client = await deployment.redis.connect()
    let stopped = false
    const next = async (batch: number): Promise<void> => {
      if (stopped) return
      const pipeline = client.pipeline()
      for (let one = 0; one < FLOOD_BATCH; one += 1)
        pipeline.set(`flood:${batch}:${one}`, randomBytes(FLOOD_BYTES))
      await pipeline.exec()
      setTimeout(() => void next(batch + 1).catch(() => {}), FLOOD_EVERY_MS)
    }
    client.on('error', () => {})
    await next(0)
    return () => {
      stopped = true
      client.disconnect()
    }
  }

  return {
    async begin(deployment) {
      await withRedis(deployment, async (client) => {
        const evicted = async () => Number(/evicted_keys:(\d+)/.exec(await client.info('stats'))?.[1])
        const before = await evicted()
        // Under LRU what is popular would stay.
        await client.config('SET', 'maxmemory-policy', 'allkeys-random')
        if (!floods.has(deployment.name)) floods.set(deployment.name, await flood(deployment))
        await deployment.tellService('costly-misses', true)
        await waitUntil('keys that were evicted', async () => (await evicted()) > before, 30_000)
      })
    },
    async end(deployment) {
      floods.get(deployment.name)?.()
      floods.delete(deployment.name)
      await deployment.tellService('costly-misses', false)
      await withRedis(deployment, async (client) => {
        await client.config('SET', 'maxmemory-policy', POLICY)
        for await (const keys of client.scanStream({ match: 'flood:*', count: 1_000 })) {
          if (keys.length > 0) await client.unlink(...keys)
        }
      })
    },
    release() {
      for (const stop of floods.values()) stop()
      floods.clear()
    },
  }
}

/** A client for some work. Throws `FaultRefused` where Redis is stopped. */
export async function withRedis(
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
