/** Turns what SQLite and the file system report about a database file into a `StoreError` that says what to do. */
import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { StoreError } from './store.ts'

// https://www.sqlite.org/rescode.html: the low byte is the primary code.
const PRIMARY = {
  PERM: 3,
  BUSY: 5,
  LOCKED: 6,
  READONLY: 8,
  IOERR: 10,
  CORRUPT: 11,
  FULL: 13,
  CANTOPEN: 14,
  NOTADB: 26,
} as const

/** Below this much free space an unexplained input or output error is taken for a full disk. */
const NEARLY_FULL_BYTES = 1024 * 1024

/** The primary SQLite result code of an error of `node:sqlite`; `null` where it is another error. */
function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error)) return null
  return typeof error.errcode === 'number' ? error.errcode & 0xff : null
}

/**
 * @param tried what was being done, to follow "Vakhta could not": `write to it`
 * @returns the matching `StoreError`; the same error, where it is neither SQLite's nor the file system's
 */
export function asStoreError(error: unknown, path: string, tried: string): unknown {
  if (error instanceof StoreError) return error
  const because = error instanceof Error ? error.message : String(error)
  const could = `${path}: could not ${tried} (${because})`
  const options = { cause: error }
  switch (classify(error, path)) {
    case 'corrupt':
      return new StoreError('corrupt', `${could}. ${whatToDoAboutCorruption(path)}`, options)
    case 'read-only':
      return new StoreError(
        'read-only',
        `${could}. The file or its directory cannot be written: make both writable for the user that Vakhta runs as, or choose another data directory with --data.`,
        options,
      )
    case 'full':
      return new StoreError(
        'full',
        `${could}. The disk is full: free some space on it and try again; nothing that was stored is lost.`,
        options,
      )
    case 'occupied':
      return new StoreError(
        'occupied',
        `${could}. Another process holds the file: stop it, or wait until it is done, and try again.`,
        options,
      )
    case 'unusable':
      return new StoreError('unusable', `${could}. Check the disk and the path.`, options)
    case null:
      return error
  }
}

/** The advice that goes with a corrupt file: Vakhta leaves it as it is, and the person decides. */
export function whatToDoAboutCorruption(path: string): string {
  return (
    `The file is damaged and was left as it is. Put a good copy in its place (copies made before upgrades lie beside it as ` +
    `"${path}.before-N"), or move it and the files "${path}-wal" and "${path}-shm" elsewhere to start without it.`
  )
}

function classify(error: unknown, path: string): StoreError['code'] | null {
  switch (sqliteCode(error)) {
    case PRIMARY.CORRUPT:
    case PRIMARY.NOTADB:
      return 'corrupt'
    case PRIMARY.READONLY:
    case PRIMARY.PERM:
      return 'read-only'
    case PRIMARY.FULL:
      return 'full'
    case PRIMARY.BUSY:
    case PRIMARY.LOCKED:
      return 'occupied'
    case PRIMARY.IOERR:
    case PRIMARY.CANTOPEN:
      return freeBytes(path) < NEARLY_FULL_BYTES ? 'full' : 'unusable'
  }
  switch (error instanceof Error && 'code' in error ? error.code : null) {
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return 'read-only'
    case 'ENOSPC':
    case 'EDQUOT':
      return 'full'
    case 'EIO':
    case 'EISDIR':
    case 'ENOTDIR':
    case 'EEXIST':
    case 'ENOENT':
    case 'ELOOP':
    case 'ENAMETOOLONG':
      return 'unusable'
  }
  return null
}

function freeBytes(path: string): number {
  try {
    const { bavail, bsize } = statfsSync(dirname(path))
    return bavail * bsize
  } catch {
    return Number.POSITIVE_INFINITY
  }
}
