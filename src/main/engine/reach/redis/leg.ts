/** Tests the way to a Redis: the login, and whether the user may run what is watched with. */
import type { Redis } from '#shared/model/profile/redis.ts'
import { within } from '../deadline.ts'
import { failed } from '../failed.ts'
import { QUESTION_TIMEOUT_MS, type TargetLeg } from '../walk.ts'
import { redisAddress, redisPlace } from './address.ts'
import { openRedis } from './connection.ts'
import { replyFailure } from './failure.ts'

const QUESTIONS = [
  ['INFO', 'server'],
  ['SLOWLOG', 'LEN'],
] as const

export function redisLeg(redis: Redis): TargetLeg {
  const place = redisPlace(redis)
  return {
    place,
    planned: [
      ...(redisAddress(redis).tls ? (['tls'] as const) : []),
      'protocol',
      'authentication',
      'privilege',
    ],
    async walk(context, onStep, signal) {
      const connection = await openRedis({ ...context, redis, place }, signal, onStep)
      try {
        for (const [command, argument] of QUESTIONS) {
          await within(
            context.clock,
            { signal, timeoutMs: QUESTION_TIMEOUT_MS },
            () =>
              failed(place, 'protocol', 'redis-answer-missing', {
                command,
                seconds: QUESTION_TIMEOUT_MS / 1_000,
              }),
            () =>
              connection.client.call(command, [argument]).catch((error: unknown) => {
                throw replyFailure(error, command, place)
              }),
          )
        }
        onStep('privilege', QUESTIONS.map(([command]) => command).join(', '))
        return []
      } finally {
        await connection.close()
      }
    },
  }
}
