/** Opens `state.db`. Each write is one durable transaction; SQLite's calls do not wait, so they queue as they are made. */
import { join } from 'node:path'
import type { SQLInputValue } from 'node:sqlite'
import type { Log } from '../log.ts'
import { openDatabase } from './database.ts'
import { type Migration, STATE_MIGRATIONS } from './migrations.ts'
import { asStoreError } from './sqlite-error.ts'
import type { Row, Store } from './store.ts'
import { inTransaction } from './transaction.ts'

/** "Vkst" in ASCII. */
export const STATE_APPLICATION_ID = 0x56_6b_73_74

export interface StoreOptions {
  /** Exists already, and is claimed: `claimDataDirectory`. */
  readonly dataDirectory: string
  readonly log: Log
  /** Only tests of upgrades pass others. */
  readonly migrations?: readonly Migration[]
}

/**
 * Opens or creates `state.db` in a data directory and brings its schema up to date.
 * @throws StoreError where the file is corrupt, newer, read-only or occupied, or the disk is full
 */
export function openStore({ dataDirectory, log, migrations = STATE_MIGRATIONS }: StoreOptions): Store {
  const path = join(dataDirectory, 'state.db')
  const database = openDatabase({
    path,
    applicationId: STATE_APPLICATION_ID,
    migrations,
    synchronous: 'FULL',
    checkUpToBytes: 256 * 1024 * 1024,
  })
  log.debug({ path }, 'state opened')

  /** Runs `read`, with SQLite's own failures told as `StoreError`. */
  function reading<T>(read: () => T): T {
    try {
      return read()
    } catch (error) {
      throw asStoreError(error, path, 'read it')
    }
  }

  return {
    async all<T extends Row>(sql: string, ...parameters: SQLInputValue[]) {
      return reading(() => database.prepare(sql).all(...parameters) as T[])
    },
    async first<T extends Row>(sql: string, ...parameters: SQLInputValue[]) {
      return reading(() => (database.prepare(sql).get(...parameters) as T | undefined) ?? null)
    },
    async write(work) {
      try {
        return inTransaction(database, work)
      } catch (error) {
        throw asStoreError(error, path, 'write to it')
      }
    },
    async close() {
      if (database.isOpen) database.close()
    },
  }
}
