/**
 * `state.db`: everything but the history. One writer queue; repositories return promises from the first day, because a
 * team hub will put PostgreSQL behind them. Opening refuses a corrupt, newer, read-only or occupied file with a
 * `StoreError`, and overwrites nothing.
 */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite'

export type Row = Record<string, null | number | bigint | string | Uint8Array>

export interface Store {
  /** All rows of a SELECT. */
  all<T extends Row>(sql: string, ...parameters: SQLInputValue[]): Promise<T[]>
  /** The first row of a SELECT, or `null`. */
  first<T extends Row>(sql: string, ...parameters: SQLInputValue[]): Promise<T | null>
  /**
   * Runs `work` in one transaction, after every write queued before it; rolled back if it throws.
   * `work` is synchronous: nothing waits inside a transaction.
   */
  write<T>(work: (database: DatabaseSync) => T): Promise<T>
  close(): Promise<void>
}

/** Why a data directory or a database file cannot be used: what, where, and what to do. */
export class StoreError extends Error {
  readonly code: 'corrupt' | 'newer' | 'read-only' | 'full' | 'occupied' | 'unusable'
  constructor(code: StoreError['code'], message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'StoreError'
    this.code = code
  }
}
