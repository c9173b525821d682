/**
 * What a connection pooler in between says of its pools, on its own console: that of PgBouncer, for whoever is among its
 * `stats_users`. A connection of its own to the pooler, none to PostgreSQL; opened for the question, and closed.
 * https://www.pgbouncer.org/usage.html#admin-console
 */
import type { PostgresServer } from '#shared/model/profile/postgres-url.ts'
import type { Log } from '../../log.ts'
import { within } from '../deadline.ts'
import { failed } from '../failed.ts'
import { type Limits, type PostgresAnswer, ReachError } from '../reach.ts'
import type { Admission } from './admission.ts'
import { openServer, type PostgresDependencies } from './connection.ts'

/** What was refused, or went wrong, is not asked for again with each look of a screen. */
const AGAIN_AFTER_MS = 60_000

export interface PoolerConsole {
  /** `null`: it does not let us ask, or is no PgBouncer. Never rejects but with the limits' signal. */
  pools(server: PostgresServer, limits: Limits): Promise<PostgresAnswer | null>
  /** Forgets that it was refused. */
  retry(): void
  close(): Promise<void>
}

/** @param inTurn one login at a time, with those of the sessions */
export function createPoolerConsole(
  dependencies: PostgresDependencies & { inTurn: Admission['inTurn']; log: Log },
): PoolerConsole {
  const { clock, inTurn, log } = dependencies
  const ending = new AbortController()
  const asking = new Set<Promise<unknown>>()
  let notBefore = Number.NEGATIVE_INFINITY

  async function ask(
    server: PostgresServer,
    signal: AbortSignal,
    timeoutMs: number,
  ): Promise<PostgresAnswer> {
    const connection = await openServer(dependencies, server, signal, { console: true })
    const { client, meter, place } = connection
    try {
      const before = meter.bytes
      const late = () =>
        failed(place, 'protocol', 'postgres-answer-missing', { seconds: Math.ceil(timeoutMs / 1_000) })
      const { rows } = await within(clock, { signal, timeoutMs }, late, () =>
        client.query<Record<string, unknown>>('SHOW POOLS'),
      )
      return { rows, bytes: meter.bytes - before }
    } finally {
      await connection.close()
    }
  }

  return {
    async pools(server, { signal, timeoutMs }) {
      if (clock.monotonic() < notBefore) return null
      const either = AbortSignal.any([signal, ending.signal])
      const question = inTurn(either, () => ask(server, either, timeoutMs))
      asking.add(question)
      try {
        return await question
      } catch (error) {
        signal.throwIfAborted()
        // Credentials that were refused wait for a person.
        const person = error instanceof ReachError && error.failure.recovery === 'person'
        notBefore = person ? Number.POSITIVE_INFINITY : clock.monotonic() + AGAIN_AFTER_MS
        log.info({ err: error }, 'the pooler does not tell of its pools')
        return null
      } finally {
        asking.delete(question)
      }
    },
    retry() {
      notBefore = Number.NEGATIVE_INFINITY
    },
    async close() {
      ending.abort(new Error('the watch ended'))
      await Promise.allSettled(asking)
    },
  }
}
