/** The largest tables of a database, and the indexes that nobody uses. */
import { z } from 'zod'
import { Cost } from '../observation.ts'
import { Count, ServerTime } from './figures.ts'

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
