/** Which server it is that a lock is held at: what `initdb` gave its cluster, which a standby has from its primary, and which `pg_upgrade` gives anew. */
import { z } from 'zod'
import { isFailure } from '#shared/model/failure.ts'
import { type PostgresSession, ReachError } from '../../reach/reach.ts'
import { LOOK_TIMEOUT_MS } from './standing.ts'

/** As text: it is larger than numbers of JavaScript are exact. */
const SQL = 'select system_identifier::text as identifier from pg_catalog.pg_control_system()'
const Rows = z.array(z.object({ identifier: z.string() }))

/** @returns `null`: it may not be asked there, or the server, a managed one, has no answer */
export async function serverIdentity(session: PostgresSession, signal: AbortSignal): Promise<string | null> {
  try {
    const { rows } = await session.query(SQL, [], { signal, timeoutMs: LOOK_TIMEOUT_MS })
    return Rows.parse(rows)[0]?.identifier ?? null
  } catch (error) {
    const isRefused =
      error instanceof ReachError &&
      (error.failure.step === 'privilege' || isFailure(error.failure, 'postgres-statement-failed'))
    if (isRefused) return null
    throw error
  }
}
