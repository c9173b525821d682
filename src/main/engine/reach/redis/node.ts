/** One server behind a connection that is kept open: what is asked of it, within limits. */
import type { ConnectionHop } from '#shared/model/connection.ts'
import type { Log } from '../../log.ts'
import { remaining } from '../deadline.ts'
import { failed, type Place } from '../failed.ts'
import { ReachError, type RedisNode } from '../reach.ts'
import { withinWay } from '../silence.ts'
import { createSupervisor, type Opened } from '../supervisor.ts'
import type { RedisConnection, RedisDependencies } from './connection.ts'

export interface NodeDependencies extends RedisDependencies {
  readonly random: () => number
  readonly log: Log
  readonly onChange: () => void
}

export interface SupervisedNode {
  readonly node: RedisNode
  state(): ConnectionHop
  /** Gives up the connection that stands, if one does, for a reason of ours; another is made at once or after a while. */
  cut(why: ReachError): void
  retry(): void
  wayIsUp(): void
  close(): Promise<void>
}

/** What is open, and how it is to be named from now on. */
export interface OpenServer {
  readonly connection: RedisConnection
  readonly place: Place
  readonly name: string
  /** Ends what runs beside the connection; it is closed after that. */
  release(): Promise<void>
}

/**
 * @param place how it is named before anything is open
 * @param open one attempt; throws `ReachError`
 */
export function createNode({
  place,
  name: firstName,
  open,
  way,
  clock,
  random,
  log,
  onChange,
}: NodeDependencies & {
  place: Place
  name: string
  open: (signal: AbortSignal) => Promise<OpenServer>
}): SupervisedNode {
  let latencyMs: number | null = null
  let known = { place, name: firstName }
  const supervisor = createSupervisor<OpenServer>({
    place,
    way,
    clock,
    random,
    log,
    onChange,
    open: async (signal): Promise<Opened<OpenServer>> => {
      const server = await open(signal)
      known = { place: server.place, name: server.name }
      return {
        value: server,
        ended: server.connection.ended,
        async close() {
          await server.release()
          await server.connection.close()
        },
      }
    },
  })

  const node: RedisNode = {
    get name() {
      return known.name
    },
    get latencyMs() {
      return latencyMs
    },
    async command(command, args, limits) {
      const startedAt = clock.monotonic()
      const { connection, place: at } = await supervisor.get(limits)
      const late = (): ReachError => {
        const seconds = limits.timeoutMs / 1_000
        const why = failed(at, 'protocol', 'redis-answer-missing', { command, seconds })
        // What hangs is answered in order: everything behind it would hang as well.
        connection.cut(why)
        way.suspect()
        return why
      }
      const left = { ...limits, timeoutMs: remaining(clock, startedAt, limits.timeoutMs) }
      const sentAt = clock.monotonic()
      return withinWay({ clock, way }, left, late, async () => {
        try {
          const reply = await connection.call(command, args)
          latencyMs = clock.monotonic() - sentAt
          return reply
        } catch (error) {
          const cut = way.down()
          throw cut === null ? error : new ReachError(cut)
        }
      })
    },
  }
  return {
    node,
    state() {
      const { status, failure } = supervisor.status()
      return { hop: known.place.hop, kind: 'redis', status, ms: latencyMs, error: failure }
    },
    cut: (why) => supervisor.current()?.connection.cut(why),
    retry: supervisor.retry,
    wayIsUp: supervisor.wayIsUp,
    close: supervisor.close,
  }
}

/** Whether a failure says that nothing but a person helps, so that no other server is to be bothered with the same. */
export function waitsForPerson(error: unknown): error is ReachError {
  return error instanceof ReachError && error.failure.recovery === 'person'
}
