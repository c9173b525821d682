/** What the tests of Redis' questions share: an inspection on a real server, over a real reach. */
import type { Redis } from 'ioredis'
import { onTestFinished } from 'vitest'
import { type RedisServer, startRedis } from '../../../demo/servers/redis.ts'
import { systemClock } from '../../../src/main/engine/clock.ts'
import {
  createRedisInspection,
  type RedisInspection,
} from '../../../src/main/engine/inspect/redis/create-inspection.ts'
import { until } from '../../support/until.ts'
import { createKit } from '../reach/reach-kit.ts'

export const NEVER = new AbortController().signal
export const CACHE = { deployment: 'shop', target: 'cache' }

export interface Inspected {
  readonly inspection: RedisInspection
  readonly server: RedisServer
  readonly client: Redis
}

/** A server of its own, and an inspection of it as `user`, who is the administrator where it is left out. */
export async function inspectNewRedis({
  config,
  program,
  user,
}: {
  config?: Readonly<Record<string, string | number>>
  program?: string | undefined
  user?: { readonly name: string; readonly rules: readonly string[] }
} = {}): Promise<Inspected> {
  const server = await startRedis({ config: config ?? {}, program })
  onTestFinished(() => server.stop())
  const client = await server.connect()
  onTestFinished(() => client.disconnect())
  if (user !== undefined) {
    await client.call('ACL', ['SETUSER', user.name, 'on', `>${server.password}`, ...user.rules])
  }
  const as = user === undefined ? '' : `${user.name}@`
  const inspection = await inspect(`redis://${as}127.0.0.1:${server.port}/0`, server.password)
  return { inspection, server, client }
}

export async function inspect(url: string, password: string, cluster = false): Promise<RedisInspection> {
  const kit = await createKit()
  kit.secrets.set('watch', password)
  const reach = kit.reach({ redis: [{ name: CACHE.target, url, password: 'secret:watch', cluster }] })
  const inspection = createRedisInspection({
    serversOf: () => [{ ...CACHE, address: url, queues: ['celery'] }],
    reachOf: () => reach,
    clock: systemClock,
  })
  onTestFinished(() => inspection.stop())
  return inspection
}

/** The answer of a question that is expected to have one. */
export async function answered<Answer>(answer: Promise<Answer | string>): Promise<Answer> {
  const value = await answer
  if (typeof value === 'string') throw new Error(`the answer is "${value}"`)
  return value
}

/** Asks again until the answer is as expected: the same within a second is the same answer. */
export async function eventually<Answer>(
  ask: () => Promise<Answer>,
  isExpected: (answer: Answer) => boolean,
): Promise<Answer> {
  const { found } = await until(async () => {
    const answer = await ask()
    return isExpected(answer) ? { found: answer } : null
  })
  return found
}
