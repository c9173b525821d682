/**
 * The pools of a PgBouncer in between (`SHOW POOLS`), from 1.16 on: newer ones have more columns.
 * https://www.pgbouncer.org/usage.html#show-pools
 */
import { z } from 'zod'
import type { PoolerPool } from '#shared/model/database/connections.ts'
import type { Cost } from '#shared/model/observation.ts'
import { POOLER_CONSOLE } from '#shared/model/profile/postgres.ts'
import type { Reach } from '../../reach/reach.ts'
import type { Asker } from './question.ts'

const TIMEOUT_MS = 2_000
const LISTED = 200

/** The console answers in text. */
const Pool = z.object({
  database: z.string(),
  user: z.string(),
  cl_active: z.coerce.number(),
  cl_waiting: z.coerce.number(),
  sv_active: z.coerce.number(),
  sv_idle: z.coerce.number(),
  /** Whole seconds, and what is left of them in microseconds. */
  maxwait: z.coerce.number(),
  maxwait_us: z.coerce.number().default(0),
  pool_mode: z.string().nullish(),
})

/** Those that wait longest first; `null` where no answer of a PgBouncer came. */
export function poolsOf(rows: readonly Record<string, unknown>[]): PoolerPool[] | null {
  const parsed = z.array(Pool).safeParse(rows)
  if (!parsed.success) return null
  return parsed.data
    .filter(({ database }) => database !== POOLER_CONSOLE)
    .map((pool) => ({
      database: pool.database,
      user: pool.user,
      mode: pool.pool_mode ?? null,
      clientsActive: pool.cl_active,
      clientsWaiting: pool.cl_waiting,
      serversActive: pool.sv_active,
      serversIdle: pool.sv_idle,
      longestWaitSeconds: pool.maxwait + pool.maxwait_us / 1_000_000,
    }))
    .sort((a, b) => b.longestWaitSeconds - a.longestWaitSeconds || b.clientsActive - a.clientsActive)
    .slice(0, LISTED)
}

export async function askPooler(
  { session, clock, signal }: Asker,
  postgres: Reach['postgres'],
): Promise<{ pools: PoolerPool[] | null; cost: Cost } | null> {
  if (postgres === null || !session.pooled) return null
  const startedAt = clock.monotonic()
  const answer = await postgres.pools({ signal, timeoutMs: TIMEOUT_MS })
  if (answer === null) return null
  const { rows, bytes } = answer
  const ms = Math.round(clock.monotonic() - startedAt)
  return { pools: poolsOf(rows), cost: { ms, rows: rows.length, bytes } }
}
