/** What a person asks a Redis for. */
import type { Engine } from '../engine/engine.ts'
import { NotWatched } from '../engine/inspect/not-watched.ts'
import type { AskedRedis } from '../engine/inspect/redis/create-inspection.ts'
import { deploymentOf } from './deployment-views.ts'
import type { Procedures } from './procedures.ts'
import { Refusal } from './refusal.ts'

const NEVER = new AbortController().signal

interface Named {
  readonly name: string
  readonly target: string
  readonly node?: string | undefined
}

export function implementRedisServer({ redisServer }: Procedures, engine: Engine) {
  /** @throws Refusal, or NotWatched, where there is nothing to ask */
  function askedOf({ name, target, node }: Named): AskedRedis {
    const { profile, paused } = deploymentOf(engine, name)
    const names = profile.redis.map((one) => one.name)
    if (!names.includes(target)) {
      const params = { deployment: name, name: target, names: names.join(', ') || '—' }
      throw new Refusal('NOT_FOUND', 'no-redis', params, { what: 'redis', name: target })
    }
    if (paused) throw new NotWatched(name, 'paused')
    return { deployment: name, target, node }
  }

  /** @throws Refusal where the cluster has no such node */
  function ofNode<Answer>(answer: Answer | 'unknown-node', { target, node = '' }: Named): Answer {
    if (answer !== 'unknown-node') return answer as Answer
    throw new Refusal('NOT_FOUND', 'no-redis-node', { name: target, node }, { what: 'node', name: node })
  }

  return {
    overview: redisServer.overview.handler(async ({ input, signal = NEVER }) =>
      ofNode(await engine.redis.overview(askedOf(input), signal), input),
    ),
    slowLog: redisServer.slowLog.handler(async ({ input, signal = NEVER }) =>
      ofNode(await engine.redis.slowLog(askedOf(input), signal), input),
    ),
    clients: redisServer.clients.handler(async ({ input, signal = NEVER }) =>
      ofNode(await engine.redis.clients(askedOf(input), signal), input),
    ),
    memory: redisServer.memory.handler(async ({ input, signal = NEVER }) => {
      const memory = ofNode(await engine.redis.memory(askedOf(input), signal), input)
      if (memory === 'replica') {
        const { node = '' } = input
        throw new Refusal('WRONG_STATE', 'redis-node-replica', { node }, { reason: 'replica' })
      }
      return memory
    }),
    revealCommand: redisServer.revealCommand.handler(async ({ input, signal = NEVER }) => {
      const { entry, at } = input
      const revealed = ofNode(await engine.redis.revealCommand(askedOf(input), { entry, at }, signal), input)
      if (revealed === 'gone') {
        throw new Refusal('NOT_FOUND', 'no-slow-command', { entry }, { what: 'entry', name: String(entry) })
      }
      return revealed
    }),
    revealKeys: redisServer.revealKeys.handler(({ input }) => {
      const { prefix } = input
      const revealed = engine.redis.revealKeys(askedOf(input), prefix)
      if (revealed === 'gone') {
        throw new Refusal('NOT_FOUND', 'no-sample', { prefix }, { what: 'sample', name: prefix })
      }
      return revealed
    }),
  }
}
