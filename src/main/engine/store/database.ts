/**
 * Opens one SQLite file of Vakhta's and brings its schema up to date. What is wrong with a file is found before anything
 * is written to it, and is said as a `StoreError`; a file that cannot be used is left exactly as it is. (It is not moved
 * aside by itself: a console that a service manager starts again would come up empty, and nobody would notice.)
 */
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { basename, dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { syncDirectory } from './atomic-file.ts'
import type { Migration } from './migrations.ts'
import { asStoreError, whatToDoAboutCorruption } from './sqlite-error.ts'
import { StoreError } from './store.ts'

export interface DatabaseFile {
  readonly path: string
  /** Marks the file as this one of Vakhta's: SQLite's `application_id`. */
  readonly applicationId: number
  readonly migrations: readonly Migration[]
  /** `FULL`: a commit survives a power cut. `NORMAL`: it survives a kill, and a power cut may take the last ones. */
  readonly synchronous: 'FULL' | 'NORMAL'
  /** Files up to this size are checked page by page when they are opened. */
  readonly checkUpToBytes: number
}

/** Waiting blocks the thread. Others hold the file for moments only: the command line, beside a running console. */
const BUSY_TIMEOUT_MS = 1_000

/** @throws StoreError where the file is corrupt, newer, not Vakhta's, held by somebody, or cannot be written */
export function openDatabase(file: DatabaseFile): DatabaseSync {
  try {
    if (existsSync(file.path)) inspect(file)
    else create(file)
    return prepare(file)
  } catch (error) {
    throw asStoreError(error, file.path, 'open it')
  }
}

/** The version of the schema that this Vakhta writes. */
function newestVersion(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.version ?? 0
}

/** Looks into an existing file through a read-only connection, which leaves file and write-ahead log untouched. */
function inspect(file: DatabaseFile): void {
  const { path, applicationId, migrations, checkUpToBytes } = file
  accessSync(path, constants.R_OK | constants.W_OK)
  accessSync(dirname(path), constants.R_OK | constants.W_OK | constants.X_OK)
  const { size } = statSync(path)
  // A new file gets its name only once it is complete, so an empty one has lost its contents.
  if (size === 0) {
    throw new StoreError('corrupt', `${path}: the file is empty. ${whatToDoAboutCorruption(path)}`)
  }
  const database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS })
  try {
    const found = pragma(database, 'application_id')
    if (found !== applicationId) {
      throw new StoreError(
        'unusable',
        `${path}: this is a database of another program (application id ${found}). It was left as it is: move it elsewhere, or choose another data directory with --data.`,
      )
    }
    const version = pragma(database, 'user_version')
    const newest = newestVersion(migrations)
    if (version > newest) {
      throw new StoreError(
        'newer',
        `${path}: it was written by a newer Vakhta (its schema is version ${version}, this Vakhta knows ${newest}). It was left as it is: run the newer Vakhta, or choose another data directory with --data.`,
      )
    }
    if (size <= checkUpToBytes) {
      const row = database.prepare('PRAGMA quick_check(1)').get()
      const answer = row?.quick_check
      if (answer !== 'ok') {
        throw new StoreError('corrupt', `${path}: ${String(answer)}. ${whatToDoAboutCorruption(path)}`)
      }
    }
  } finally {
    database.close()
  }
}

/** Builds a new database under another name and moves it into place, so that a kill leaves either all of it or none. */
function create(file: DatabaseFile): void {
  const unfinished = `${file.path}.new`
  for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(unfinished + suffix, { force: true })
  // A log that outlived its database must not be replayed into the new one.
  for (const suffix of ['-wal', '-shm', '-journal']) {
    if (!existsSync(file.path + suffix)) continue
    throw new StoreError(
      'corrupt',
      `${file.path}: the file is gone, while what belongs to it is still there (${basename(file.path) + suffix}). Put the file back, or move what is left of it elsewhere to start without it.`,
    )
  }
  // Created here for its mode: SQLite gives its logs the mode of the database.
  closeSync(openSync(unfinished, 'wx', 0o600))
  const database = new DatabaseSync(unfinished)
  try {
    database.exec(`PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL;`)
    database.exec(`PRAGMA auto_vacuum = INCREMENTAL; PRAGMA application_id = ${file.applicationId};`)
    for (const migration of file.migrations) migrate(database, migration)
  } finally {
    database.close()
  }
  renameSync(unfinished, file.path)
  syncDirectory(dirname(file.path))
}

function prepare(file: DatabaseFile): DatabaseSync {
  const database = new DatabaseSync(file.path, {
    timeout: BUSY_TIMEOUT_MS,
    enableForeignKeyConstraints: true,
  })
  try {
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${file.synchronous};`)
    for (const migration of file.migrations) {
      if (migration.version <= pragma(database, 'user_version')) continue
      copyBefore(database, file.path, migration.version)
      migrate(database, migration)
    }
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** Keeps the database as it was before a migration, as `state.db.before-2`. */
function copyBefore(database: DatabaseSync, path: string, version: number): void {
  const unfinished = `${path}.before-${version}.new`
  rmSync(unfinished, { force: true })
  closeSync(openSync(unfinished, 'wx', 0o600))
  database.prepare('VACUUM INTO ?').run(unfinished)
  const handle = openSync(unfinished, 'r+')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(unfinished, `${path}.before-${version}`)
  syncDirectory(dirname(path))
}

function migrate(database: DatabaseSync, migration: Migration): void {
  // Rebuilding a table drops the old one, which foreign keys would follow; the pragma works only outside a transaction.
  database.exec('PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE')
  try {
    database.exec(migration.sql)
    const broken = database.prepare('PRAGMA foreign_key_check').all()
    if (broken.length > 0) {
      throw new Error(`migration ${migration.version} leaves ${broken.length} rows whose parents are gone`)
    }
    database.exec(`PRAGMA user_version = ${migration.version}; COMMIT`)
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
  database.exec('PRAGMA foreign_keys = ON')
}

function pragma(database: DatabaseSync, name: 'application_id' | 'user_version'): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name])
}
