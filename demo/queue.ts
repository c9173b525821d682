/**
 * A Celery queue as kombu keeps it in Redis, filled in bursts and drained by one worker that takes its time:
 * https://docs.celeryq.dev/projects/kombu/en/stable/reference/kombu.transport.redis.html
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { RedisServer } from './servers/redis.ts'

export const QUEUE = 'invoices'
const SEPARATOR = '\u0006\u0016'
/** As kombu takes them: the first list that holds anything. */
const PRIORITIES = [0, 3, 6, 9] as const
const LISTS = PRIORITIES.map((priority) => (priority === 0 ? QUEUE : `${QUEUE}${SEPARATOR}${priority}`))

const BURST = 6
const BURST_EVERY_MS = 9_000
const WORK_MS = 1_200
/** A queue that nobody drains is not filled for ever. */
const MOST = 2_000

export interface DemoQueue {
  /** The worker hangs in a task, and takes no further one. */
  hang(): void
  /** It goes on. */
  goOn(): void
  /** How many messages wait. */
  length(): Promise<number>
  stop(): Promise<void>
}

export function startQueue(redis: Pick<RedisServer, 'connect'>): DemoQueue {
  const stopping = new AbortController()
  const { signal } = stopping
  let isHanging = false
  let longest = 0
  const publisher = repeat(redis, signal, async (client) => {
    // Not asked each time: an empty list is a lookup that misses, and the hit rate is the service's to tell.
    if (longest < MOST || (await lengthOf(client)) < MOST) {
      longest = 0
      for (let one = 0; one < BURST; one += 1) longest = Math.max(longest, await publish(client))
    }
    await delay(BURST_EVERY_MS, undefined, { signal })
  })
  const work = async (client: Redis) => {
    const taken = isHanging ? null : await take(client)
    await delay(taken === null ? WORK_MS / 4 : WORK_MS, undefined, { signal })
    // A task that hangs is never acknowledged.
    while (taken !== null && isHanging) await delay(WORK_MS / 4, undefined, { signal })
    if (taken !== null) await client.multi().hdel('unacked', taken).zrem('unacked_index', taken).exec()
  }
  // What it had taken when its connection broke is given up: nobody would acknowledge it any more.
  const worker = repeat(redis, signal, work, (client) => client.del('unacked', 'unacked_index'))
  return {
    hang() {
      isHanging = true
    },
    goOn() {
      isHanging = false
    },
    async length() {
      const client = await redis.connect()
      try {
        return await lengthOf(client)
      } finally {
        client.disconnect()
      }
    },
    async stop() {
      stopping.abort()
      await Promise.all([publisher, worker])
    },
  }
}

/** Over and over, on a connection of its own, which is made anew where it was lost. */
async function repeat(
  redis: Pick<RedisServer, 'connect'>,
  signal: AbortSignal,
  work: (client: Redis) => Promise<void>,
  begin: (client: Redis) => Promise<unknown> = async () => {},
): Promise<void> {
  while (!signal.aborted) {
    let client: Redis | null = null
    try {
      client = await redis.connect()
      await begin(client)
      while (!signal.aborted) await work(client)
    } catch {
      // Redis is stopped, or refuses writes, as faults have it.
      await delay(WORK_MS, undefined, { signal }).catch(() => {})
    } finally {
      client?.disconnect()
    }
  }
}

async function lengthOf(client: Redis): Promise<number> {
  const lengths = await Promise.all(LISTS.map((list) => client.llen(list)))
  return lengths.reduce((sum, length) => sum + length, 0)
}

/** @returns how long the list is now that it is in */
async function publish(client: Redis): Promise<number> {
  const at = Math.floor(Math.random() * PRIORITIES.length)
  const id = randomUUID()
  const order = 1 + Math.floor(Math.random() * 5_000)
  const body = JSON.stringify([[order], {}, { callbacks: null, errbacks: null, chain: null, chord: null }])
  const message = {
    body: Buffer.from(body).toString('base64'),
    'content-encoding': 'utf-8',
    'content-type': 'application/json',
    headers: {
      lang: 'py',
      task: 'invoices.send',
      id,
      root_id: id,
      parent_id: null,
      retries: 0,
      argsrepr: `(${order},)`,
    },
    properties: {
      correlation_id: id,
      delivery_mode: 2,
      delivery_info: { exchange: '', routing_key: QUEUE },
      priority: PRIORITIES[at] ?? 0,
      body_encoding: 'base64',
      delivery_tag: randomUUID(),
    },
  }
  return client.lpush(LISTS[at] ?? QUEUE, JSON.stringify(message))
}

/** The tag of a message that is taken and not acknowledged yet; `null` where none waits. */
async function take(client: Redis): Promise<string | null> {
  for (const list of LISTS) {
    const text = await client.rpop(list)
    if (text === null) continue
    const { properties } = JSON.parse(text) as { properties: { delivery_tag: string } }
    const { delivery_tag: tag } = properties
    const kept = JSON.stringify([JSON.parse(text), '', list])
    await client
      .multi()
      .zadd('unacked_index', Date.now() / 1_000, tag)
      .hset('unacked', tag, kept)
      .exec()
    return tag
  }
  return null
}
