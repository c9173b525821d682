/** Which pools of a PgBouncer lead to a database, and which of them can be paused: from what its console answers. Pure. */
import { z } from 'zod'
import { POOLER_CONSOLE } from '#shared/model/profile/postgres.ts'

/** Everything comes as text; columns differ between versions. https://www.pgbouncer.org/usage.html#show-databases */
const Database = z.object({
  name: z.string(),
  /** What it is called at PostgreSQL. */
  database: z.string(),
  pool_mode: z.string().nullish(),
  paused: z.coerce.number().default(0),
})
const Clients = z.object({
  database: z.string(),
  pool_mode: z.string().nullish(),
  cl_active: z.coerce.number(),
  cl_waiting: z.coerce.number(),
})
const Setting = z.object({ key: z.string(), value: z.string().nullable() })

export interface PoolerAnswers {
  readonly databases: readonly Record<string, unknown>[]
  readonly pools: readonly Record<string, unknown>[]
  readonly config: readonly Record<string, unknown>[]
}

export interface Pool {
  readonly name: string
  /** A client keeps its connection until it goes: a pause would wait for all of them to go. */
  readonly isOfSessions: boolean
  readonly isPaused: boolean
  readonly clients: number
}

export interface PoolsTo {
  readonly pools: readonly Pool[]
  /** How long a pause may take there. */
  readonly boundMs: number
}

/** What is no PgBouncer has none. */
export function poolsTo(database: string, answers: PoolerAnswers): PoolsTo {
  const databases = databasesIn(answers.databases)
  const clients = z.array(Clients).safeParse(answers.pools).data ?? []
  const config = z.array(Setting).safeParse(answers.config).data ?? []
  const settings = new Map(config.map(({ key, value }) => [key, value]))
  const leadThere = databases.filter((one) => one.database === database && one.name !== POOLER_CONSOLE)
  const pools = leadThere.map(({ name, pool_mode, paused }) => {
    const here = clients.filter(({ database: of }) => of === name)
    const modes = [pool_mode ?? settings.get('pool_mode'), ...here.map((one) => one.pool_mode)]
    return {
      name,
      isOfSessions: modes.includes('session'),
      isPaused: paused > 0,
      clients: here.reduce((sum, { cl_active, cl_waiting }) => sum + cl_active + cl_waiting, 0),
    }
  })
  return { pools, boundMs: pauseBound(settings) }
}

/** Which of these are paused. */
export function pausedOf(databases: readonly Record<string, unknown>[]): string[] {
  return databasesIn(databases).flatMap(({ name, paused }) => (paused > 0 ? [name] : []))
}

function databasesIn(rows: readonly Record<string, unknown>[]): z.infer<typeof Database>[] {
  return z.array(Database).safeParse(rows).data ?? []
}

const LONGEST_MS = 30_000

/** Clients that wait are sent away after a while: half of that is left to whoever came first, and to the swap itself. */
function pauseBound(settings: ReadonlyMap<string, string | null>): number {
  const waits = ['query_wait_timeout', 'client_login_timeout']
    .map((key) => Number(settings.get(key) ?? 0) * 1_000)
    .filter((ms) => ms > 0)
  return Math.min(LONGEST_MS, ...waits.map((ms) => ms / 2))
}
