/**
 * The two PostgreSQL sessions of a deployment, for probes and for people. Each holds one connection and runs one
 * statement at a time; together they never hold a third, and both see the same server.
 */
import type { ConnectionHop } from '#shared/model/connection.ts'
import type { Log } from '../../log.ts'
import { remaining, within } from '../deadline.ts'
import { failed, type Place } from '../failed.ts'
import { createGate } from '../gate.ts'
import type { Limits, PostgresAnswer, PostgresSession } from '../reach.ts'
import { ReachError } from '../reach.ts'
import { withinWay } from '../silence.ts'
import { createSupervisor, type Supervisor } from '../supervisor.ts'
import { postgresUrl } from './address.ts'
import type { PostgresConnection, PostgresDependencies } from './connection.ts'
import { statementFailure } from './failure.ts'
import { openPostgres, unsuited } from './first-suitable.ts'
import { asOneOfTwo, BURIAL_TIMEOUT_MS, hanging } from './one-of-two.ts'
import { createOrphans } from './orphans.ts'
import { suits } from './servers.ts'
import { createSlowLogins } from './slow-logins.ts'
import { runStatement } from './statement.ts'

const MAX_ROWS = 10_000
/** How often a server that does not report its role by itself is asked for it. */
const ROLE_AGAIN_MS = 10_000
const ROLE_TIMEOUT_MS = 2_000
const ROLES = ['probes', 'people'] as const
type Role = (typeof ROLES)[number]

export interface PostgresSessions {
  readonly sessions: { readonly probes: PostgresSession; readonly people: PostgresSession }
  state(): ConnectionHop
  retry(): void
  wayIsUp(): void
  close(): Promise<void>
}

interface Asked {
  readonly answer: Promise<PostgresAnswer>
  /** What it means that no answer has come. */
  missing(seconds: number): ReachError
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
  /** One login at a time, so that a wrong password is sent exactly once and not by each session. */
  const logins = createGate(1)
  const orphans = createOrphans({ clock })
  const slowLogins = createSlowLogins<Role>({ clock })
  let refused: ReachError | null = null
  let latencyMs: number | null = null
  /** The latest connection was to a pooler. */
  let pooled = false
  let cancelWake: () => void = () => {}

  async function open(role: Role, signal: AbortSignal): Promise<PostgresConnection> {
    return logins.pass(signal, async () => {
      if (refused !== null) throw refused
      const other = supervisors[role === 'probes' ? 'people' : 'probes']?.current() ?? null
      await makeRoom(role, other, signal)
      try {
        const earlier = await slowLogins.take(role, signal)
        if (earlier?.why !== undefined && url.servers.length === 1) throw earlier.why
        const connection =
          earlier?.connection ??
          (await openPostgres(dependencies, signal, {
            only: other?.server ?? null,
            without: earlier,
            pooled,
            onSlow(login) {
              slowLogins.keep(role, login)
              const again = () => supervisors[role]?.retry()
              login.outcome.then(again, again)
            },
          }))
        await slowLogins.forget(role)
        pooled = connection.backend === null
        const suited = wanted === 'prefer-standby' || suits(wanted, connection.role)
        if (!suited) {
          await connection.close()
          throw unsuited(connection, wanted)
        }
        return await asOneOfTwo(connection, other, { orphans, clock, signal })
      } catch (error) {
        if (error instanceof ReachError) onRefusal(error, other)
        throw error
      }
    })
  }

  /** Nothing is opened while the server may still have more of ours than the other session. */
  async function makeRoom(role: Role, other: PostgresConnection | null, signal: AbortSignal): Promise<void> {
    if (orphans.count() === 0) return
    if (other === null || pooled) {
      const left = pooled ? null : orphans.mayLinger()
      if (left === null) return
      cancelWake()
      cancelWake = clock.after(left.leftMs, wake)
      throw left.why
    }
    // In its turn: the other session may be busy. Should it not answer, it is cut, and nobody is left to ask.
    const ask = sessions[role === 'probes' ? 'people' : 'probes']
    const limits = { signal, timeoutMs: BURIAL_TIMEOUT_MS }
    const left = await orphans.bury(async (text, values) => (await ask.query(text, values, limits)).rows)
    if (left !== null) throw hanging(other, left)
  }

  /** What was waited for is over: the attempts that were given up meanwhile say nothing of the server. */
  function wake(): void {
    for (const supervisor of [probes, people]) {
      if (supervisor.status().status === 'DISCONNECTED') supervisor.retry()
    }
  }

  function onRefusal(error: ReachError, other: PostgresConnection | null): void {
    const { failure } = error
    if (failure.recovery === 'person' && failure.on === 'target') refused = error
    // Of several servers this one is gone: the other session does not keep us from looking for the next.
    if (url.servers.length > 1 && failure.step === 'tcp' && failure.on === 'target') other?.cut(error)
  }

  function supervise(role: Role): Supervisor<PostgresConnection> {
    return createSupervisor<PostgresConnection>({
      place,
      way,
      clock,
      random,
      log,
      onChange,
      open: async (signal) => {
        const connection = await open(role, signal)
        void connection.ended.then((why) => orphans.lost(connection, why))
        return { value: connection, ended: connection.ended, close: connection.close }
      },
    })
  }

  const supervisors: Partial<Record<Role, Supervisor<PostgresConnection>>> = {}
  const probes = supervise('probes')
  supervisors.probes = probes
  const people = supervise('people')
  supervisors.people = people

  function session(supervisor: Supervisor<PostgresConnection>): PostgresSession {
    const turns = createGate(1)
    let roleAt = clock.monotonic()

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

    return {
      get version() {
        return supervisor.current()?.version ?? null
      },
      get pooled() {
        return supervisor.current()?.backend === null
      },
      async query(text, values, limits) {
        const startedAt = clock.monotonic()
        let asked: Asked | null = null
        const late = (): ReachError => {
          const seconds = limits.timeoutMs / 1_000
          if (asked !== null) return asked.missing(seconds)
          return failed(nameOf(supervisor), 'protocol', 'postgres-session-busy', { seconds })
        }
        return withinWay({ clock, way }, limits, late, async (signal) => {
          const answer = Promise.withResolvers<PostgresAnswer>()
          // The turn lasts until the server is done with the statement, also when nobody waits for it any more.
          const turn = turns.pass(signal, async () => {
            const left = { ...limits, signal, timeoutMs: remaining(clock, startedAt, limits.timeoutMs) }
            const connection = await supervisor.get(left)
            asked = ask(connection, text, values, left)
            answer.resolve(asked.answer)
            await asked.answer.then(
              () => checkRole(connection),
              () => {},
            )
          })
          turn.catch(answer.reject)
          return answer.promise
        })
      },
    }
  }

  async function askForRole({ client, place: at }: PostgresConnection): Promise<boolean | null> {
    const bounds = { signal: new AbortController().signal, timeoutMs: ROLE_TIMEOUT_MS }
    const late = () => failed(at, 'protocol', 'postgres-answer-missing', { seconds: ROLE_TIMEOUT_MS / 1_000 })
    const { rows } = await within(clock, bounds, late, () =>
      client.query<{ standby: boolean }>('SELECT pg_catalog.pg_is_in_recovery() AS standby'),
    )
    return rows[0]?.standby ?? null
  }

  function nameOf(supervisor: Supervisor<PostgresConnection>): Place {
    return supervisor.current()?.place ?? place
  }

  /** Runs one statement; the answer settles when the connection is free again, or cut. */
  function ask(
    connection: PostgresConnection,
    text: string,
    values: readonly unknown[],
    limits: Limits & { maxRows?: number },
  ): Asked {
    const { timeoutMs, maxRows = MAX_ROWS } = limits
    let cutWith: ReachError | null = null
    let sentAt: number | null = null
    const missing = (seconds: number): ReachError => {
      const code =
        sentAt === null && connection.backend === null ? 'postgres-pooler-busy' : 'postgres-answer-missing'
      return failed(connection.place, 'protocol', code, { seconds })
    }
    const dueAt = clock.now() + timeoutMs
    const cancelCut = clock.after(timeoutMs, () => {
      cutWith = missing(timeoutMs / 1_000)
      // Where the way is silent, the server may have answered all the time.
      if (way.down() === null) orphans.add(connection, dueAt, cutWith)
      // No cancel request: that would be one more connection, to a server that does not even answer this one.
      connection.cut(cutWith)
      way.suspect()
    })
    const answer = (async () => {
      try {
        const got = await runStatement(connection, { text, values, timeoutMs, maxRows }, () => {
          sentAt = clock.monotonic()
        })
        latencyMs = clock.monotonic() - (sentAt ?? 0)
        return got
      } catch (error) {
        const cut = way.down()
        if (cut !== null) throw new ReachError(cut)
        throw cutWith ?? statementFailure(error, timeoutMs, connection.place)
      } finally {
        cancelCut()
      }
    })()
    return { answer, missing }
  }

  const sessions = { probes: session(probes), people: session(people) }

  return {
    sessions,
    state() {
      const [one, other] = [probes.status(), people.status()]
      const worse = one.status === 'CONNECTED' ? other : one
      const { hop } = probes.current()?.place ?? nameOf(people)
      return { hop, kind: 'postgres', status: worse.status, ms: latencyMs, error: worse.failure }
    },
    retry() {
      refused = null
      for (const supervisor of [probes, people]) supervisor.retry()
    },
    wayIsUp() {
      for (const supervisor of [probes, people]) supervisor.wayIsUp()
    },
    async close() {
      cancelWake()
      await Promise.all([probes.close(), people.close()])
      await slowLogins.close()
    },
  }
}
