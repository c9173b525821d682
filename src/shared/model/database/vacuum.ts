/** Vacuum and wraparound in a PostgreSQL: what needs it, what runs, what holds it back. */
import { z } from 'zod'
import { Cost } from '../observation.ts'
import { Count, ServerTime } from './figures.ts'

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
