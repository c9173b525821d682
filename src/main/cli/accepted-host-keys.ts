/**
 * The host keys accepted in a data directory, in a copy in memory: a look from the command line counts what was
 * accepted there, and leaves no note of what it was offered.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import type { Clock } from '../engine/clock.ts'
import { createHostKeys, type HostKeys } from '../engine/reach/host-keys.ts'
import { STATE_MIGRATIONS } from '../engine/store/migrations.ts'
import { asStoreError } from '../engine/store/sqlite-error.ts'
import type { Row, Store } from '../engine/store/store.ts'

/** A running console writes for moments only. */
const BUSY_TIMEOUT_MS = 2_000

/** @throws StoreError where the directory's `state.db` cannot be read */
export async function acceptedHostKeys(directory: string, clock: Clock): Promise<HostKeys> {
  const hostKeys = createHostKeys({ store: createMemoryStore(), clock })
  for (const { host, fingerprint } of read(join(directory, 'state.db')))
    await hostKeys.accept(host, fingerprint)
  return hostKeys
}

function read(path: string): { host: string; fingerprint: string }[] {
  if (!existsSync(path)) return []
  try {
    const database = new DatabaseSync(addressOf(path), { readOnly: true, timeout: BUSY_TIMEOUT_MS })
    try {
      const rows = database.prepare(`SELECT host, fingerprint FROM host_keys WHERE state = 'accepted'`).all()
      return rows.map(({ host, fingerprint }) => ({ host: String(host), fingerprint: String(fingerprint) }))
    } finally {
      database.close()
    }
  } catch (error) {
    throw asStoreError(error, path, 'read the accepted host keys')
  }
}

/** Even a reader leaves a write-ahead log behind, where there is none and SQLite is not told that nobody writes. */
function addressOf(path: string): URL {
  const address = pathToFileURL(path)
  if (!existsSync(`${path}-wal`)) address.searchParams.set('immutable', '1')
  return address
}

function createMemoryStore(): Store {
  const database = new DatabaseSync(':memory:')
  for (const { sql } of STATE_MIGRATIONS) database.exec(sql)
  return {
    async all<T extends Row>(sql: string, ...parameters: SQLInputValue[]) {
      return database.prepare(sql).all(...parameters) as T[]
    },
    async first<T extends Row>(sql: string, ...parameters: SQLInputValue[]) {
      return (database.prepare(sql).get(...parameters) as T | undefined) ?? null
    },
    async write(work) {
      return work(database)
    },
    async close() {
      database.close()
    },
  }
}
