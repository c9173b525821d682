/**
 * A lock on a path between processes, dropped by the operating system when its holder ends, however it ends. SQLite locks
 * files on every platform without native code of ours; nothing is ever written into the lock's file.
 */
import { DatabaseSync } from 'node:sqlite'

export interface FileLock {
  /** Letting go twice does no harm. */
  release(): void
}

/**
 * Waits up to `timeoutMs` for the lock, blocking the thread. The lock belongs to the process: no other code may open and
 * close the lock's file, or POSIX drops the lock with it. Throws SQLite's error (`SQLITE_BUSY`) where somebody holds it.
 */
export function lockFile(path: string, timeoutMs: number): FileLock {
  const database = new DatabaseSync(path, { timeout: timeoutMs })
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    throw error
  }
  return {
    release() {
      if (database.isOpen) database.close()
    },
  }
}
