/** Restores a dump that others made into a database that was made for it, as a role without rights which is let in for as long as that takes. */
import { DatabaseError, escapeLiteral } from 'pg'
import type { SecretReference } from '#shared/model/profile/fields.ts'
import { openServer, type PostgresConnection } from '../../reach/postgres/connection.ts'
import { statementFailure } from '../../reach/postgres/failure.ts'
import { MAINTENANCE } from '../../reach/postgres/operating.ts'
import { passingPassword, scramVerifier } from '../../vault/primitives.ts'
import { restoreInto } from '../foreign/restore.ts'
import { sqlName } from '../postgres/quote.ts'
import { plainOf } from '../verify.ts'
import type { ForeignJob } from './messages.ts'
import { type OwnWay, overOwnWay } from './own-way.ts'
import { partOf } from './part-of.ts'
import type { RestoreDependencies } from './restore.ts'

/** Stands for a password that nobody else knows and nothing keeps. */
const OURS: SecretReference = 'secret:vakhta-restore-role'
/** From when it can log in until it has. */
const LOGS_IN_WITHIN = '5 minutes'

export async function restoreForeign(
  dependencies: RestoreDependencies,
  job: ForeignJob,
): Promise<{ readonly refused: number }> {
  const { clock, signal } = dependencies
  const { manifest, postgres, server, role, database } = job
  const part = partOf(manifest, database.from)
  const { foreign } = manifest
  if (foreign === undefined) throw new TypeError('it is one of our own')
  return overOwnWay(dependencies, job.ssh, async (own) => {
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
      return await restoreInto(
        connection.client,
        dependencies,
        foreign,
        part,
        plainOf(dependencies, manifest, part),
        job.name,
      )
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
