/** Who runs in PostgreSQL, and who waits for whom. Statements are without their literals. */
import { z } from 'zod'
import { Cost } from '../observation.ts'
import { Count, ServerTime } from './figures.ts'

/** The lock that a backend waits for. */
export const WaitedLock = z.object({
  /** `relation`, `transactionid`, `tuple`, `advisory` …, as `pg_locks` has it. */
  type: z.string(),
  mode: z.string(),
  /** Schema and name where it is of this database and may be named; `null` otherwise. */
  relation: z.string().nullable(),
  /** Since when; `null` before PostgreSQL 14: then no longer than its statement has been running. */
  since: ServerTime,
})
export type WaitedLock = z.infer<typeof WaitedLock>

export const Backend = z.object({
  pid: z.number(),
  /** With the PID what names one session: PIDs are used again. */
  startedAt: ServerTime,
  transactionStartedAt: ServerTime,
  statementStartedAt: ServerTime,
  stateChangedAt: ServerTime,
  database: z.string().nullable(),
  user: z.string().nullable(),
  application: z.string().nullable(),
  /** Address of the client; `null` for a local socket, or where it may not be seen. */
  client: z.string().nullable(),
  /** `client backend`, `autovacuum worker`, `walsender` … */
  kind: z.string(),
  /** `null` without `pg_monitor`. */
  state: z.string().nullable(),
  /** `wait_event_type: wait_event`. */
  waiting: z.string().nullable(),
  /** PIDs that it waits for; 0 is a prepared transaction. Empty although `lock` is set: nobody could say for whom. */
  blockedBy: z.array(z.number()),
  lock: WaitedLock.nullable(),
  statement: z.string().nullable(),
  /** Whether it belongs to the application that the profile names. */
  ours: z.boolean(),
})
export type Backend = z.infer<typeof Backend>

/** A transaction that was prepared and neither committed nor rolled back: it has no backend, and holds its locks. */
export const PreparedTransaction = z.object({
  /** What `COMMIT PREPARED` and `ROLLBACK PREPARED` take. */
  name: z.string(),
  preparedAt: ServerTime,
  database: z.string().nullable(),
  user: z.string().nullable(),
  /** PIDs that wait for it, as far as that can be told. */
  blocks: z.array(z.number()),
})
export type PreparedTransaction = z.infer<typeof PreparedTransaction>

export const DatabaseActivity = z.object({
  at: z.number(),
  /** Backends of the whole server, Vakhta's own left out; those that wait or block first, then the longest transactions. */
  backends: z.array(Backend),
  /** How many there are in all: more than are listed, where it is a great many. */
  total: Count,
  /** Those that wait for a lock: more than are listed as waiting, where it is a great many. */
  waiting: Count,
  /** Oldest first. */
  prepared: z.array(PreparedTransaction),
  /** Those whose state the role may not see, and the statement that shows them. */
  hidden: Count,
  grant: z.string().nullable(),
  cost: Cost,
})
export type DatabaseActivity = z.infer<typeof DatabaseActivity>

/** The literal text of one running statement, as it was revealed to somebody: on record. */
export const RevealedStatement = z.object({
  at: z.number(),
  pid: z.number(),
  /** Cut by the server at its `track_activity_query_size`. */
  statement: z.string(),
})
export type RevealedStatement = z.infer<typeof RevealedStatement>
