/** Works in a database as a role without rights that was made for it, and is let in for one login: whatever runs there can do nothing that the role may not. */
import { DatabaseError, escapeLiteral } from 'pg'
import type { SecretReference } from '#shared/model/profile/fields.ts'
import { openServer, type PostgresConnection } from '../../reach/postgres/connection.ts'
import { statementFailure } from '../../reach/postgres/failure.ts'
import { MAINTENANCE } from '../../reach/postgres/operating.ts'
import { passingPassword, scramVerifier } from '../../vault/primitives.ts'
import { sqlName } from '../postgres/quote.ts'
import type { RestoreJob } from './messages.ts'
import { type OwnWay, overOwnWay } from './own-way.ts'
import type { RestoreDependencies } from './restore.ts'

/** Stands for a password that nobody else knows and nothing keeps. */
const OURS: SecretReference = 'secret:vakhta-restore-role'
/** From when it can log in until it has. */
const LOGS_IN_WITHIN = '5 minutes'

export async function asRoleLetIn<T>(
  dependencies: Pick<RestoreDependencies, 'ask' | 'clock' | 'signal'>,
  {
    postgres,
    server,
    role,
    database,
    ssh,
  }: Pick<RestoreJob, 'postgres' | 'server' | 'database' | 'ssh'> & { readonly role: string },
  work: (connection: PostgresConnection) => Promise<T>,
): Promise<T> {
  const { clock, signal } = dependencies
  return overOwnWay(dependencies, ssh, async (own) => {
    const open = (of: OwnWay, as: { user: string; password?: SecretReference } | undefined, name: string) =>
      openServer({ ...of, postgres, clock }, server, signal, {
        database: name,
        ...(as !== undefined && { as }),
      })
    const password = passingPassword()
    const operator = postgres.operate && {
      user: postgres.operate.user,
      ...(postgres.operate.password !== undefined && { password: postgres.operate.password }),
    }
    const maintenance = await open(own, operator, postgres.operate?.maintenance ?? MAINTENANCE)
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
    const ours: OwnWay = {
      ...own,
      resolveSecret: (reference) =>
        reference === OURS ? Promise.resolve(password) : own.resolveSecret(reference),
    }
    const connection = await open(ours, { user: role, password: OURS }, database.into)
    const cut = () => void connection.close()
    signal.addEventListener('abort', cut, { once: true })
    try {
      return await work(connection)
    } catch (error) {
      signal.throwIfAborted()
      throw asFailure(error, connection)
    } finally {
      signal.removeEventListener('abort', cut)
      await connection.close()
    }
  })
}

function asFailure(error: unknown, { place }: PostgresConnection): unknown {
  return error instanceof DatabaseError ? statementFailure(error, 0, place) : error
}
