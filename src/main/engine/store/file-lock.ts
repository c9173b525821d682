/**
 * A lock on a path between processes, dropped by the operating system when its holder ends, however it ends. SQLite locks
 * files on every platform without native code of ours; nothing is ever written into the lock's file.
 */
import { accessSync, closeSync, constants, existsSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export interface FileLock {
  /** Letting go twice does no harm. */
  release(): void
}

/**
 * Waits up to `timeoutMs` for the lock, blocking the thread. The lock belongs to the process: no other code may open and
 * close the lock's file, or POSIX drops the lock with it. Throws SQLite's error (`SQLITE_BUSY`) where somebody holds it, the file system's where it
 * cannot be written.
 */
export function lockFile(path: string, timeoutMs: number): FileLock {
  // Where it cannot write, SQLite opens the file for reading, and its lock then keeps nobody out.
  accessSync(dirname(path), constants.W_OK)
  if (existsSync(path)) accessSync(path, constants.W_OK)
  else create(path)
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

/** For its owner alone: whoever can read the file can hold a lock on it. Another process may be faster. */
function create(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
}
