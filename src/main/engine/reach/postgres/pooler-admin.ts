/**
 * The consoles of the PgBouncers before a PostgreSQL, for operations: as whoever is among their `admin_users`. A connection for each command, and
 * none in between; what a pooler is told outlives it.
 * https://www.pgbouncer.org/usage.html#admin-console
 */
import { DatabaseError } from 'pg'
import type { Postgres } from '#shared/model/profile/postgres.ts'
import type { PostgresServer } from '#shared/model/profile/postgres-url.ts'
import { within } from '../deadline.ts'
import { failed, type Place } from '../failed.ts'
import type { Limits } from '../reach.ts'
import { postgresUrl, serverName } from './address.ts'
import { openServer, type PostgresDependencies } from './connection.ts'
import { statementFailure } from './failure.ts'

export interface PoolerAdmin {
  /** `HOST:PORT` */
  readonly name: string
  /**
   * Runs one command (`SHOW DATABASES`, `PAUSE "shop"`) and gives its rows, as text. One that takes longer than its limits is no longer waited for
   * (`postgres-answer-missing`), which takes back nothing of it.
   */
  command(text: string, limits: Limits): Promise<readonly Record<string, unknown>[]>
  /** @throws ReachError `postgres-pooler-admin-missing` where we may look, and tell it nothing */
  administers(limits: Limits): Promise<void>
}

export type NamedPooler = NonNullable<Postgres['pooler']>

export function poolerAdmins(dependencies: PostgresDependencies): PoolerAdmin[] {
  const { pooler } = dependencies.postgres
  if (pooler === undefined) return []
  return postgresUrl(pooler).servers.map((server) => createPoolerAdmin(dependencies, pooler, server))
}

export function poolerPlace(server: PostgresServer): Place {
  return { hop: `PgBouncer ${serverName(server)}`, on: 'target' }
}

/** What opens a connection to a pooler's console in place of PostgreSQL. */
export function atPooler(dependencies: PostgresDependencies, pooler: NamedPooler): PostgresDependencies {
  return { ...dependencies, postgres: pooler }
}

/** No pool is called that: who administers is told so, and who does not that he may not ask. */
export const RIGHTS_QUESTION = 'RESUME "vakhta asks whether it may"'

/** @returns whether the answer to that question is one of somebody who administers; PgBouncer has one code for all of its errors. */
export function isAdminsAnswer(error: unknown): boolean {
  return error instanceof DatabaseError && !/admin access/i.test(error.message)
}

function createPoolerAdmin(
  dependencies: PostgresDependencies,
  pooler: NamedPooler,
  server: PostgresServer,
): PoolerAdmin {
  const place = poolerPlace(server)
  const { clock } = dependencies

  async function run(text: string, { signal, timeoutMs }: Limits) {
    const connection = await openServer(atPooler(dependencies, pooler), server, signal, {
      ...{ console: true, place },
    })
    const late = () =>
      failed(place, 'protocol', 'postgres-answer-missing', { seconds: Math.ceil(timeoutMs / 1_000) })
    try {
      const { rows } = await within(clock, { signal, timeoutMs }, late, () =>
        connection.client.query<Record<string, unknown>>(text),
      )
      return rows
    } finally {
      await connection.close()
    }
  }

  return {
    name: serverName(server),
    async command(text, limits) {
      try {
        return await run(text, limits)
      } catch (error) {
        if (error instanceof DatabaseError) throw statementFailure(error, limits.timeoutMs, place)
        throw error
      }
    },
    async administers(limits) {
      try {
        await run(RIGHTS_QUESTION, limits)
      } catch (error) {
        if (isAdminsAnswer(error)) return
        if (!(error instanceof DatabaseError)) throw error
        const { user } = postgresUrl(pooler)
        throw failed(place, 'privilege', 'postgres-pooler-admin-missing', { user })
      }
    },
  }
}
