/** Opens one PostgreSQL connection over a way: TLS as the URL asks, login once, and the session's bounds. */
import { Client, DatabaseError } from 'pg'
import type { Postgres } from '#shared/model/profile/postgres.ts'
import type { Clock } from '../../clock.ts'
import type { SecretResolver } from '../../vault/resolve.ts'
import { within } from '../deadline.ts'
import { failed, type Place } from '../failed.ts'
import type { Limits, ReachError } from '../reach.ts'
import { needSecret } from '../secret.ts'
import { secure } from '../secure.ts'
import { type TlsTerms, tlsTerms } from '../tls-terms.ts'
import type { OnStep, Way, Wire } from '../way.ts'
import { type PostgresAddress, postgresAddress } from './address.ts'
import { loginFailure, statementFailure } from './failure.ts'

const DIAL_TIMEOUT_MS = 10_000
const TLS_TIMEOUT_MS = 10_000
const LOGIN_TIMEOUT_MS = 10_000

/** The name that other consoles and people see in `pg_stat_activity`. */
export const APPLICATION_NAME = 'vakhta'

export interface PostgresConnection {
  readonly client: Client
  /** `server_version_num`. */
  readonly version: number
  readonly backend: Backend
  readonly ended: Promise<ReachError>
  /** Says good-bye, or cuts where that takes longer than half a second; resolves when the socket is closed. */
  close(): Promise<void>
  /** Cuts at once. */
  cut(why: ReachError): void
}

/** A server process, told from a later one with the same PID by when it started. */
export interface Backend {
  readonly pid: number
  readonly startedAt: string
}

export interface PostgresDependencies {
  readonly postgres: Postgres
  readonly place: Place
  readonly way: Way
  readonly resolveSecret: SecretResolver
  readonly authorities: () => readonly string[]
  readonly clock: Clock
}

/** Throws a `ReachError`; nothing stays open then. */
export async function openPostgres(
  { postgres, place, way, resolveSecret, authorities, clock }: PostgresDependencies,
  signal: AbortSignal,
  onStep?: OnStep,
): Promise<PostgresConnection> {
  const address = postgresAddress(postgres)
  const password =
    postgres.password === undefined
      ? null
      : await needSecret(resolveSecret, postgres.password, place, 'authentication')
  const wire = await way.dial(address, place, { signal, timeoutMs: DIAL_TIMEOUT_MS }, onStep)
  const tlsLimits = { signal, timeoutMs: TLS_TIMEOUT_MS }
  const { host, sslmode } = address
  const check = sslmode === 'verify-full' ? 'full' : 'none'
  const terms = () => tlsTerms(postgres.tls, { host, check, authorities }, resolveSecret, place)
  const secured = await negotiateTls(wire, address, terms, place, clock, tlsLimits, onStep)
  return login(secured, address, password, place, clock, { signal, timeoutMs: LOGIN_TIMEOUT_MS }, onStep)
}

/** Asks for TLS as libpq does (SSLRequest), and goes on without where the server has none and the URL allows it. */
async function negotiateTls(
  wire: Wire,
  { sslmode, host, port }: PostgresAddress,
  terms: () => Promise<TlsTerms>,
  place: Place,
  clock: Clock,
  limits: Limits,
  onStep?: OnStep,
): Promise<Wire> {
  if (sslmode === 'disable') return wire
  try {
    const answer = await within(
      clock,
      limits,
      () => failed(place, 'tls', 'postgres-silent', { host, port, seconds: limits.timeoutMs / 1_000 }),
      () => firstByte(wire, place, host, port),
    )
    if (answer === 'S') {
      return await secure(wire, await terms(), place, clock, limits, onStep)
    }
    if (answer !== 'N') throw failed(place, 'protocol', 'postgres-not-spoken', { host, port })
    if (sslmode !== 'prefer') throw failed(place, 'tls', 'postgres-without-tls', { host, port, sslmode })
    onStep?.('tls', { code: 'tls-none', params: {} })
    return wire
  } catch (error) {
    wire.destroy()
    throw error
  }
}

function firstByte(wire: Wire, place: Place, host: string, port: number): Promise<string> {
  const outcome = Promise.withResolvers<string>()
  const onReadable = (): void => {
    const byte: Buffer | null = wire.read(1)
    if (byte !== null) outcome.resolve(byte.toString('latin1'))
  }
  const onEnd = (): void => outcome.reject(failed(place, 'protocol', 'postgres-not-spoken', { host, port }))
  wire.on('readable', onReadable)
  wire.once('end', onEnd)
  wire.once('close', onEnd)
  const sslRequest = Buffer.alloc(8)
  sslRequest.writeInt32BE(8, 0)
  sslRequest.writeInt32BE(80_877_103, 4)
  wire.write(sslRequest)
  return outcome.promise.finally(() => {
    wire.off('readable', onReadable)
    wire.off('end', onEnd)
    wire.off('close', onEnd)
  })
}

async function login(
  wire: Wire,
  address: PostgresAddress,
  password: string | null,
  place: Place,
  clock: Clock,
  limits: Limits,
  onStep?: OnStep,
): Promise<PostgresConnection> {
  const { host, port, user, database } = address
  let asked = false
  const client = new Client({
    host,
    port,
    user,
    database,
    application_name: APPLICATION_NAME,
    ssl: false,
    // A function, so that neither PGPASSWORD nor ~/.pgpass of whoever started the console is ever sent.
    password: () => {
      asked = true
      if (password === null)
        throw failed(place, 'authentication', 'postgres-password-needed', { host, port, user })
      return password
    },
    stream: () => connected(wire),
  })
  const ended = Promise.withResolvers<ReachError>()
  const closed = Promise.withResolvers<void>()
  let last: unknown = new Error('the server closed the connection')
  wire.once('close', () => {
    ended.resolve(statementFailure(last, 0, place))
    closed.resolve()
  })
  client.on('error', (error) => {
    last = error
    // pg does not close a connection that it gave up.
    wire.destroy()
  })

  function cut(why: ReachError): void {
    ended.resolve(why)
    wire.destroy()
  }

  async function close(): Promise<void> {
    if (wire.closed) return
    const cancel = clock.after(500, () => wire.destroy())
    client.end().catch(() => {})
    await closed.promise
    cancel()
  }

  const late = (): ReachError =>
    failed(place, asked ? 'authentication' : 'protocol', 'postgres-silent', {
      host,
      port,
      seconds: limits.timeoutMs / 1_000,
    })
  try {
    return await within(clock, limits, late, async () => {
      const connection = startedConnection(client)
      connection.once('authenticationOk', () => onStep?.('authentication', user))
      connection.once('message', ({ name }: { name?: string }) => {
        // An error as the very first answer is told as what it is.
        if (name !== 'error') onStep?.('protocol', null)
      })
      await client.connect()
      const { version, backend } = await introduce(client)
      return { client, version, backend, ended: ended.promise, close, cut }
    })
  } catch (error) {
    wire.destroy()
    await closed.promise
    if (error instanceof DatabaseError || !(error instanceof Error) || error.name !== 'ReachError') {
      throw loginFailure(error, address, place)
    }
    throw error
  }
}

/** pg's protocol connection, whose events its types leave out. */
function startedConnection(client: Client): NodeJS.EventEmitter {
  const connection: unknown = Reflect.get(client, 'connection')
  return connection as NodeJS.EventEmitter
}

/** pg calls `connect` on the stream that it is given and waits for the event; this one is connected already. */
function connected(wire: Wire): Wire {
  return Object.assign(wire, {
    connect() {
      queueMicrotask(() => wire.emit('connect'))
      return wire
    },
  })
}

/**
 * Bounds the session. With SET and after connecting, because PgBouncer refuses most start-up parameters. The keep-alives
 * and the check of the client make the server drop a backend whose console vanished (sleep, another network) within
 * about a minute, and at once where the socket was closed.
 */
async function introduce(client: Client): Promise<{ version: number; backend: Backend }> {
  await client.query(
    `SET statement_timeout = '10s';
     SET lock_timeout = '1s';
     SET idle_in_transaction_session_timeout = '10s';
     SET default_transaction_read_only = on;
     SET tcp_keepalives_idle = 30;
     SET tcp_keepalives_interval = 10;
     SET tcp_keepalives_count = 3`,
  )
  const { rows } = await client.query<{ version: string; pid: number; started: string }>(
    `SELECT current_setting('server_version_num') AS version, pg_backend_pid() AS pid,
            (SELECT backend_start::text FROM pg_stat_activity WHERE pid = pg_backend_pid()) AS started`,
  )
  const row = rows[0]
  const version = Number(row?.version ?? 0)
  // Refused where the server's platform cannot do it; the session is as good without.
  if (version >= 140_000) await client.query(`SET client_connection_check_interval = '1s'`).catch(() => {})
  return { version, backend: { pid: row?.pid ?? 0, startedAt: row?.started ?? '' } }
}
