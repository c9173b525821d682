/** One transaction of SQLite: all of it or nothing. */
import type { DatabaseSync } from 'node:sqlite'

/** Runs `work` in a transaction that takes the write lock at once; what throws is taken back, and thrown on. */
export function inTransaction<T>(database: DatabaseSync, work: (database: DatabaseSync) => T): T {
  try {
    database.exec('BEGIN IMMEDIATE')
    const result = work(database)
    database.exec('COMMIT')
    return result
  } catch (error) {
    // SQLite rolls back by itself where the disk is full.
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}
