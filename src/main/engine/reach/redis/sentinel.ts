/**
 * Finds the primary that sentinels name: each is asked in turn, briefly, on a connection that is closed after the question; one
 * that is dead, or that names what is no primary, is passed over.
 * Protocol: https://redis.io/docs/latest/develop/reference/sentinel-clients/
 */
import { isFailure } from '#shared/model/failure.ts'
import { within } from '../deadline.ts'
import { failed, type Place } from '../failed.ts'
import { ReachError } from '../reach.ts'
import type { Endpoint, OnStep } from '../way.ts'
import { endpointName, type RedisAddress, type RedisLogin, sentinelPlace } from './address.ts'
import { openRedis, type RedisConnection, type RedisDependencies } from './connection.ts'
import { waitsForPerson } from './node.ts'

/** How long one sentinel may take for the way there, and for the login; another may be well. */
const SENTINEL_TIMEOUT_MS = 3_000
const RECHECK_MS = 30_000

export interface FoundPrimary {
  readonly endpoint: { readonly host: string; readonly port: number }
  readonly sentinel: Endpoint
}

export interface Sentinels {
  readonly primary: string
  readonly endpoints: readonly Endpoint[]
  readonly login: RedisLogin
}

/** Who is to be asked, where a profile names sentinels. */
export function sentinelsOf(primary: string, address: RedisAddress): Sentinels {
  return { primary, endpoints: address.endpoints, login: address.sentinelLogin ?? address.login }
}

/**
 * Asks one sentinel; `null`: it knows no such primary. Throws a `ReachError`.
 */
export async function askSentinel(
  { primary, login }: Sentinels,
  endpoint: Endpoint,
  dependencies: RedisDependencies,
  signal: AbortSignal,
  onStep?: OnStep,
): Promise<FoundPrimary | null> {
  const place = sentinelPlace(endpoint)
  let connection: RedisConnection
  try {
    connection = await openRedis(
      { endpoint, login, place, timeoutMs: SENTINEL_TIMEOUT_MS },
      dependencies,
      signal,
      onStep,
    )
  } catch (error) {
    if (error instanceof ReachError && isFailure(error.failure, 'redis-password-needed')) {
      throw failed(place, 'authentication', 'sentinel-password-needed')
    }
    throw error
  }
  try {
    const question = ['get-master-addr-by-name', primary]
    return parsePrimary(
      await briefly(connection, place, dependencies, signal, 'SENTINEL', question),
      endpoint,
    )
  } catch (error) {
    if (error instanceof ReachError && isFailure(error.failure, 'redis-command-unknown')) {
      throw failed(place, 'protocol', 'sentinel-not-spoken')
    }
    throw error
  } finally {
    await connection.close()
  }
}

function parsePrimary(answer: unknown, sentinel: Endpoint): FoundPrimary | null {
  if (!Array.isArray(answer)) return null
  const [host, port]: unknown[] = answer
  const number = Number(port)
  if (typeof host !== 'string' || host === '' || !Number.isInteger(number)) return null
  if (number < 1 || number > 65_535) return null
  return { endpoint: { host, port: number }, sentinel }
}

/**
 * Asks one sentinel after the other until `use` takes what it names.
 * @param use opens the primary; what it throws is passed over unless it waits for a person, and is thrown where nothing better came
 * @returns what `use` gave. Throws the `ReachError` that says most of why there is no primary.
 */
export async function findPrimary<T>(
  sentinels: Sentinels,
  dependencies: RedisDependencies,
  place: Place,
  signal: AbortSignal,
  use: (found: FoundPrimary) => Promise<T>,
): Promise<T> {
  let unreached: ReachError | null = null
  let unfit: ReachError | null = null
  const tried = new Set<string>()
  const ignorant: string[] = []
  for (const endpoint of sentinels.endpoints) {
    try {
      const found = await askSentinel(sentinels, endpoint, dependencies, signal)
      if (found === null) {
        ignorant.push(endpointName(endpoint))
        continue
      }
      const name = endpointName(found.endpoint)
      if (tried.has(name)) continue
      tried.add(name)
      try {
        return await use(found)
      } catch (error) {
        if (!(error instanceof ReachError) || signal.aborted || waitsForPerson(error)) throw error
        unfit = error
      }
    } catch (error) {
      if (!(error instanceof ReachError) || signal.aborted || waitsForPerson(error)) throw error
      unreached = error
    }
  }
  if (unfit !== null) throw unfit
  if (ignorant.length > 0) {
    throw failed(place, 'protocol', 'sentinel-primary-unknown', {
      primary: sentinels.primary,
      asked: ignorant.slice(0, 5).join(', '),
    })
  }
  throw unreached ?? failed(place, 'protocol', 'connection-failed', { words: 'no sentinel is named' })
}

/** Asks a connection that nothing else is asked of yet. */
function briefly(
  connection: RedisConnection,
  place: Place,
  { clock }: Pick<RedisDependencies, 'clock'>,
  signal: AbortSignal,
  command: string,
  args: readonly (string | number)[] = [],
): Promise<unknown> {
  const limits = { signal, timeoutMs: SENTINEL_TIMEOUT_MS }
  const seconds = SENTINEL_TIMEOUT_MS / 1_000
  return within(
    clock,
    limits,
    () => failed(place, 'protocol', 'redis-answer-missing', { command, seconds }),
    () => connection.call(command, args),
  )
}

/** Opens what a sentinel names, and holds it to being a primary. Throws a `ReachError`; nothing stays open then. */
export async function openPrimary(
  primary: string,
  server: { readonly endpoint: Endpoint; readonly login: RedisLogin; readonly place: Place },
  dependencies: RedisDependencies,
  signal: AbortSignal,
  onStep?: OnStep,
): Promise<RedisConnection> {
  const connection = await openRedis(server, dependencies, signal, onStep)
  const { place } = server
  try {
    const role = await roleOf((command, args) =>
      briefly(connection, place, dependencies, signal, command, args),
    )
    if (role !== null && role !== 'master') {
      throw failed(place, 'protocol', 'sentinel-primary-gone', {
        primary,
        server: endpointName(server.endpoint),
        role: role === 'slave' ? 'replica' : role,
      })
    }
    return connection
  } catch (error) {
    await connection.close()
    throw error
  }
}

/** What a server says that it is: `master`, `slave`, `sentinel`; `null` where it does not tell us. */
async function roleOf(call: RedisConnection['call']): Promise<string | null> {
  try {
    const answer = await call('ROLE')
    const role: unknown = Array.isArray(answer) ? answer[0] : null
    return typeof role === 'string' ? role : null
  } catch (error) {
    if (!(error instanceof ReachError) || !isFailure(error.failure, ...TELLS_NOTHING)) throw error
  }
  try {
    return /^role:(\w+)/m.exec(String(await call('INFO', ['replication'])))?.[1] ?? null
  } catch (error) {
    if (!(error instanceof ReachError) || !isFailure(error.failure, ...TELLS_NOTHING)) throw error
    return null
  }
}

/** The answer is "not to you" or "not now": that it is no primary is not said with it. */
const TELLS_NOTHING = [
  'redis-command-denied',
  'redis-command-unknown',
  'redis-command-failed',
  'redis-loading',
  'redis-busy',
] as const

/**
 * Asks the sentinels again and again, one each time, whether the primary is still the one that was found: one that was cut
 * off from the others does not know that it is none any more.
 */
export function watchPrimary(
  sentinels: Sentinels,
  found: FoundPrimary,
  dependencies: RedisDependencies,
  onMoved: (to: FoundPrimary['endpoint']) => void,
): { stop(): Promise<void> } {
  const { clock } = dependencies
  const stopping = new AbortController()
  let running: Promise<void> = Promise.resolve()
  let turn = 0
  let cancel = clock.after(RECHECK_MS, begin)

  function begin(): void {
    running = recheck()
  }

  async function recheck(): Promise<void> {
    const endpoint = sentinels.endpoints[turn % sentinels.endpoints.length]
    turn += 1
    if (endpoint === undefined) return
    const now = await askSentinel(sentinels, endpoint, dependencies, stopping.signal).catch(() => null)
    if (stopping.signal.aborted) return
    const name = endpointName(found.endpoint)
    if (now !== null && endpointName(now.endpoint) !== name) onMoved(now.endpoint)
    else cancel = clock.after(RECHECK_MS, begin)
  }

  return {
    async stop() {
      cancel()
      stopping.abort()
      await running
    },
  }
}
