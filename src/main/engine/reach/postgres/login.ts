/** Logs in over a wire that is open (and encrypted): once, with channel binding as the URL asks for it. */
import { Client, DatabaseError } from 'pg'
import type { PostgresServer, PostgresUrl } from '#shared/model/profile/postgres-url.ts'
import type { Clock } from '../../clock.ts'
import { errorCode, failed, type Place } from '../failed.ts'
import { ReachError } from '../reach.ts'
import type { OnStep, Wire } from '../way.ts'
import { loginFailure, statementFailure } from './failure.ts'
import { type HungUp, hangUp } from './hang-up.ts'
import { createMeter, type Meter } from './meter.ts'

/** psql knows no limit; a server that asks for more only wants to keep us busy. */
const MOST_SCRAM_ITERATIONS = 1_000_000

/** `admin_shutdown` and `crash_shutdown`. */
const GOODBYES: ReadonlySet<string> = new Set(['57P01', '57P02'])

/** Between our good-bye and the server's hanging up. */
const PARTS_WITHIN_MS = 500

/** `Terminate` (section 55.7 of the manual). */
const TERMINATE = Buffer.from([0x58, 0, 0, 0, 4])

/** PostgreSQL reports about fifteen settings; an endless stream of them is none. */
const MOST_REPORTED = 100

export interface LoginTerms {
  readonly server: PostgresServer
  readonly user: string
  readonly database: string
  readonly password: string | null
  /** The wire is TLS. */
  readonly encrypted: boolean
  readonly channelBinding: PostgresUrl['channelBinding']
  readonly place: Place
  readonly clock: Clock
  /** Whether the far side has the connection open still after our good-bye, as far as that can be known. */
  readonly isHeld: () => boolean
  /** What an error of TLS itself says. */
  readonly tlsFailure: (error: unknown) => ReachError
}

/** A connection that is logged in, or on its way to. */
export interface Line {
  readonly client: Client
  readonly meter: Meter
  /** Latest values that the server reported by itself (`server_version`, `in_hot_standby`). */
  readonly reported: ReadonlyMap<string, string>
  /** PID of the server process, as it named itself at the login; `null` where it did not. */
  readonly named: number | null
  /** How far the login came. */
  readonly stage: 'asked' | 'authenticating' | 'authenticated'
  readonly ended: Promise<ReachError>
  /** We said good-bye, and the server closed: nothing is left of it there. */
  parted(): boolean
  /** Says good-bye, or cuts where that takes longer than half a second; resolves when the socket is closed. */
  close(): Promise<void>
  /** As `close`, but where it takes longer we stay on the line to hear the server hang up. */
  leave(): Promise<void>
  /** Cuts at once. */
  cut(why: ReachError): void
  /** It is over for us at once; we stay on the line to hear the server hang up. */
  hangUp(why: ReachError): void
  /** Aborts with why, when we hung up. */
  readonly givenUp: AbortSignal
  /** The line that we stayed on; `null` where we did not. */
  hungUp(): HungUp | null
  /** Resolves when the socket is closed. */
  readonly closed: Promise<void>
}

/** Begins a login. `done` rejects with a `ReachError`, and the wire is destroyed then; nothing bounds it in time. */
export function logIn(wire: Wire, terms: LoginTerms, onStep?: OnStep): { line: Line; done: Promise<void> } {
  const { server, user, database, password, encrypted, channelBinding, place, clock } = terms
  const { host, port } = server
  let refusal: ReachError | null = null
  let stage: Line['stage'] = 'asked'
  let bound = false
  let named: number | null = null
  let parting = false
  let onTheLine: HungUp | null = null
  const givenUp = new AbortController()
  const reported = new Map<string, string>()
  const binds = encrypted && channelBinding !== 'disable'

  const client = new Client({
    host,
    port,
    user,
    database,
    ssl: false,
    enableChannelBinding: binds,
    ...{ scramMaxIterations: MOST_SCRAM_ITERATIONS },
    // A function, so that neither PGPASSWORD nor ~/.pgpass of whoever started the console is ever sent.
    password: () => {
      if (refusal !== null) throw refusal
      if (password === null)
        throw failed(place, 'authentication', 'postgres-password-needed', { host, port, user })
      return password
    },
    stream: () => connected(wire),
  })
  // Nothing but that, whatever the environment says. No name of ours either: a pooler would leave it on the session of
  // the next client that has none.
  Object.assign(client, { getStartupConf: () => ({ user, database }) })
  const ended = Promise.withResolvers<ReachError>()
  const closed = Promise.withResolvers<void>()
  let goodbye: DatabaseError | null = null
  let last: unknown = new Error('the server closed the connection')
  wire.once('close', () => {
    ended.resolve(statementFailure(goodbye ?? last, 0, place))
    closed.resolve()
  })
  client.on('error', (error) => {
    last = error
    // pg does not close a connection that it gave up.
    if (onTheLine === null) wire.destroy()
  })

  // With an immediate shutdown, and after a crash, the server says good-bye in a warning.
  client.on('notice', ({ code, message, length }) => {
    if (code === undefined || !GOODBYES.has(code)) return
    goodbye = Object.assign(new DatabaseError(message ?? '', length, 'error'), { code })
  })

  function refuse(why: ReachError): void {
    refusal ??= why
    parting = false
    ended.resolve(why)
    wire.destroy()
  }

  function stayOnTheLine(why: ReachError): void {
    if (wire.destroyed) {
      refuse(why)
      return
    }
    parting = false
    ended.resolve(why)
    givenUp.abort(why)
    onTheLine ??= hangUp(wire, stage === 'authenticated' ? TERMINATE : null, terms.isHeld)
  }

  async function part(otherwise: () => void): Promise<void> {
    if (wire.closed || onTheLine !== null) return
    parting = true
    const late = Promise.withResolvers<void>()
    const cancel = clock.after(PARTS_WITHIN_MS, () => {
      parting = false
      otherwise()
      if (onTheLine !== null) late.resolve()
    })
    client.end().catch(() => {})
    await Promise.race([closed.promise, late.promise])
    cancel()
  }

  function refuseUnbound(): void {
    if (channelBinding !== 'require' || bound) return
    refuse(failed(place, 'authentication', 'postgres-channel-binding-missing', { host, port }))
  }

  const connection = Reflect.get(client, 'connection') as NodeJS.EventEmitter
  connection.on('message', onMessage)
  function onMessage(message: { name?: string; mechanisms?: string[]; processID?: number }): void {
    switch (message.name) {
      case 'error':
        // An error as the very first answer is told as what it is.
        return
      case 'authenticationSASL':
        bound = binds && message.mechanisms?.includes('SCRAM-SHA-256-PLUS') === true
        refuseUnbound()
        break
      case 'authenticationMD5Password':
      case 'authenticationCleartextPassword':
      case 'authenticationOk':
        refuseUnbound()
        break
      case 'backendKeyData':
        named = message.processID ?? null
        break
    }
    advance(message.name ?? '')
  }

  connection.on('parameterStatus', (message: { parameterName: string; parameterValue: string }) => {
    if (reported.size < MOST_REPORTED) reported.set(message.parameterName, message.parameterValue)
  })

  function advance(name: string): void {
    if (stage === 'asked') {
      stage = 'authenticating'
      onStep?.('protocol', null)
    }
    if (name === 'authenticationOk' && refusal === null) {
      stage = 'authenticated'
      onStep?.('authentication', user)
    }
  }

  const meter = createMeter(wire, {
    now: clock.monotonic,
    onFirst: (said) => {
      const rubbish = failed(place, 'protocol', 'postgres-not-spoken', { host, port })
      if (!beginsAsPostgres(said)) refuse(rubbish)
    },
    onExcess: () =>
      refuse(
        stage === 'authenticated'
          ? failed(place, 'protocol', 'postgres-answer-too-long')
          : failed(place, 'protocol', 'postgres-not-spoken', { host, port }),
      ),
  })

  async function run(): Promise<void> {
    try {
      await client.connect()
      if (refusal !== null) throw refusal
      connection.off('message', onMessage)
    } catch (error) {
      wire.destroy()
      await closed.promise
      if (refusal !== null) throw refusal
      if (error instanceof ReachError) throw error
      // With TLS 1.3 a server tells that it does not take our certificate only after the handshake.
      if (errorCode(error)?.startsWith('ERR_SSL') === true) throw terms.tlsFailure(error)
      throw loginFailure(error, { host, port, user, database }, place)
    }
  }

  const line: Line = {
    client,
    meter,
    reported,
    get named() {
      return named
    },
    get stage() {
      return stage
    },
    ended: ended.promise,
    closed: closed.promise,
    parted: () => parting && wire.closed,
    close: () => part(() => wire.destroy()),
    leave: () => part(() => stayOnTheLine(statementFailure(last, 0, place))),
    cut: refuse,
    hangUp: stayOnTheLine,
    givenUp: givenUp.signal,
    hungUp: () => onTheLine,
  }
  return { line, done: run() }
}

/**
 * An authentication request, an error or notice, or a negotiation of the protocol's version, and a length that such a
 * message can have: everything else is no PostgreSQL, and would be waited for as the rest of a very long message.
 */
function beginsAsPostgres(said: Buffer): boolean {
  if (!'RENv'.includes(String.fromCharCode(said[0] ?? 0))) return false
  if (said.length < 5) return true
  const length = said.readUInt32BE(1)
  return length > 4 && length <= 30_000
}

/**
 * pg calls `connect` on the stream that it is given and waits for the event; this one is connected already. What pg
 * cannot read makes it throw out of the event: that ends the connection, not the process.
 */
function connected(wire: Wire): Wire {
  const emit = wire.emit.bind(wire)
  return Object.assign(wire, {
    connect() {
      queueMicrotask(() => wire.emit('connect'))
      return wire
    },
    emit(event: string, ...rest: unknown[]) {
      if (event !== 'data') return emit(event, ...rest)
      try {
        return emit(event, ...rest)
      } catch (error) {
        wire.destroy(error instanceof Error ? error : new Error(String(error)))
        return true
      }
    },
  })
}
