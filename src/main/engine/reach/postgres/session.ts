/**
 * The two PostgreSQL sessions of a deployment, for probes and for people. Each holds one connection and runs one
 * statement at a time; together they never hold a third.
 */
import { Query } from 'pg'
import type { ConnectionHop } from '#shared/model/connection.ts'
import type { Log } from '../../log.ts'
import { remaining, within } from '../deadline.ts'
import { failed } from '../failed.ts'
import { createGate } from '../gate.ts'
import type { Limits, PostgresAnswer, PostgresSession } from '../reach.ts'
import { ReachError } from '../reach.ts'
import { createSupervisor, type Supervisor } from '../supervisor.ts'
import {
  APPLICATION_NAME,
  type Backend,
  openPostgres,
  type PostgresConnection,
  type PostgresDependencies,
} from './connection.ts'
import { statementFailure } from './failure.ts'

/** How much sooner than the caller's limit the server gives up, so that its answer still arrives. */
const ANSWER_MARGIN_MS = 250
const MAX_ROWS = 10_000
const ROLES = ['probes', 'people'] as const
type Role = (typeof ROLES)[number]

export interface PostgresSessions {
  readonly sessions: { readonly probes: PostgresSession; readonly people: PostgresSession }
  state(): ConnectionHop
  retry(): void
  wayIsUp(): void
  close(): Promise<void>
}

export function createPostgresSessions(
  dependencies: PostgresDependencies & { random: () => number; log: Log; onChange: () => void },
): PostgresSessions {
  const { place, clock, random, log, way, onChange } = dependencies
  /** One login at a time, so that a wrong password is sent exactly once and not by each session. */
  const logins = createGate(1)
  let refused: ReachError | null = null
  /** Backends whose connection broke: the server may not have noticed yet. */
  const orphans = new Map<Role, Backend>()
  let latencyMs: number | null = null

  async function open(role: Role, signal: AbortSignal): Promise<PostgresConnection> {
    return logins.pass(signal, async () => {
      if (refused !== null) throw refused
      const other = supervisors[role === 'probes' ? 'people' : 'probes']?.current() ?? null
      if (other !== null) await bury(other)
      try {
        const connection = await openPostgres(dependencies, signal)
        await bury(connection)
        return connection
      } catch (error) {
        if (
          error instanceof ReachError &&
          error.failure.recovery === 'person' &&
          error.failure.on === 'target'
        ) {
          refused = error
        }
        throw error
      }
    })
  }

  /** Ends what is left of our own broken connections, or reconnecting would make a third. */
  async function bury({ client }: PostgresConnection): Promise<void> {
    for (const [role, { pid, startedAt }] of orphans) {
      await within(
        clock,
        { signal: new AbortController().signal, timeoutMs: 1_000 },
        () => new Error('slow'),
        () =>
          client.query(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE pid = $1 AND backend_start = $2::timestamptz AND usename = current_user AND application_name = $3`,
            [pid, startedAt, APPLICATION_NAME],
          ),
      ).then(
        () => orphans.delete(role),
        // A session that is busy or broken cannot help; the server drops the orphan by itself a little later.
        () => {},
      )
    }
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
        const ended = connection.ended.then((why) => {
          orphans.set(role, connection.backend)
          return why
        })
        return { value: connection, ended, close: connection.close }
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
    return {
      get version() {
        return supervisor.current()?.version ?? null
      },
      async query(text, values, limits) {
        const startedAt = clock.monotonic()
        let begun = false
        const late = (): ReachError => {
          const code = begun ? 'postgres-answer-missing' : 'postgres-session-busy'
          return failed(place, 'protocol', code, { seconds: limits.timeoutMs / 1_000 })
        }
        return within(clock, limits, late, async (signal) => {
          const answer = Promise.withResolvers<PostgresAnswer>()
          // The turn lasts until the server is done with the statement, also when nobody waits for it any more.
          const turn = turns.pass(signal, async () => {
            const left = { ...limits, signal, timeoutMs: remaining(clock, startedAt, limits.timeoutMs) }
            const connection = await supervisor.get(left)
            begun = true
            const run = runStatement(connection, text, values, left)
            answer.resolve(run.answer)
            await run.done
          })
          turn.catch(answer.reject)
          return answer.promise
        })
      },
    }
  }

  /** Runs one statement; `done` resolves when the connection is free again, or cut. */
  function runStatement(
    connection: PostgresConnection,
    text: string,
    values: readonly unknown[],
    limits: Limits & { maxRows?: number },
  ): { answer: Promise<PostgresAnswer>; done: Promise<void> } {
    const { client } = connection
    let missing: ReachError | null = null
    const cancelCut = clock.after(limits.timeoutMs, () => {
      missing = failed(place, 'protocol', 'postgres-answer-missing', { seconds: limits.timeoutMs / 1_000 })
      // No cancel request: that would be one more connection, to a server that does not even answer this one.
      connection.cut(missing)
      way.suspect()
    })
    const answer = (async () => {
      try {
        await boundStatement(client, limits.timeoutMs)
        const sentAt = clock.monotonic()
        const got = await collectRows(connection, text, values, limits.maxRows ?? MAX_ROWS)
        latencyMs = clock.monotonic() - sentAt
        return got
      } catch (error) {
        const cut = way.down()
        if (cut !== null) throw new ReachError(cut)
        throw missing ?? statementFailure(error, limits.timeoutMs, place)
      } finally {
        cancelCut()
      }
    })()
    return {
      answer,
      done: answer.then(
        () => {},
        () => {},
      ),
    }
  }

  return {
    sessions: { probes: session(probes), people: session(people) },
    state() {
      const [one, other] = [probes.status(), people.status()]
      const worse = one.status === 'CONNECTED' ? other : one
      return { hop: place.hop, kind: 'postgres', status: worse.status, ms: latencyMs, error: worse.failure }
    },
    retry() {
      refused = null
      for (const supervisor of [probes, people]) supervisor.retry()
    },
    wayIsUp() {
      for (const supervisor of [probes, people]) supervisor.wayIsUp()
    },
    async close() {
      await Promise.all([probes.close(), people.close()])
    },
  }
}

const BOUNDS = new WeakMap<object, number>()

/** Sets the statement timeout where it differs from the one in force; probes ask for the same again and again. */
async function boundStatement(client: PostgresConnection['client'], timeoutMs: number): Promise<void> {
  const bound = Math.max(50, Math.ceil((timeoutMs - ANSWER_MARGIN_MS) / 50) * 50)
  if (BOUNDS.get(client) === bound) return
  await client.query(`SET statement_timeout = ${bound}`)
  BOUNDS.set(client, bound)
}

function collectRows(
  { client }: PostgresConnection,
  text: string,
  values: readonly unknown[],
  maxRows: number,
): Promise<PostgresAnswer> {
  const outcome = Promise.withResolvers<PostgresAnswer>()
  const rows: Record<string, unknown>[] = []
  let bytes = 0
  const connection = Reflect.get(client, 'connection') as NodeJS.EventEmitter
  const count = (message: { length?: number }): void => {
    // The length of a message leaves out its type byte.
    bytes += (message.length ?? 0) + 1
  }
  connection.on('message', count)
  const query = new Query<Record<string, unknown>>({ text, values: [...values] })
  query.on('row', (row) => {
    if (rows.length < maxRows) rows.push(row)
  })
  query.on('end', () => outcome.resolve({ rows, bytes }))
  query.on('error', (error) => outcome.reject(error))
  client.query(query)
  return outcome.promise.finally(() => connection.off('message', count))
}
