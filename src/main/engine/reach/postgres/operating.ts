/**
 * Sessions of who operates, for operations alone: for a moment, and in the place of people's connection, so that the server has no third of ours; or
 * held for as long as an operation takes, beside those that watch, which its preview tells.
 */
import { DatabaseError } from 'pg'
import type { SecretReference } from '#shared/model/profile/fields.ts'
import type { PostgresServer } from '#shared/model/profile/postgres-url.ts'
import { createGate } from '../gate.ts'
import type { PostgresSession, ReachError } from '../reach.ts'
import type { Admission } from './admission.ts'
import { askInTurn } from './asking.ts'
import type { PostgresConnection, PostgresDependencies } from './connection.ts'
import { statementFailure } from './failure.ts'
import { openPostgres } from './first-suitable.ts'
import { endsIdleSessions } from './introduce.ts'
import type { PostgresRoom } from './room.ts'

/** A session that is kept. It is read-only until a transaction says otherwise, and the server ends it where nothing is asked for 25 s (from 14 on). */
export interface HeldSession extends PostgresSession {
  /** It is at a server that only follows another. */
  readonly standby: boolean
  readonly database: string
  /** Resolves with why, when it broke or was closed. */
  readonly ended: Promise<ReachError>
  close(): Promise<void>
}

export interface PostgresOperating {
  readonly user: string
  /** The database that is nobody's own: where locks are taken and markers stand, and whence databases are made and renamed. */
  readonly maintenance: string
  /** Runs what needs a session for a moment; it is read-only, which ends no right to signal others. */
  briefly<T>(signal: AbortSignal, work: (session: PostgresSession) => Promise<T>): Promise<T>
  /**
   * Runs what needs a session of its own beside the watch's, in any database, that may write and takes as long as it takes. What takes it tells of it in its
   * preview. What the server refuses is thrown as a `ReachError`; a session that is no longer wanted is cut.
   */
  apart<T>(
    signal: AbortSignal,
    database: string,
    work: (connection: PostgresConnection) => Promise<T>,
  ): Promise<T>
  /** Opens a connection to a database of the server that is watched, one more than watching has; whoever holds it closes it. */
  hold(signal: AbortSignal, database: string): Promise<HeldSession>
}

/** As `initdb` makes it. */
export const MAINTENANCE = 'postgres'
/** A lock that others hold longer is not waited for: whoever waits for one holds up all who come after. */
const LOCK_WAIT_MS = 10_000
const APART = [
  'SET default_transaction_read_only = off',
  'SET statement_timeout = 0',
  'SET idle_in_transaction_session_timeout = 0',
  `SET lock_timeout = ${LOCK_WAIT_MS}`,
  // Rows that a policy hides are an error rather than left out.
  'SET row_security = off',
]

export function createOperating(
  dependencies: PostgresDependencies & {
    readonly random: () => number
    readonly room: PostgresRoom
    readonly inTurn: Admission['inTurn']
    readonly as: {
      readonly user: string
      readonly password?: SecretReference | undefined
      readonly maintenance?: string | undefined
    }
    /** The server that is watched at the moment. */
    readonly watched: () => PostgresServer | null
  },
): PostgresOperating & { close(): Promise<void> } {
  const { room, inTurn, as, watched, clock, way } = dependencies
  const ending = new AbortController()
  const held = new Set<PostgresConnection>()

  function sessionOn(connection: PostgresConnection): PostgresSession {
    const turns = createGate(1)
    return {
      version: connection.version,
      pooled: connection.backend === null,
      query: (text, values, limits) =>
        askInTurn(
          { clock, way, onAnswer() {} },
          { text, values, limits },
          { turns, place: () => connection.place, connect: () => connection, afterwards: async () => {} },
        ),
    }
  }

  return {
    user: as.user,
    maintenance: as.maintenance ?? MAINTENANCE,
    briefly: (signal, work) =>
      room.lend(signal, async (guest, inner) => {
        const connection = await openPostgres(dependencies, inner, { ...guest.options, as, only: watched() })
        try {
          return await work(sessionOn(connection))
        } finally {
          await connection.close()
        }
      }),
    async apart(signal, database, work) {
      const connection = await openPostgres(dependencies, signal, { as, only: watched(), database })
      let lost: ReachError | null = null
      void connection.ended.then((why) => {
        lost = why
      })
      const cut = () => void connection.close()
      signal.addEventListener('abort', cut, { once: true })
      try {
        if (connection.backend !== null) {
          const idle = endsIdleSessions(connection.version) ? ['SET idle_session_timeout = 0'] : []
          await connection.client.query([...APART, ...idle].join('; '))
        }
        return await work(connection)
      } catch (error) {
        signal.throwIfAborted()
        if (error instanceof DatabaseError) throw statementFailure(error, LOCK_WAIT_MS, connection.place)
        // A statement whose connection breaks is told of that before the connection's own end is.
        await new Promise((resolve) => setImmediate(resolve))
        throw lost ?? error
      } finally {
        signal.removeEventListener('abort', cut)
        await connection.close()
      }
    },
    async hold(signal, database) {
      const either = AbortSignal.any([signal, ending.signal])
      const connection = await inTurn(either, () =>
        openPostgres(dependencies, either, { as, only: watched(), database }),
      )
      held.add(connection)
      void connection.ended.then(() => held.delete(connection))
      if (ending.signal.aborted) await connection.close()
      const { ended, role, close } = connection
      return { ...sessionOn(connection), standby: role.standby, database, ended, close }
    },
    async close() {
      ending.abort(new Error('the watch ended'))
      await Promise.all([...held].map((connection) => connection.close()))
    },
  }
}
