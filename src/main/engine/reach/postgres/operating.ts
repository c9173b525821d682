/**
 * Sessions of who operates, for operations alone: for a moment, and in the place of people's connection, so that the server has no third of ours.
 */
import type { SecretReference } from '#shared/model/profile/fields.ts'
import type { PostgresServer } from '#shared/model/profile/postgres-url.ts'
import { createGate } from '../gate.ts'
import type { PostgresSession } from '../reach.ts'
import { askInTurn } from './asking.ts'
import type { PostgresConnection, PostgresDependencies } from './connection.ts'
import { openPostgres } from './first-suitable.ts'
import type { PostgresRoom } from './room.ts'

export interface PostgresOperating {
  readonly user: string
  /** Runs what needs a session for a moment; it is read-only, which ends no right to signal others. */
  briefly<T>(signal: AbortSignal, work: (session: PostgresSession) => Promise<T>): Promise<T>
}

export function createOperating(
  dependencies: PostgresDependencies & {
    readonly random: () => number
    readonly room: PostgresRoom
    readonly as: { readonly user: string; readonly password?: SecretReference | undefined }
    /** The server that is watched at the moment. */
    readonly watched: () => PostgresServer | null
  },
): PostgresOperating {
  const { room, as, watched, clock, way } = dependencies

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
    briefly: (signal, work) =>
      room.lend(signal, async (guest, inner) => {
        const connection = await openPostgres(dependencies, inner, { ...guest.options, as, only: watched() })
        try {
          return await work(sessionOn(connection))
        } finally {
          await connection.close()
        }
      }),
  }
}
