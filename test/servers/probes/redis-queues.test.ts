/** Celery's queues on a real Redis, with messages as kombu puts them there. */
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type RedisServer, startRedis } from '../../../demo/servers/redis.ts'
import { redis } from '../../../src/main/engine/probes/redis/index.ts'
import { until } from '../../support/until.ts'
import { createKit } from '../reach/reach-kit.ts'
import { watch } from './probe-kit.ts'

const A_SECRET = 'ivan@example.org'
const LENGTH = 'queue_length{queue="celery"}'
const OLDEST = 'queue_oldest_seconds{queue="celery"}'

let server: RedisServer
let client: Redis
beforeAll(async () => {
  server = await startRedis()
  client = await server.connect()
})
beforeEach(() => client.flushall())
afterAll(async () => {
  client?.disconnect()
  await server?.stop()
})

async function watcher({ user, queues = ['celery'] }: { user?: string; queues?: string[] } = {}) {
  const kit = await createKit()
  kit.secrets.set('redis', server.password)
  const url = `redis://${user === undefined ? '' : `${user}@`}127.0.0.1:${server.port}/0`
  const profile = { redis: [{ name: 'broker', url, password: 'secret:redis', queues }] }
  return watch(redis, kit.profile(profile), kit.reach(profile))
}

function message(tag: string, sentAt: number | null = null): string {
  return JSON.stringify({
    body: Buffer.from(JSON.stringify([[A_SECRET], {}, {}])).toString('base64'),
    headers: { id: tag, task: 'mail.send', argsrepr: `('${A_SECRET}',)` },
    properties: { delivery_tag: tag, ...(sentAt !== null && { timestamp: sentAt / 1_000 }) },
  })
}

it('knows how long each queue is with its priorities, and shows nothing of a message', async () => {
  await client.lpush('celery', message('a'), message('b'))
  await client.lpush('celery\u0006\u00169', message('c'))
  await client.hset('unacked', 'd', message('d'))
  await client.zadd('unacked_index', Date.now() / 1_000 - 100, 'd')
  const observation = await (await watcher({ queues: ['celery', 'mail'] })).look()
  expect(observation.status).toBe('HEALTHY')
  expect(observation.values).toMatchObject({
    [LENGTH]: 3,
    'queue_length{queue="mail"}': 0,
    'queue_oldest_seconds{queue="mail"}': 0,
  })
  expect(observation.evidence?.queues).toMatchObject({
    queues: [
      { queue: 'celery', length: 3, atLeast: true },
      { queue: 'mail', length: 0, atLeast: false },
    ],
    unacked: 1,
  })
  expect(observation.evidence?.queues?.unackedSeconds).toBeGreaterThanOrEqual(100)
  expect(JSON.stringify(observation)).not.toContain('ivan')
  expect(JSON.stringify(observation)).not.toContain('mail.send')
})

it('goes by the message’s own word where it says when it was sent', async () => {
  await client.lpush('celery', message('a', Date.now() - 90_000))
  const { values, evidence } = await (await watcher()).look()
  expect(values[OLDEST]).toBeGreaterThanOrEqual(90)
  expect(values[OLDEST]).toBeLessThan(120)
  expect(evidence?.queues?.queues[0]?.atLeast).toBe(false)
})

it('else counts from when it first saw the message at the end of the queue', async () => {
  await client.lpush('celery', message('a'))
  const watching = await watcher()
  const first = await watching.look()
  const grown = await until(async () => {
    const { values } = await watching.look()
    return (values[OLDEST] ?? 0) > (first.values[OLDEST] ?? 0) + 0.5 && values
  })
  expect(grown[LENGTH]).toBe(1)
  await client.del('celery')
  expect((await watching.look()).values).toMatchObject({ [LENGTH]: 0, [OLDEST]: 0 })
})

it('says what may not be asked, and with which statement it may', async () => {
  const rules = ['on', `>${server.password}`, '+ping', '+info', '+slowlog', '+config|get', '~celery*']
  await client.call('ACL', ['SETUSER', 'watch', ...rules])
  await client.lpush('celery', message('a'))
  const watching = await watcher({ user: 'watch' })
  const { values, evidence } = await watching.look()
  expect(values).toMatchObject({ redis_connected: 1, [LENGTH]: null, [OLDEST]: null })
  expect(evidence?.facts?.grant).toBe('ACL SETUSER watch +llen +hlen +zrange')
})

it('survives a message that is larger than anything it would read', async () => {
  await client.lpush('celery', 'x'.repeat(9 * 2 ** 20))
  const watching = await watcher()
  const { values } = await watching.look()
  expect(values).toMatchObject({ [LENGTH]: 1, [OLDEST]: null })
  const again = await until(async () => {
    const observation = await watching.look()
    return observation.values.redis_connected === 1 && observation
  })
  expect(again.status).toBe('HEALTHY')
  expect(again.values[LENGTH]).toBe(1)
})

it('leaves its own questions out of the hit rate: an empty queue is a key that is not there', async () => {
  await client.set('cached', 'x')
  const watching = await watcher({ queues: ['celery', 'mail'] })
  await watching.look()
  const idle = await watching.look()
  expect(idle.values.redis_hit_rate).toBe(null)
  for (const key of ['cached', 'cached', 'cached', 'missing']) await client.get(key)
  await client.lpush('celery', message('a'))
  expect((await watching.look()).values.redis_hit_rate).toBe(75)
  expect((await watching.look()).values.redis_hit_rate).toBe(null)
  expect((await watching.look()).values.redis_hit_rate).toBe(null)
})
