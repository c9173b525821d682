/** How a server lets in who operates: in clear or encrypted, where `sslmode` leaves that open and `pg_hba.conf` alone knows. */
import type { PostgresServer } from '#shared/model/profile/postgres-url.ts'
import { postgresUrl } from '../../reach/postgres/address.ts'
import { openServer, type PostgresDependencies } from '../../reach/postgres/connection.ts'
import { type Encryption, encryptions } from '../../reach/postgres/encryption.ts'

export interface Admitted {
  readonly server: PostgresServer
  readonly encryption: Encryption
}

/**
 * Logs in for a moment, where nothing else tells, as the program will: rules are of a role and of a database. Throws a `ReachError`.
 * @param database that the program works in
 */
export async function askAdmission(
  dependencies: PostgresDependencies,
  server: PostgresServer,
  database: string,
  signal: AbortSignal,
): Promise<Admitted> {
  const { postgres } = dependencies
  const [first, ...others] = encryptions(postgresUrl(postgres).sslmode, server)
  if (first !== undefined && others.length === 0) return { server, encryption: first }
  const as = postgres.operate
  const connection = await openServer(dependencies, server, signal, {
    ...{ database, ...(as !== undefined && { as }) },
  })
  await connection.close()
  return { server, encryption: connection.encryption }
}
