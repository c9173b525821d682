/** Opens one PostgreSQL connection to a server over a way: encrypted as the URL asks, logged in once, and introduced. */
import type { Client } from 'pg'
import type { SecretReference } from '#shared/model/profile/fields.ts'
import type { PostgresServer } from '#shared/model/profile/postgres-url.ts'
import type { Clock } from '../../clock.ts'
import type { SecretResolver } from '../../vault/resolve.ts'
import { remaining } from '../deadline.ts'
import { failed, type Place } from '../failed.ts'
import { type Limits, ReachError } from '../reach.ts'
import type { ReachedPostgres } from '../reached.ts'
import { needSecret, withoutSecrets } from '../secret.ts'
import { type TlsTerms, tlsTerms } from '../tls-terms.ts'
import type { OnStep, Way, Wire } from '../way.ts'
import { endpointOf, postgresUrl, serverPlace, tlsCheck, tlsIdentity } from './address.ts'
import { type Encryption, encryptions, mayBeOtherwise, negotiateTls } from './encryption.ts'
import { type Attempt, enter, tellLoss } from './enter.ts'
import { farSide, type HungUp } from './hang-up.ts'
import type { Introduction } from './introduce.ts'
import type { Meter } from './meter.ts'

/** For each of dialling, TLS and the login, where the URL says nothing else. */
const PHASE_TIMEOUT_MS = 10_000

export interface PostgresConnection extends Introduction {
  readonly client: Client
  readonly meter: Meter
  readonly server: PostgresServer
  readonly place: Place
  /** How the server let us in: where the URL leaves it open, another login of ours is to go the same way. */
  readonly encryption: Encryption
  /** As the server reports it by itself (PostgreSQL 14 on); `null` where it does not. */
  standbyNow(): boolean | null
  readonly ended: Promise<ReachError>
  /** We said good-bye, and the server closed: nothing is left of it there. */
  parted(): boolean
  /** Says good-bye, or cuts where that takes longer than half a second; resolves when the socket is closed. */
  close(): Promise<void>
  /** As `close`; but where the server may keep its process, we stay on the line to hear it end. */
  leave(): Promise<void>
  /** Gives it up at once, and stays on the line as `leave` does. */
  giveUp(why: ReachError): void
  /** Aborts with why, when it is given up like that. */
  readonly givenUp: AbortSignal
  /** The line that we stayed on; `null` where we did not. */
  hungUp(): HungUp | null
  /** Nothing stands between us and the server that could hold a line in its place, as far as that is known. */
  readonly isDirect: boolean
}

/** A login that takes long. The server has a process for it, which would stay if we went away, and the next would be one more. */
export interface SlowLogin {
  readonly server: PostgresServer
  readonly outcome: Promise<PostgresConnection>
  /** Why it counts as failed for as long as it is not done. */
  why(): ReachError
  /** The server has let us in: from here on nothing ends its process but itself. */
  authenticated(): boolean
  /** Resolves when nothing is left of it on this side. */
  abandon(): Promise<void>
}

export interface PostgresDependencies {
  readonly postgres: ReachedPostgres
  readonly way: Way
  readonly resolveSecret: SecretResolver
  readonly authorities: () => readonly string[]
  readonly clock: Clock
}

export interface OpenOptions {
  /** Whom to log in as; who watches, where it is left out. */
  readonly as?: { readonly user: string; readonly password?: SecretReference | undefined }
  readonly onStep?: OnStep
  /** How people name it, where that is not by its address. */
  readonly place?: Place
  /** Takes over a login that takes long, instead of its being given up. */
  readonly onSlow?: (login: SlowLogin) => void
  /** Told of a login that broke without a word of the server, which may go on with it for so long. */
  readonly onLost?: (server: PostgresServer, lingersMs: number, line: HungUp | null) => void
  /** It is known to be a pooler: what it is slow with is finding a connection for us. */
  readonly pooled?: boolean
  /** The console of the pooler itself, in place of the database: it understands no SQL, and is not introduced. */
  readonly console?: boolean
  /** Another database than the URL's. */
  readonly database?: string
}

/** Opens a connection to one server, whatever it is. Throws a `ReachError`; nothing stays open then. */
export async function openServer(
  dependencies: PostgresDependencies,
  server: PostgresServer,
  signal: AbortSignal,
  options: OpenOptions = {},
): Promise<PostgresConnection> {
  const url = postgresUrl(dependencies.postgres)
  const password = await passwordOf(dependencies, server, options)
  const startedAt = dependencies.clock.monotonic()
  const limits = (): Limits => ({
    signal,
    timeoutMs:
      url.connectTimeoutMs === null
        ? PHASE_TIMEOUT_MS
        : Math.min(PHASE_TIMEOUT_MS, remaining(dependencies.clock, startedAt, url.connectTimeoutMs)),
  })
  const attempt = {
    ...dependencies,
    url,
    server,
    password,
    limits,
    options,
    place: options.place ?? serverPlace(server),
  }
  const ways = encryptions(url.sslmode, server)
  let first: ReachError | null = null
  const passed = new Set<Encryption>()
  for (const encryption of ways) {
    try {
      return await openOnce(attempt, encryption, passed)
    } catch (cause) {
      const error = withoutSecrets(cause, [password])
      if (!(error instanceof ReachError)) throw error
      const left = ways.some((way) => way !== encryption && !passed.has(way))
      passed.add(encryption)
      if (!left || !mayBeOtherwise(error)) {
        throw first?.failure.code === error.failure.code ? first : error
      }
      first ??= error
    }
  }
  throw first ?? new TypeError('there is at least one way to encrypt, or not to')
}

async function passwordOf(
  { postgres, resolveSecret }: PostgresDependencies,
  server: PostgresServer,
  { as, place = serverPlace(server) }: OpenOptions,
): Promise<string | null> {
  const { password } = as ?? postgres
  if (password === undefined) return null
  return needSecret(resolveSecret, password, place, 'authentication')
}

/** @param passed ways that were tried already; a server without TLS adds that without it */
async function openOnce(
  attempt: Attempt,
  encryption: Encryption,
  passed: Set<Encryption>,
): Promise<PostgresConnection> {
  const { url, server, place, way, limits, options } = attempt
  // What the first try has told of the way there is not told twice.
  const onStep: OnStep | undefined =
    options.onStep &&
    ((step, detail) => (isArrival(step) && passed.size > 0 ? undefined : options.onStep?.(step, detail)))
  const wire = await way.dial(endpointOf(server), place, limits(), onStep)
  const far = farSide(wire, server)
  if (encryption === 'plain') return enter(attempt, { wire, terms: null, far }, onStep)
  const { sslmode } = url
  const secured = await encrypt(attempt, wire, onStep).catch((error: unknown) => {
    tellLoss(attempt, 'asked', error)
    throw error
  })
  if (secured !== null) return enter(attempt, { ...secured, far }, onStep)
  if (passed.has('plain')) {
    wire.destroy()
    throw failed(place, 'tls', 'postgres-without-tls', { host: server.host, port: server.port, sslmode })
  }
  passed.add('plain')
  return enter(attempt, { wire, terms: null, far }, onStep)
}

/** Encrypts a wire on the profile's terms. Throws a `ReachError`, the wire destroyed; `null`: the server has no TLS, and need not. */
export async function encrypt(
  {
    url,
    server,
    place,
    clock,
    postgres,
    limits,
    authorities,
    resolveSecret,
  }: Omit<Attempt, 'password' | 'options' | 'way'>,
  wire: Wire,
  onStep?: OnStep,
): Promise<{ wire: Wire; terms: TlsTerms | null } | null> {
  const identity = tlsIdentity(url, postgres.tls)
  const { sslmode } = url
  const direct = url.sslnegotiation === 'direct'
  let used: TlsTerms | null = null
  const terms = async () => {
    const check = tlsCheck(url, identity)
    const protocols = direct ? ['postgresql'] : []
    used = await tlsTerms(
      identity,
      { host: server.host, check, authorities, protocols },
      resolveSecret,
      place,
    )
    return used
  }
  const secured = await negotiateTls(wire, { server, sslmode, direct, terms, place, clock }, limits(), onStep)
  return secured === null ? null : { wire: secured, terms: used }
}

function isArrival(step: Parameters<OnStep>[0]): boolean {
  return step === 'resolve' || step === 'tcp' || step === 'forward'
}
