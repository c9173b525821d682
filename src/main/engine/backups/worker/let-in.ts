/** Lets a role without rights log in for one time: with a password that is made for it, told to the server as its verifier, and kept nowhere. */
import { DatabaseError, escapeLiteral } from 'pg'
import type { SecretReference } from '#shared/model/profile/fields.ts'
import { openServer, type PostgresConnection } from '../../reach/postgres/connection.ts'
import { statementFailure } from '../../reach/postgres/failure.ts'
import { MAINTENANCE } from '../../reach/postgres/operating.ts'
import { passingPassword, scramVerifier } from '../../vault/primitives.ts'
import { sqlName } from '../postgres/quote.ts'
import type { ForeignJob } from './messages.ts'
import type { OwnWay } from './own-way.ts'
import type { RestoreDependencies } from './restore.ts'

/** Stands for a password that nobody else knows and nothing keeps. */
export const ROLE_PASSWORD: SecretReference = 'secret:vakhta-restore-role'
/** From when it can log in until it has. */
const LOGS_IN_WITHIN = '5 minutes'

/** @returns the password */
export async function letIn(
  { clock, signal }: Pick<RestoreDependencies, 'clock' | 'signal'>,
  own: OwnWay,
  { postgres, server, role }: Pick<ForeignJob, 'postgres' | 'server' | 'role'>,
): Promise<string> {
  const password = passingPassword()
  const { operate } = postgres
  const maintenance = await openServer({ ...own, postgres, clock }, server, signal, {
    database: operate?.maintenance ?? MAINTENANCE,
    ...(operate !== undefined && {
      as: {
        user: operate.user,
        ...(operate.password !== undefined && { password: operate.password }),
      },
    }),
  })
  try {
    await maintenance.client.query('SET default_transaction_read_only = off')
    const until = `now() + interval '${LOGS_IN_WITHIN}'`
    const { rows } = await maintenance.client.query<{ until: string }>(`SELECT (${until})::text AS until`)
    await maintenance.client.query(
      `ALTER ROLE ${sqlName(role)} LOGIN PASSWORD ${escapeLiteral(scramVerifier(password))} VALID UNTIL ${escapeLiteral(rows[0]?.until ?? '')}`,
    )
  } catch (error) {
    throw asFailure(error, maintenance)
  } finally {
    await maintenance.close()
  }
  return password
}

/** A way on which the role's password is known. */
export function withPassword(own: OwnWay, password: string): OwnWay {
  return {
    ...own,
    resolveSecret: (reference) =>
      reference === ROLE_PASSWORD ? Promise.resolve(password) : own.resolveSecret(reference),
  }
}

export function asFailure(error: unknown, { place }: Pick<PostgresConnection, 'place'>): unknown {
  return error instanceof DatabaseError ? statementFailure(error, 0, place) : error
}
