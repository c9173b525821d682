/** What costs most in PostgreSQL, by its `pg_stat_statements`. Statements are without their literals. */
import { z } from 'zod'
import { Cost } from '../observation.ts'
import { Count } from './figures.ts'

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
