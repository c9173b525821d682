/**
 * PostgreSQL from within, as a person asks for it: who runs, who waits for whom, what costs most, what grows. Statements
 * are without their literals. A figure that the role may not see, or the version does not have, is `null`. `at` is by the
 * server's clock, `cost` is what the answer took; one answer may serve several who ask within a second.
 */
import { z } from 'zod'
import { Cost } from './observation.ts'

const Count = z.number()
/** Milliseconds since the epoch, by the server's clock. */
const ServerTime = z.number().nullable()

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

/** Windows that are offered, in minutes; any whole number up to the longest is answered. */
export const STATEMENT_WINDOWS = [15, 60, 360, 1_440] as const
export const STATEMENT_ORDERS = ['total', 'mean', 'calls', 'rows', 'temp', 'wal'] as const
export type StatementOrder = (typeof STATEMENT_ORDERS)[number]

/** One normalised statement, as `pg_stat_statements` counts it, over a window or since its statistics began. */
export const StatementFigures = z.object({
  /** What is counted apart: `ROLE/QUERY`, as the server numbers them. */
  id: z.string(),
  user: z.string().nullable(),
  statement: z.string().nullable(),
  calls: Count,
  totalMs: z.number(),
  meanMs: z.number(),
  /** Over all calls since its statistics began, never of a window: `null` there. */
  maxMs: z.number().nullable(),
  rows: Count,
  blocksHit: Count,
  blocksRead: Count,
  tempBlocksWritten: Count,
  /** Bytes of WAL; `null` before PostgreSQL 13. */
  walBytes: z.number().nullable(),
})
export type StatementFigures = z.infer<typeof StatementFigures>

export const TopStatements = z.object({
  at: z.number(),
  /** Why there are none: the extension is not loaded, not created in this database, or may not be read. */
  missing: z.enum(['not-loaded', 'not-created', 'not-permitted']).nullable(),
  /** What makes it right; to be run by whoever administers the server. */
  remedy: z.string().nullable(),
  /** Since when the figures count: the start of the window as far as it was watched, or of the server's own counting. */
  since: z.number().nullable(),
  /** The window that was asked for, in minutes; `null`: since the server's statistics began. */
  minutes: z.number().nullable(),
  /** Totals over all statements, so that a share can be said. */
  totalMs: z.number(),
  totalCalls: Count,
  statements: z.array(StatementFigures),
  /** The server began to count anew within the window: what ran in the last minutes before that is missing. */
  restarted: z.boolean(),
  cost: Cost,
})
export type TopStatements = z.infer<typeof TopStatements>

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

export const Standby = z.object({
  name: z.string().nullable(),
  client: z.string().nullable(),
  state: z.string().nullable(),
  sync: z.string().nullable(),
  lagBytes: z.number().nullable(),
  lagSeconds: z.number().nullable(),
})
export type Standby = z.infer<typeof Standby>

export const ReplicationSlot = z.object({
  name: z.string(),
  kind: z.string(),
  database: z.string().nullable(),
  active: z.boolean(),
  retainedBytes: z.number().nullable(),
  /** `reserved`, `extended`, `unreserved`, `lost`; `null` before PostgreSQL 13. */
  walStatus: z.string().nullable(),
  /** Since when nobody uses it; `null` before PostgreSQL 17, and where somebody does. */
  inactiveSince: ServerTime,
})
export type ReplicationSlot = z.infer<typeof ReplicationSlot>

export const DatabaseReplication = z.object({
  at: z.number(),
  standby: z.boolean(),
  standbys: z.array(Standby),
  slots: z.array(ReplicationSlot),
  /** Of a standby: from whom it receives, and how far it is. */
  receiver: z
    .object({
      from: z.string().nullable(),
      status: z.string().nullable(),
      lagBytes: z.number().nullable(),
      lagSeconds: z.number().nullable(),
    })
    .nullable(),
  /** `null`: archiving is off. */
  archive: z
    .object({
      failures: Count,
      lastFailure: z.string().nullable(),
      lastFailureAt: ServerTime,
      lastArchivedAt: ServerTime,
    })
    .nullable(),
  /** Standbys whose state the role may not see, and the statement that shows them. */
  hidden: Count,
  grant: z.string().nullable(),
  cost: Cost,
})
export type DatabaseReplication = z.infer<typeof DatabaseReplication>

export const TableVacuum = z.object({
  table: z.string(),
  liveRows: Count,
  deadRows: Count,
  /** How many dead rows make autovacuum come, by the settings of the table and the server. */
  threshold: z.number().nullable(),
  lastVacuumAt: ServerTime,
  lastAnalyzeAt: ServerTime,
  /** Age of its oldest transaction id, or multixact, as a share of the wraparound limit; the larger of both. */
  xidAgePercent: z.number().nullable(),
  /** `false`: somebody turned it off for this table. */
  autovacuum: z.boolean(),
})
export type TableVacuum = z.infer<typeof TableVacuum>

export const RunningVacuum = z.object({
  pid: z.number(),
  database: z.string().nullable(),
  /** `null` where it is of another database. */
  table: z.string().nullable(),
  /** `scanning heap`, `vacuuming indexes` …, as `pg_stat_progress_vacuum` has it. */
  phase: z.string().nullable(),
  /** Of the heap, in the phase that scans it or the one that vacuums it; `null` in the others. */
  percent: z.number().nullable(),
  since: ServerTime,
  automatic: z.boolean(),
})
export type RunningVacuum = z.infer<typeof RunningVacuum>

export const DatabaseVacuum = z.object({
  at: z.number(),
  /** Those that need it most first. */
  tables: z.array(TableVacuum),
  running: z.array(RunningVacuum),
  databases: z.array(z.object({ database: z.string(), xidAgePercent: z.number() })),
  /** From this age on a vacuum comes by force, as a share of the wraparound limit (`autovacuum_freeze_max_age`). */
  forcedAtPercent: z.number(),
  /** Whether autovacuum is on for the server, and how many of its workers may run at once. */
  autovacuum: z.boolean(),
  maxWorkers: Count,
  /** Tables that were left out because there are too many: smaller and younger than those that were looked at. */
  more: Count,
  /** What keeps dead rows from being taken away: the oldest snapshots, slots and prepared transactions. */
  heldBack: z.array(
    z.object({
      by: z.enum(['transaction', 'slot', 'prepared', 'standby']),
      name: z.string(),
      /** In transactions. */
      age: z.number(),
      pid: z.number().nullable(),
    }),
  ),
  cost: Cost,
})
export type DatabaseVacuum = z.infer<typeof DatabaseVacuum>

/**
 * Sizes are what the catalogue tells (`pg_class.relpages`), as of `countedAt`: to measure a file PostgreSQL locks its
 * table, and would wait where somebody holds it.
 */
export const TableSize = z.object({
  table: z.string(),
  totalBytes: z.number(),
  tableBytes: z.number(),
  indexBytes: z.number(),
  toastBytes: z.number(),
  /** By estimate; `null`: never counted. */
  rows: z.number().nullable(),
  sequentialScans: Count,
  indexScans: Count,
  /** The latest vacuum or analyze; `null`: none since the statistics began, the sizes may be of an empty table. */
  countedAt: ServerTime,
})
export type TableSize = z.infer<typeof TableSize>

export const UnusedIndex = z.object({
  index: z.string(),
  table: z.string(),
  bytes: z.number(),
  scans: Count,
  unique: z.boolean(),
  /** `false`: it was not built to its end, takes room, and serves no query. */
  valid: z.boolean(),
  /** `btree (customer_id, lower(…)) where …`: expressions and predicates are not spelled out. */
  definition: z.string(),
})
export type UnusedIndex = z.infer<typeof UnusedIndex>

export const DatabaseTables = z.object({
  at: z.number(),
  tables: z.array(TableSize),
  /** Never or hardly used since the statistics began, largest first; none that a constraint needs. */
  unusedIndexes: z.array(UnusedIndex),
  statisticsSince: ServerTime,
  /** Each server counts for itself: an index that is not used here may be used on one of these. */
  standbys: Count,
  /** Tables that were left out because there are too many. */
  more: Count,
  cost: Cost,
})
export type DatabaseTables = z.infer<typeof DatabaseTables>
