import { describe, expect, it } from 'vitest'
import {
  type CountedDatabase,
  DatabaseStatistics,
  databaseValues,
} from '../../../../../../src/main/engine/probes/postgres-pool/database-statistics.ts'

const counted = (at: number, statistics: object, over: Partial<CountedDatabase> = {}): CountedDatabase => ({
  at,
  serverStartedAt: 1,
  database: 'shop',
  statistics: DatabaseStatistics.parse(statistics),
  ...over,
})
const BEFORE = {
  ...{ xact_commit: 100, xact_rollback: 10, blks_hit: 1_000, blks_read: 500, temp_bytes: 0 },
  ...{ deadlocks: 2, conflicts: 0, checksum_failures: null },
}
const NOW = {
  ...{ xact_commit: 190, xact_rollback: 20, blks_hit: 1_900, blks_read: 600, temp_bytes: 81_920 },
  ...{ deadlocks: 3, conflicts: 0, checksum_failures: null },
}

describe('what a database counts of itself', () => {
  it('is told as rates and shares over the interval, and as totals', () => {
    expect(databaseValues(counted(0, BEFORE), counted(10_000, NOW))).toEqual({
      db_transactions_per_second: 10,
      db_rollbacks_per_second: 1,
      db_cache_hit_percent: 90,
      db_temp_bytes_per_second: 8_192,
      db_deadlocks_total: 3,
      db_conflicts_total: 0,
      // Checksums are off, and PostgreSQL before 14 counts no sessions.
      db_checksum_failures_total: null,
      db_pool_connections_opened_total: null,
      db_pool_connection_errors_total: null,
    })
  })

  const RATES = {
    db_transactions_per_second: null,
    db_rollbacks_per_second: null,
    db_cache_hit_percent: null,
    db_temp_bytes_per_second: null,
  }
  it.each([
    ['at the first look', null, counted(0, NOW)],
    ['after a restart', counted(0, BEFORE), counted(10_000, NOW, { serverStartedAt: 2 })],
    ['of another database', counted(0, BEFORE, { database: 'other' }), counted(10_000, NOW)],
    ['after its statistics were reset', counted(0, NOW), counted(10_000, BEFORE)],
  ])('has no rates %s', (_, before, now) => {
    expect(databaseValues(before, now)).toMatchObject(RATES)
  })

  it('has no rates over a gap, and no share of nothing', () => {
    expect(databaseValues(counted(0, BEFORE), counted(180_000, NOW)).db_transactions_per_second).toBeNull()
    expect(databaseValues(counted(0, BEFORE), counted(5_000, BEFORE))).toMatchObject({
      db_transactions_per_second: 0,
      db_cache_hit_percent: null,
    })
  })
})
