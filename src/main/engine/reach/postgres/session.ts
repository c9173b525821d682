/**
 * The PostgreSQL sessions of a deployment, for probes and for people. That of the probes has a connection at all times, that
 * of people while somebody asks; the server never has a third process for us, also where it did not hear that one broke.
 */
import type { ConnectionHop } from '#shared/model/connection.ts'
import type { Log } from '../../log.ts'
import { remaining, within } from '../deadline.ts'
import { failed, type Place } from '../failed.ts'
import { createGate } from '../gate.ts'
import type { Limits, PostgresAnswer, PostgresSession } from '../reach.ts'
import { ReachError } from '../reach.ts'
import { createSupervisor } from '../supervisor.ts'
import { postgresUrl } from './address.ts'
import { askInTurn } from './asking.ts'
import type { PostgresConnection, PostgresDependencies, SlowLogin } from './connection.ts'
import { openPostgres, unsuited } from './first-suitable.ts'
import { endsIdleSessions, KEEP_AWAKE_MS } from './introduce.ts'
import { asOneOfTwo, BURIAL_TIMEOUT_MS, MOST_CONNECTIONS } from './one-of-two.ts'
import { createOrphans } from './orphans.ts'
import { createPeople } from './people.ts'
import { createPoolerConsole } from './pooler.ts'
import { suits } from './servers.ts'
import { createSlowLogin } from './slow-login.ts'

/** How often a server that does not report its role by itself is asked for it. */
const ROLE_AGAIN_MS = 10_000
const ROLE_TIMEOUT_MS = 2_000
const AWAKE_TIMEOUT_MS = 4_000
const TIDY_AGAIN_MS = 5_000
/** One that hangs is asked after again. */
const LONGEST_WAIT_MS = 60_000

/** The people's connection became the probes' while a statement waited for its turn on it. */
const HANDED_OVER = new Error('the connection was handed over')

export interface PostgresSessions {
  readonly sessions: {
    readonly probes: PostgresSession
    readonly people: PostgresSession
    pools(limits: Limits): Promise<PostgresAnswer | null>
  }
  state(): ConnectionHop
  retry(): void
  wayIsUp(): void
  close(): Promise<void>
}

export function createPostgresSessions(
  dependencies: PostgresDependencies & {
    place: Place
    random: () => number
    log: Log
    onChange: () => void
  },
): PostgresSessions {
  const { place, clock, random, log, way, onChange, postgres } = dependencies
  const url = postgresUrl(postgres)
  const wanted = url.targetSessionAttrs
  /** One login at a time, so that a wrong password is sent exactly once, and each knows of the other. */
  const logins = createGate(1)
  const orphans = createOrphans({ clock })
  const slowLogin = createSlowLogin({ clock })
  const pooler = createPoolerConsole({ ...dependencies, logins })
  let refused: ReachError | null = null
  let latencyMs: number | null = null
  /** The latest connection was to a pooler. */
  let pooled = false
  let roleAt = clock.monotonic()
  let tidiedAt = Number.NEGATIVE_INFINITY
  let cancelWake: () => void = () => {}
  let cancelAwake: () => void = () => {}

  const probes = createSupervisor<PostgresConnection>({
    place,
    way,
    clock,
    random,
    log,
    onChange,
    open: async (signal) => {
      const connection = await logins.pass(signal, () => openForProbes(signal))
      stayAwake()
      return { value: connection, ended: connection.ended, close: connection.close }
    },
  })

  const people = createPeople({
    clock,
    log,
    // Before version 14 nothing would end it where it broke behind our back.
    mayOpen() {
      const beside = probes.current()
      return beside !== null && (beside.backend === null || endsIdleSessions(beside.version))
    },
    open: (signal, adopt) => logins.pass(signal, async () => adopt(await openForPeople(signal))),
    onFree: wake,
  })

  async function openForProbes(signal: AbortSignal): Promise<PostgresConnection> {
    // What works is not left for what may not: the server may be full, or keep what broke.
    const spare = people.handOver()
    if (spare !== null) return asOneOfTwo(spare, 0, { orphans, clock, signal })
    if (refused !== null) throw refused
    const beside = people.isThere() ? 1 : 0
    needRoom(beside)
    try {
      const earlier = await slowLogin.take(signal)
      if (earlier?.why !== undefined && url.servers.length === 1) throw earlier.why
      const connection =
        earlier?.connection ??
        (await openPostgres(dependencies, signal, {
          // While people's statement runs, both are to see the same server.
          only: people.current()?.server ?? null,
          without: earlier,
          pooled,
          onLost: orphans.leftAtLogin,
          onSlow(login) {
            slowLogin.keep(login)
            login.outcome.then(probes.retry, probes.retry)
          },
        }))
      await slowLogin.forget()
      return await admit(connection, beside, signal)
    } catch (error) {
      onRefusal(error)
      throw error
    }
  }

  async function openForPeople(signal: AbortSignal): Promise<PostgresConnection> {
    const beside = probes.current()
    if (refused !== null) throw refused
    if (beside === null) throw failed(place, 'protocol', 'connection-slow', { seconds: 0 })
    // The probes ask after those in a moment.
    if (orphans.count() > 0 && !pooled) throw left(0)
    try {
      const onSlow = (login: SlowLogin): void => {
        const outcome = login.outcome.then((connection) => {
          watchEnd(connection)
          return connection
        })
        people.awaitLogin({ ...login, outcome })
      }
      const options = { only: beside.server, pooled, onLost: orphans.leftAtLogin, onSlow }
      return await admit(await openPostgres(dependencies, signal, options), 1, signal)
    } catch (error) {
      onRefusal(error)
      throw error
    }
  }

  async function admit(
    connection: PostgresConnection,
    beside: number,
    signal: AbortSignal,
  ): Promise<PostgresConnection> {
    watchEnd(connection)
    pooled = connection.backend === null
    const suited = wanted === 'prefer-standby' || suits(wanted, connection.role)
    if (!suited) {
      await connection.close()
      throw unsuited(connection, wanted)
    }
    return asOneOfTwo(connection, beside, { orphans, clock, signal })
  }

  function watchEnd(connection: PostgresConnection): void {
    void connection.ended.then((why) => orphans.left(connection, why))
  }

  /** Nothing is opened while the server may still have as many of ours as it is to have. */
  function needRoom(beside: number): void {
    const { count, leftMs, hung } = orphans.lingering()
    if (pooled || count + beside < MOST_CONNECTIONS) return
    cancelWake()
    cancelWake = clock.after(Math.min(leftMs, LONGEST_WAIT_MS), wake)
    throw hung ?? left(Math.min(leftMs, LONGEST_WAIT_MS))
  }

  function left(leftMs: number): ReachError {
    return failed(place, 'protocol', 'postgres-connections-left', { seconds: Math.ceil(leftMs / 1_000) })
  }

  /** What was waited for is over: the attempts that were given up meanwhile say nothing of the server. */
  function wake(): void {
    if (probes.status().status === 'DISCONNECTED') probes.retry()
  }

  function onRefusal(error: unknown): void {
    if (!(error instanceof ReachError)) return
    const { failure } = error
    if (failure.recovery === 'person' && failure.on === 'target') refused = error
    // Of several servers this one is gone: people's connection to it does not keep us from looking for the next.
    if (url.servers.length > 1 && failure.step === 'tcp' && failure.on === 'target')
      people.current()?.cut(error)
  }

  /** The server ends a session that it does not hear of. */
  function stayAwake(): void {
    cancelAwake()
    cancelAwake = clock.after(KEEP_AWAKE_MS, () => {
      if (probes.current() === null || pooled) return
      const limits = { signal: new AbortController().signal, timeoutMs: AWAKE_TIMEOUT_MS }
      sessions.probes.query('SELECT 1', [], limits).catch(() => {})
    })
  }

  /** What broke is not left to the server to find out. */
  async function endWhatIsLeft({ client, server, backend, place: at }: PostgresConnection): Promise<void> {
    if (orphans.count() === 0 || backend === null || clock.monotonic() - tidiedAt < TIDY_AGAIN_MS) return
    tidiedAt = clock.monotonic()
    const bounds = { signal: new AbortController().signal, timeoutMs: BURIAL_TIMEOUT_MS }
    const late = () =>
      failed(at, 'protocol', 'postgres-answer-missing', { seconds: BURIAL_TIMEOUT_MS / 1_000 })
    const run = async (text: string, values: readonly unknown[]) =>
      (await within(clock, bounds, late, () => client.query(text, [...values]))).rows
    // Where that is not answered, the next statement is not either, and tells of it.
    await orphans.bury(server, run).catch(() => {})
  }

  /** After a failover the server may no longer be the one that is wanted; then both sessions look for that. */
  async function checkRole(connection: PostgresConnection): Promise<void> {
    if (wanted === 'any' || (wanted === 'prefer-standby' && !connection.role.standby)) return
    let standby = connection.backend === null ? null : connection.standbyNow()
    if (standby === null && clock.monotonic() - roleAt >= ROLE_AGAIN_MS) {
      roleAt = clock.monotonic()
      standby = await askForRole(connection)
    }
    if (standby === null || standby === connection.role.standby) return
    const role = { ...connection.role, standby }
    if (suits(wanted, role)) return
    const why = unsuited({ place: connection.place, role }, wanted)
    for (const each of [probes, people]) each.current()?.cut(why)
  }

  async function askForRole({ client, place: at }: PostgresConnection): Promise<boolean | null> {
    const bounds = { signal: new AbortController().signal, timeoutMs: ROLE_TIMEOUT_MS }
    const late = () => failed(at, 'protocol', 'postgres-answer-missing', { seconds: ROLE_TIMEOUT_MS / 1_000 })
    const { rows } = await within(clock, bounds, late, () =>
      client.query<{ standby: boolean }>('SELECT pg_catalog.pg_is_in_recovery() AS standby'),
    )
    return rows[0]?.standby ?? null
  }

  const asking = {
    clock,
    way,
    onAnswer(ms: number) {
      latencyMs = ms
    },
  }
  const probesTurns = createGate(1)
  const placeNow = () => probes.current()?.place ?? place

  const sessions: PostgresSessions['sessions'] = {
    probes: {
      get version() {
        return probes.current()?.version ?? null
      },
      get pooled() {
        return probes.current()?.backend === null
      },
      query: (text, values, limits) =>
        askInTurn(
          asking,
          { text, values, limits },
          {
            turns: probesTurns,
            place: placeNow,
            connect: probes.get,
            async afterwards(connection) {
              stayAwake()
              await endWhatIsLeft(connection)
              await checkRole(connection)
            },
          },
        ),
    },
    people: {
      get version() {
        return (people.current() ?? probes.current())?.version ?? null
      },
      get pooled() {
        return (people.current() ?? probes.current())?.backend === null
      },
      async query(text, values, limits) {
        const startedAt = clock.monotonic()
        const left = () => ({ ...limits, timeoutMs: remaining(clock, startedAt, limits.timeoutMs) })
        if (await people.comes(limits)) {
          const connect = (): PostgresConnection => {
            const own = people.current()
            if (own === null) throw HANDED_OVER
            return own
          }
          const terms = { turns: people.turns, place: placeNow, connect, afterwards: checkRole }
          try {
            return await askInTurn(asking, { text, values, limits: left() }, terms)
          } catch (error) {
            if (error !== HANDED_OVER) throw error
          }
        }
        return sessions.probes.query(text, values, left())
      },
    },
    async pools(limits) {
      const connection = people.current() ?? probes.current()
      if (connection === null || connection.backend !== null || refused !== null) return null
      return pooler.pools(connection.server, limits)
    },
  }

  return {
    sessions,
    state() {
      const { status, failure } = probes.status()
      return { hop: placeNow().hop, kind: 'postgres', status, ms: latencyMs, error: failure }
    },
    retry() {
      refused = null
      people.retry()
      pooler.retry()
      probes.retry()
    },
    wayIsUp: probes.wayIsUp,
    async close() {
      cancelWake()
      // Before what asks over it: a login of theirs waits for its turn there.
      await Promise.all([pooler.close(), people.close(), probes.close()])
      cancelAwake()
      await slowLogin.close()
    },
  }
}
