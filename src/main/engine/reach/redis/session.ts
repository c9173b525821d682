/** The one Redis connection of a server, kept open. */
import type { ConnectionHop } from '#shared/model/connection.ts'
import type { Log } from '../../log.ts'
import { remaining, within } from '../deadline.ts'
import { failed } from '../failed.ts'
import { ReachError, type RedisSession } from '../reach.ts'
import { createSupervisor } from '../supervisor.ts'
import { openRedis, type RedisConnection, type RedisDependencies } from './connection.ts'
import { replyFailure } from './failure.ts'

export interface SupervisedRedis {
  readonly session: RedisSession
  state(): ConnectionHop
  retry(): void
  wayIsUp(): void
  close(): Promise<void>
}

export function createRedisSession(
  dependencies: RedisDependencies & { random: () => number; log: Log; onChange: () => void },
): SupervisedRedis {
  const { place, clock, random, log, way, onChange } = dependencies
  let latencyMs: number | null = null
  const supervisor = createSupervisor<RedisConnection>({
    place,
    way,
    clock,
    random,
    log,
    onChange,
    open: async (signal) => {
      const connection = await openRedis(dependencies, signal)
      return { value: connection, ended: connection.ended, close: connection.close }
    },
  })
  return {
    session: {
      get latencyMs() {
        return latencyMs
      },
      async command(name, args, limits) {
        const startedAt = clock.monotonic()
        const connection = await supervisor.get(limits)
        const late = (): ReachError => {
          const why = failed(place, 'protocol', 'redis-answer-missing', {
            command: name,
            seconds: limits.timeoutMs / 1_000,
          })
          // What hangs is answered in order: everything behind it would hang as well.
          connection.cut(why)
          way.suspect()
          return why
        }
        const left = { ...limits, timeoutMs: remaining(clock, startedAt, limits.timeoutMs) }
        const sentAt = clock.monotonic()
        return within(clock, left, late, async () => {
          try {
            const reply = await connection.client.call(name, [...args])
            latencyMs = clock.monotonic() - sentAt
            return reply
          } catch (error) {
            const cut = way.down()
            throw cut === null ? replyFailure(error, name, place) : new ReachError(cut)
          }
        })
      },
    },
    state() {
      const { status, failure } = supervisor.status()
      return { hop: place.hop, kind: 'redis', status, ms: latencyMs, error: failure }
    },
    retry: supervisor.retry,
    wayIsUp: supervisor.wayIsUp,
    close: supervisor.close,
  }
}
