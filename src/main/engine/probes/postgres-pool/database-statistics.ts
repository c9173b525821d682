/** What `pg_stat_database` counts of one database, and what that comes to over an interval. Pure. */
import { z } from 'zod'
import type { MetricValues } from '#shared/model/observation.ts'
import { increase, percentOf, perSecond, round } from '../figures.ts'

const Count = z.number().optional()

/** Its row as JSON: columns come and go with the version. */
export const DatabaseStatistics = z.looseObject({
  xact_commit: Count,
  xact_rollback: Count,
  blks_hit: Count,
  blks_read: Count,
  temp_bytes: Count,
  deadlocks: Count,
  conflicts: Count,
  /** NULL where the cluster has no checksums. */
  checksum_failures: Count.nullable(),
  /** From PostgreSQL 14 on. */
  sessions: Count,
  sessions_abandoned: Count,
  sessions_fatal: Count,
  sessions_killed: Count,
})
export type DatabaseStatistics = z.infer<typeof DatabaseStatistics>

/** What one look leaves for the next. */
export interface CountedDatabase {
  /** Monotonic milliseconds. */
  readonly at: number
  /** Which run of which server counted: another one starts over, or is another server behind the same address. */
  readonly serverStartedAt: number
  readonly database: string
  readonly statistics: DatabaseStatistics
}

/**
 * Totals as they are, rates and shares over the interval.
 * @param before of the last look; `null` at first
 */
export function databaseValues(before: CountedDatabase | null, now: CountedDatabase): MetricValues {
  const { statistics } = now
  const then =
    before?.serverStartedAt === now.serverStartedAt && before.database === now.database
      ? before.statistics
      : null
  const elapsedMs = now.at - (before?.at ?? now.at)
  const rate = (one: number | undefined, other: number | undefined) => {
    const value = perSecond(one, other, elapsedMs)
    return value === null ? null : round(value)
  }
  const ended = ({ xact_commit: committed, xact_rollback: rolledBack }: DatabaseStatistics) =>
    committed === undefined || rolledBack === undefined ? undefined : committed + rolledBack
  const hit = increase(then?.blks_hit, statistics.blks_hit)
  const read = increase(then?.blks_read, statistics.blks_read)
  const errors = [statistics.sessions_abandoned, statistics.sessions_fatal, statistics.sessions_killed]
  return {
    db_pool_connections_opened_total: statistics.sessions ?? null,
    db_pool_connection_errors_total: errors.every((count) => count !== undefined)
      ? errors.reduce<number>((sum, count) => sum + (count ?? 0), 0)
      : null,
    db_transactions_per_second: rate(then === null ? undefined : ended(then), ended(statistics)),
    db_rollbacks_per_second: rate(then?.xact_rollback, statistics.xact_rollback),
    db_cache_hit_percent: hit === null || read === null ? null : percentOf(hit, hit + read),
    db_deadlocks_total: statistics.deadlocks ?? null,
    db_conflicts_total: statistics.conflicts ?? null,
    db_checksum_failures_total: statistics.checksum_failures ?? null,
    db_temp_bytes_per_second: rate(then?.temp_bytes, statistics.temp_bytes),
  }
}
