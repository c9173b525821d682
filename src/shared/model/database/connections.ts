/** Who is connected to PostgreSQL, beside the pools of the application and of PgBouncer. */
import { z } from 'zod'
import { Cost } from '../observation.ts'
import { Count } from './figures.ts'

/** How many connections there are of one kind. */
export const ConnectionGroup = z.object({
  application: z.string().nullable(),
  user: z.string().nullable(),
  database: z.string().nullable(),
  state: z.string().nullable(),
  count: Count,
  /** Age of the oldest of them in its state, seconds. */
  oldestSeconds: z.number().nullable(),
})
export type ConnectionGroup = z.infer<typeof ConnectionGroup>

/** A pool of PgBouncer (`SHOW POOLS`). */
export const PoolerPool = z.object({
  database: z.string(),
  user: z.string(),
  mode: z.string().nullable(),
  clientsActive: Count,
  clientsWaiting: Count,
  serversActive: Count,
  serversIdle: Count,
  /** How long the client that waits longest has been waiting. */
  longestWaitSeconds: z.number().nullable(),
})
export type PoolerPool = z.infer<typeof PoolerPool>

export const DatabaseConnections = z.object({
  at: z.number(),
  /** Largest first; Vakhta's own are among them, for they take room as all do. */
  groups: z.array(ConnectionGroup),
  /** Client connections to the whole server: more than the groups have, where there are a great many groups. */
  total: Count,
  maxConnections: Count,
  /** Kept for superusers and for `pg_use_reserved_connections`. */
  reserved: Count,
  /** Those whose state the role may not see, and the statement that shows them. */
  hidden: Count,
  grant: z.string().nullable(),
  /** What the application says of its own pool, by metric; `null` where nothing tells. */
  applicationPool: z.record(z.string(), z.number().nullable()).nullable(),
  /** `null`: no pooler is in between, or it does not let us ask. */
  pooler: z.array(PoolerPool).nullable(),
  cost: Cost,
})
export type DatabaseConnections = z.infer<typeof DatabaseConnections>
