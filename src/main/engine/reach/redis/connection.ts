/** Opens one connection to a Redis server or sentinel: TLS, AUTH once, name, database. It never comes back by itself here. */
import { isFailure } from '#shared/model/failure.ts'
import type { Clock } from '../../clock.ts'
import type { SecretResolver } from '../../vault/resolve.ts'
import { within } from '../deadline.ts'
import { failed, type Place } from '../failed.ts'
import { ReachError } from '../reach.ts'
import { needSecret, withoutSecrets } from '../secret.ts'
import { secure } from '../secure.ts'
import { alertFailure } from '../tls-failure.ts'
import { type TlsTerms, tlsTerms } from '../tls-terms.ts'
import type { Endpoint, OnStep, Way, Wire } from '../way.ts'
import type { RedisLogin } from './address.ts'
import { clientOver } from './client.ts'
import { authenticationFailure, guardFailure, lostFailure, replyFailure } from './failure.ts'
import { guardReplies } from './reply-guard.ts'
import { answersWithoutTls, GREETING_TIMEOUT_MS } from './without-tls.ts'

export const CONNECT_TIMEOUT_MS = 10_000

export interface RedisConnection {
  /**
   * Asks for one thing. Rejects with a `ReachError`.
   * @param args never told to anybody
   */
  call(command: string, args?: readonly (string | number)[]): Promise<unknown>
  readonly ended: Promise<ReachError>
  close(): Promise<void>
  cut(why: ReachError): void
}

/** What every connection of a deployment is opened with. */
export interface RedisDependencies {
  readonly way: Way
  readonly resolveSecret: SecretResolver
  readonly authorities: () => readonly string[]
  readonly clock: Clock
}

export interface RedisServer {
  readonly endpoint: Endpoint
  readonly login: RedisLogin
  readonly place: Place
  /** For each of the two stretches, the way there and the login; 10 s where it is left out. */
  readonly timeoutMs?: number
}

/** Throws a `ReachError`; nothing stays open then. */
export async function openRedis(
  { endpoint, login, place, timeoutMs = CONNECT_TIMEOUT_MS }: RedisServer,
  { way, resolveSecret, authorities, clock }: RedisDependencies,
  signal: AbortSignal,
  onStep?: OnStep,
): Promise<RedisConnection> {
  const password =
    login.password === null ? null : await needSecret(resolveSecret, login.password, place, 'authentication')
  const limits = { signal, timeoutMs }
  let secured: TlsTerms | null = null
  const wire = await overTls(await way.dial(endpoint, place, limits, onStep))

  async function overTls(dialled: Wire): Promise<Wire> {
    if (login.tls === null || 'path' in endpoint) return dialled
    const { terms } = login.tls
    const { host } = endpoint
    try {
      const asked = await tlsTerms(
        terms,
        { host, check: terms?.check ?? 'full', authorities },
        resolveSecret,
        place,
      )
      secured = asked
      const greeting = { signal, timeoutMs: Math.min(timeoutMs, GREETING_TIMEOUT_MS) }
      return await secure(dialled, asked, place, clock, greeting, onStep)
    } catch (error) {
      dialled.destroy()
      const isSilent = error instanceof ReachError && isFailure(error.failure, 'tls-silent')
      if (isSilent && (await answersWithoutTls(endpoint, place, { way, clock }, signal))) {
        throw failed(place, 'tls', 'redis-without-tls')
      }
      throw error
    }
  }

  const ended = Promise.withResolvers<ReachError>()
  const closed = Promise.withResolvers<void>()
  let why: ReachError | null = null
  const end = (reason: ReachError): void => {
    why ??= withoutSecrets(reason, [password])
    ended.resolve(why)
  }
  let hasAnswered = false
  /** What ended it, where that is known, and not that a command went with it. */
  const lost = (error: unknown): ReachError =>
    why ??
    // With TLS 1.3 a server tells that it does not take our certificate only after the handshake.
    (secured === null ? null : alertFailure(error, secured, place)) ??
    lostFailure(error, place, hasAnswered)
  wire.on('error', (error) => end(lost(error)))
  wire.once('close', () => {
    end(lost(null))
    closed.resolve()
  })
  if (wire.closed) closed.resolve()
  wire.once('data', () => {
    hasAnswered = true
  })
  const client = clientOver(guardReplies(wire, (fault) => end(guardFailure(fault, place))))
  // An answer that nobody asked for, or one that cannot be read: what follows would be taken for something else.
  client.on('error', (error) => {
    end(isUnasked(error) ? guardFailure(UNASKED, place) : lost(error))
    wire.destroy()
  })

  async function close(): Promise<void> {
    client.disconnect()
    wire.destroy()
    await closed.promise
  }

  const call: RedisConnection['call'] = async (command, args = []) => {
    try {
      return await client.call(command, [...args])
    } catch (error) {
      throw withoutSecrets(
        replyFailure(error, { command, user: login.user, place }, () => lost(error)),
        [password],
      )
    }
  }

  try {
    await within(
      clock,
      limits,
      () => failed(place, 'protocol', 'redis-silent', { seconds: timeoutMs / 1_000 }),
      async () => {
        await client.connect().catch((error: unknown) => {
          throw lost(error)
        })
        await authenticate()
        await introduce(call, login.database, place, () => onStep?.('protocol', null))
        onStep?.('authentication', login.user ?? 'default')
      },
    )
  } catch (error) {
    await close()
    throw withoutSecrets(error, [password])
  }

  /** A user without a password of its own is asked for all the same: else we would be somebody else unawares. */
  async function authenticate(): Promise<void> {
    if (password === null && login.user === null) return
    const credentials = login.user === null ? [password ?? ''] : [login.user, password ?? '']
    await client.call('AUTH', credentials).catch((error: unknown) => {
      throw authenticationFailure(error, { user: login.user, place, hasPassword: password !== null }, () =>
        lost(error),
      )
    })
  }

  return {
    call,
    ended: ended.promise,
    close,
    cut(reason) {
      end(reason)
      wire.destroy()
    },
  }
}

const UNASKED = { kind: 'not-spoken', words: 'an answer to nothing that was asked' } as const

/** ioredis' own words for it quote the answer, which is not ours to show. */
function isUnasked(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Command queue state error')
}

/**
 * A user that may not PING is logged in all the same; and a server that reads its data, runs a script, lost its primary or
 * cannot save says so to whoever asks, and is there the moment that it is done.
 */
const STANDS_ALL_THE_SAME = [
  'redis-command-denied',
  'redis-command-unknown',
  'redis-loading',
  'redis-busy',
  'redis-primary-down',
  'redis-writes-refused',
] as const

async function introduce(
  call: RedisConnection['call'],
  database: number,
  place: Place,
  onSpoken: () => void,
): Promise<void> {
  await call('PING').catch((error: unknown) => {
    if (!(error instanceof ReachError) || !isFailure(error.failure, ...STANDS_ALL_THE_SAME)) throw error
  })
  onSpoken()
  // The name is a courtesy to whoever reads CLIENT LIST; a user that may not set it is watched all the same.
  await call('CLIENT', ['SETNAME', 'vakhta']).catch(() => {})
  if (database === 0) return
  await call('SELECT', [database]).catch((error: unknown) => {
    if (!(error instanceof ReachError)) throw error
    // The figures are those of the whole server; a user who may not choose sees them all the same.
    if (isFailure(error.failure, ...STANDS_ALL_THE_SAME)) return
    if (!isFailure(error.failure, 'redis-command-failed')) throw error
    const words = error.failure.params.words ?? null
    throw failed(place, 'authentication', 'redis-database-missing', { database, words })
  })
}
