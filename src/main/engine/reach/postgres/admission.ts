/**
 * Who opens a connection to a PostgreSQL, and when: that of the probes, that of people, and for a moment a guest's in people's
 * place. One login at a time, never a third beside two, and what was refused waits for a person.
 */
import { failed, type Place } from '../failed.ts'
import { createGate } from '../gate.ts'
import { ReachError } from '../reach.ts'
import { postgresUrl } from './address.ts'
import type { OpenOptions, PostgresConnection, PostgresDependencies, SlowLogin } from './connection.ts'
import { openPostgres, unsuited } from './first-suitable.ts'
import { asOneOfTwo, MOST_CONNECTIONS } from './one-of-two.ts'
import type { Orphans } from './orphans.ts'
import type { People } from './people.ts'
import type { Guest } from './room.ts'
import { suits } from './servers.ts'
import { createSlowLogin } from './slow-login.ts'

/** One that hangs is asked after again. */
const LONGEST_WAIT_MS = 60_000

export interface Admission {
  /** Rejects with a `ReachError`; nothing is open then. */
  forProbes(signal: AbortSignal): Promise<PostgresConnection>
  /** As `forProbes`; it is handed to `adopt` before anybody else may log in. */
  forPeople(signal: AbortSignal, adopt: (opened: PostgresConnection) => void): Promise<void>
  /** Waits until nobody logs in, and tells a guest what it is to report. Rejects where it would be the third. */
  forGuest(signal: AbortSignal): Promise<Guest>
  /** Runs something else that logs in, when it is its turn. */
  inTurn<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>
  /** There is one less at the server: an attempt that was given up for want of room is made again. */
  roomMade(): void
  /** The credentials were refused; `null` where they were not. */
  refused(): ReachError | null
  /** Forgets that they were. */
  retry(): void
  close(): Promise<void>
}

/**
 * @param probes what the probes have now
 * @param onRoom an attempt that was given up for want of room may be made again
 */
export function createAdmission(
  dependencies: PostgresDependencies & {
    place: Place
    random: () => number
    orphans: Orphans
    people: () => People
    probes: () => PostgresConnection | null
    onRoom: () => void
  },
): Admission {
  const { place, clock, postgres, orphans, people, probes, onRoom } = dependencies
  const url = postgresUrl(postgres)
  const wanted = url.targetSessionAttrs
  /** So that a wrong password is sent exactly once, and each knows of the other. */
  const logins = createGate(1)
  const slowLogin = createSlowLogin({ clock })
  let refused: ReachError | null = null
  /** The latest connection was to a pooler. */
  let pooled = false
  /** The probes' latest attempt was given up for want of room. */
  let lacksRoom = false
  let cancelRoom: () => void = () => {}

  async function openForProbes(signal: AbortSignal): Promise<PostgresConnection> {
    // What works is not left for what may not: the server may be full, or keep what broke.
    const spare = people().handOver()
    if (spare !== null) return asOneOfTwo(spare, 0, { orphans, clock, signal })
    if (refused !== null) throw refused
    const beside = people().isThere() ? 1 : 0
    const waitMs = lackOfRoom(beside)
    lacksRoom = waitMs !== null
    if (waitMs !== null) {
      cancelRoom()
      cancelRoom = clock.after(waitMs, onRoom)
      throw orphans.lingering().hung ?? left(waitMs)
    }
    try {
      const earlier = await slowLogin.take(signal)
      if (earlier?.why !== undefined && url.servers.length === 1) throw earlier.why
      const connection =
        earlier?.connection ??
        (await openPostgres(dependencies, signal, {
          // While people's statement runs, both are to see the same server.
          only: people().current()?.server ?? null,
          without: earlier,
          pooled,
          onLost: orphans.leftAtLogin,
          onSlow(login) {
            slowLogin.keep(login)
            login.outcome.then(onRoom, onRoom)
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
    const beside = probes()
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
        people().awaitLogin({ ...login, outcome })
      }
      const options: OpenOptions & { only: PostgresConnection['server'] } = {
        only: beside.server,
        pooled,
        onLost: orphans.leftAtLogin,
        onSlow,
      }
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
      await connection.leave()
      throw unsuited(connection, wanted)
    }
    return asOneOfTwo(connection, beside, { orphans, clock, signal })
  }

  function watchEnd(connection: PostgresConnection): void {
    void connection.ended.then((why) => orphans.left(connection, why))
  }

  /**
   * Nothing is opened while the server may still have as many of ours as it is to have: how long until there may be less, or
   * `null` where there is room, or where it is only doubted, and may be risked.
   */
  function lackOfRoom(beside: number): number | null {
    const { count, leftMs, doubted, riskMs } = orphans.lingering()
    if (pooled || count + doubted + beside < MOST_CONNECTIONS) return null
    const waitMs = count + beside < MOST_CONNECTIONS ? riskMs : leftMs
    return waitMs === 0 ? null : Math.min(waitMs, LONGEST_WAIT_MS)
  }

  function left(leftMs: number): ReachError {
    return failed(place, 'protocol', 'postgres-connections-left', { seconds: Math.ceil(leftMs / 1_000) })
  }

  function onRefusal(error: unknown): void {
    if (!(error instanceof ReachError)) return
    const { failure } = error
    if (failure.recovery === 'person' && failure.on === 'target') refused = error
    // Of several servers this one is gone: people's connection to it does not keep us from looking for the next.
    if (url.servers.length > 1 && failure.step === 'tcp' && failure.on === 'target')
      people().current()?.giveUp(error)
  }

  return {
    forProbes: (signal) => logins.pass(signal, () => openForProbes(signal)),
    forPeople: (signal, adopt) => logins.pass(signal, async () => adopt(await openForPeople(signal))),
    forGuest: (signal) =>
      logins.pass(signal, async () => {
        const waitMs = lackOfRoom(probes() === null && !slowLogin.isKept() ? 0 : 1)
        if (waitMs !== null) throw left(waitMs)
        // A login that takes long has a process at the server; the place stays taken until that is over.
        const onSlow = (login: SlowLogin): void => people().awaitLogin(notToStay(login))
        return { options: { onLost: orphans.leftAtLogin, onSlow }, opened: watchEnd }
      }),
    inTurn: logins.pass,
    roomMade() {
      if (lacksRoom) onRoom()
    },
    refused: () => refused,
    retry() {
      refused = null
    },
    async close() {
      cancelRoom()
      await slowLogin.close()
    },
  }
}

/** As it was, but that nobody uses what comes of it. */
function notToStay(login: SlowLogin): SlowLogin {
  const outcome = login.outcome.then(async (connection) => {
    await connection.leave()
    throw login.why()
  })
  return { ...login, outcome }
}
