/** A primary, its replica, and sentinels that watch over both and promote the replica where the primary is gone. */
import type { Redis } from 'ioredis'
import { waitUntil } from '../wait-until.ts'
import { type RedisServer, startRedis } from './redis.ts'

export interface SentinelOptions {
  /** How many sentinels; 3 where it is left out. */
  readonly sentinels?: number
  /** What the sentinels ask of their clients; `null`, where it is left out: nothing. */
  readonly sentinelPassword?: string | null
  /** Further lines of the servers' `redis.conf`. */
  readonly config?: Readonly<Record<string, string | number>>
  /** The path of the server's program; the system's where it is left out. */
  readonly program?: string
}

export interface SentinelGroup {
  /** Under which the sentinels know the primary. */
  readonly name: string
  readonly password: string
  readonly servers: readonly [RedisServer, RedisServer]
  readonly sentinels: readonly RedisServer[]
  /** The server that the sentinels name as the primary now. */
  primary(): Promise<RedisServer>
  /** Has the sentinels promote the other server, as an administrator would. */
  failOver(): Promise<void>
  stop(): Promise<void>
}

const NAME = 'mymaster'

/** Starts them, and waits until every sentinel knows the replica and the other sentinels. */
export async function startSentinelGroup(options: SentinelOptions = {}): Promise<SentinelGroup> {
  const { sentinels: count = 3, sentinelPassword = null, config = {}, program } = options
  const started: RedisServer[] = []
  const keep = (server: RedisServer): RedisServer => {
    started.push(server)
    return server
  }
  const stop = async (): Promise<void> => {
    await Promise.all(started.toReversed().map((server) => server.stop()))
  }
  try {
    const first = keep(await startRedis({ program, config: { 'repl-diskless-sync-delay': 0, ...config } }))
    const { password } = first
    const follower = async () =>
      keep(
        await startRedis({
          program,
          password,
          config: {
            masterauth: password,
            replicaof: `127.0.0.1 ${first.port}`,
            'repl-diskless-sync-delay': 0,
            ...config,
          },
        }),
      )
    const quorum = Math.floor(count / 2) + 1
    const sentinel = async () =>
      keep(
        await startRedis({
          program,
          sentinel: true,
          password: sentinelPassword,
          config: {
            [`sentinel monitor ${NAME} 127.0.0.1 ${first.port}`]: quorum,
            [`sentinel auth-pass ${NAME}`]: password,
            [`sentinel down-after-milliseconds ${NAME}`]: 1_000,
            [`sentinel failover-timeout ${NAME}`]: 5_000,
            ...(sentinelPassword === null ? {} : { 'sentinel sentinel-pass': sentinelPassword }),
          },
        }),
      )
    // The second follows the first when that one has to go: it may become the primary, and needs the password then.
    await withClient(first, (client) => client.config('SET', 'masterauth', password))
    const second = await follower()
    const sentinels = await Promise.all(Array.from({ length: count }, sentinel))
    for (const one of sentinels) await withClient(one, hurry)
    const servers = [first, second] as const

    const askSentinels = async <T>(ask: (client: Redis) => Promise<T>): Promise<T> => {
      const running = sentinels.find((one) => one.running())
      if (running === undefined) throw new Error('no sentinel runs')
      return withClient(running, ask)
    }
    const primary = async (): Promise<RedisServer> => {
      const answer: unknown = await askSentinels((client) =>
        client.call('SENTINEL', ['get-master-addr-by-name', NAME]),
      )
      const port = Array.isArray(answer) ? Number(answer[1]) : 0
      const found = servers.find((server) => server.port === port)
      if (found === undefined) throw new Error(`the sentinels name port ${port}`)
      return found
    }
    for (const one of sentinels) {
      await waitUntil('the sentinels knowing each other', () => withClient(one, knowsAll), 30_000)
    }

    async function knowsAll(client: Redis): Promise<boolean> {
      const answer: unknown = await client.call('SENTINEL', ['master', NAME])
      const fields = Array.isArray(answer) ? answer.map(String) : []
      const of = (name: string) => Number(fields[fields.indexOf(name) + 1])
      return of('num-slaves') === 1 && of('num-other-sentinels') === count - 1
    }

    return {
      name: NAME,
      password,
      servers,
      sentinels,
      primary,
      async failOver() {
        const before = await primary()
        await askSentinels((client) => client.call('SENTINEL', ['failover', NAME]))
        await waitUntil('the failover', async () => (await primary()) !== before, 20_000)
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/**
 * A sentinel looks at what it knows every ten seconds; a test has no such time, but before 7.0 it has to wait. It tells the
 * others no more often than once a second: whoever has not heard of a failover within four of these periods takes the
 * promoted server for a replica gone astray, and has it follow the old primary again.
 */
async function hurry(client: Redis): Promise<void> {
  const periods = ['INFO-PERIOD', 300, 'PUBLISH-PERIOD', 1_000, 'PING-PERIOD', 200]
  await client.call('SENTINEL', ['DEBUG', ...periods]).catch(() => {})
}

async function withClient<T>(server: RedisServer, use: (client: Redis) => Promise<T>): Promise<T> {
  const client = await server.connect()
  try {
    return await use(client)
  } finally {
    client.disconnect()
  }
}
