/** Opens one Redis connection over a way: TLS, AUTH once, name, database. ioredis never reconnects by itself here. */
import { AbstractConnector, Redis as Client } from 'ioredis'
import { isFailure } from '#shared/model/failure.ts'
import type { Redis } from '#shared/model/profile/redis.ts'
import type { Clock } from '../../clock.ts'
import type { SecretResolver } from '../../vault/resolve.ts'
import { within } from '../deadline.ts'
import { failed, type Place } from '../failed.ts'
import { ReachError } from '../reach.ts'
import { needSecret } from '../secret.ts'
import { secure } from '../secure.ts'
import { type TlsTerms, tlsTerms } from '../tls-terms.ts'
import type { OnStep, Way, Wire } from '../way.ts'
import { redisAddress } from './address.ts'
import { authenticationFailure, replyFailure } from './failure.ts'

const DIAL_TIMEOUT_MS = 10_000
const LOGIN_TIMEOUT_MS = 10_000

export interface RedisConnection {
  readonly client: Client
  readonly ended: Promise<ReachError>
  close(): Promise<void>
  cut(why: ReachError): void
}

export interface RedisDependencies {
  readonly redis: Redis
  readonly place: Place
  readonly way: Way
  readonly resolveSecret: SecretResolver
  readonly authorities: () => readonly string[]
  readonly clock: Clock
}

/** Throws a `ReachError`; nothing stays open then. */
export async function openRedis(
  { redis, place, way, resolveSecret, authorities, clock }: RedisDependencies,
  signal: AbortSignal,
  onStep?: OnStep,
): Promise<RedisConnection> {
  const address = redisAddress(redis)
  const { host, port } = address
  const password =
    redis.password === undefined
      ? null
      : await needSecret(resolveSecret, redis.password, place, 'authentication')
  const limits = { signal, timeoutMs: LOGIN_TIMEOUT_MS }
  const terms = (): Promise<TlsTerms> =>
    tlsTerms(redis.tls, { host, check: redis.tls?.check ?? 'full', authorities }, resolveSecret, place)
  const dialled = await way.dial(address, place, { signal, timeoutMs: DIAL_TIMEOUT_MS }, onStep)
  const wire: Wire = address.tls
    ? await secure(dialled, await terms(), place, clock, limits, onStep)
    : dialled

  const ended = Promise.withResolvers<ReachError>()
  const closed = Promise.withResolvers<void>()
  const client = clientOver(wire)
  client.on('error', () => {})
  wire.on('error', (error) => ended.resolve(replyFailure(error, '', place)))
  wire.once('close', () => {
    ended.resolve(
      failed(place, 'protocol', 'redis-connection-lost', { words: 'the server closed the connection' }),
    )
    closed.resolve()
  })

  async function close(): Promise<void> {
    client.disconnect()
    wire.destroy()
    if (!wire.closed) await closed.promise
  }

  let step: 'protocol' | 'authentication' = 'protocol'
  try {
    await within(
      clock,
      limits,
      () => failed(place, step, 'redis-silent', { host, port, seconds: LOGIN_TIMEOUT_MS / 1_000 }),
      async () => {
        await client.connect().catch((error: unknown) => {
          throw replyFailure(error, '', place)
        })
        if (password !== null) {
          step = 'authentication'
          const credentials = address.user === null ? [password] : [address.user, password]
          await client.call('AUTH', credentials).catch((error: unknown) => {
            throw authenticationFailure(error, place)
          })
        }
        await introduce(client, address.database, place, () => onStep?.('protocol', null))
        onStep?.('authentication', address.user ?? 'default')
      },
    )
  } catch (error) {
    await close()
    if (error instanceof ReachError || signal.aborted) throw error
    throw replyFailure(error, '', place)
  }
  return {
    client,
    ended: ended.promise,
    close,
    cut(why) {
      ended.resolve(why)
      wire.destroy()
    },
  }
}

/**
 * A user that may not PING is logged in all the same; and a server that reads its data or runs a script says so to whoever
 * asks, and is there the moment that it is done.
 */
const STANDS_ALL_THE_SAME = ['redis-command-denied', 'redis-loading', 'redis-busy'] as const

async function introduce(
  client: Client,
  database: number,
  place: Place,
  onSpoken: () => void,
): Promise<void> {
  await client.call('PING').catch((error: unknown) => {
    const failure = replyFailure(error, 'PING', place)
    if (!isFailure(failure.failure, ...STANDS_ALL_THE_SAME)) throw failure
  })
  onSpoken()
  // The name is a courtesy to whoever reads CLIENT LIST; a user that may not set it is watched all the same.
  await client.call('CLIENT', ['SETNAME', 'vakhta']).catch(() => {})
  if (database === 0) return
  await client.call('SELECT', [database]).catch((error: unknown) => {
    const failure = replyFailure(error, 'SELECT', place)
    if (!isFailure(failure.failure, 'redis-command-failed')) throw failure
    throw failed(place, 'authentication', 'redis-database-missing', {
      database,
      words: failure.failure.params.words ?? null,
    })
  })
}

/** An ioredis client on a connection that is open already. RESP2: its replies are the same from Redis 2 on. */
function clientOver(wire: Wire): Client {
  class OpenWire extends AbstractConnector {
    constructor() {
      super(0)
    }
    connect(): Promise<never> {
      this.connecting = true
      // ioredis asks for `net.Socket`, and uses of it what a wire has.
      this.stream = wire as never
      return Promise.resolve(wire as never)
    }
  }
  return new Client({
    Connector: OpenWire,
    lazyConnect: true,
    protocol: 2,
    retryStrategy: null,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    disableClientInfo: true,
    replyMapping: 'legacy',
  })
}
