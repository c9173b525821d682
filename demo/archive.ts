/** Where the demo's PostgreSQL archives its WAL: a directory that can be taken away, or be full. */
import { rename } from 'node:fs/promises'
import { unprivilegedOwner } from './servers/owner.ts'
import type { PostgresOptions, PostgresServer } from './servers/postgres.ts'
import { mountOver, unmount } from './servers/small-disk.ts'
import { createTemporaryDirectory } from './servers/temporary-directory.ts'

/** A file of WAL takes 16 MiB. */
const SMALL_BYTES = 1 << 20

export interface Archive {
  readonly directory: string
  /** Has a server archive here. */
  readonly settings: NonNullable<PostgresOptions['settings']>
  /** As a network file system that is not mounted. */
  takeAway(): Promise<void>
  /** A disk of its own, too small for a single file. */
  shrink(): void
  /** Whatever was done to it is over. */
  restore(): Promise<void>
  remove(): Promise<void>
}

export function createArchive(): Archive {
  const owner = unprivilegedOwner()
  const home = createTemporaryDirectory('archive', owner)
  const elsewhere = `${home.path}-away`
  let state: 'well' | 'away' | 'small' = 'well'
  const restore = async () => {
    if (state === 'away') await rename(elsewhere, home.path)
    if (state === 'small') unmount(home.path)
    state = 'well'
  }
  return {
    directory: home.path,
    settings: { archive_mode: 'on', archive_command: `'cp "%p" "${home.path}/%f"'` },
    async takeAway() {
      await restore()
      await rename(home.path, elsewhere)
      state = 'away'
    },
    shrink() {
      if (state === 'small') return
      mountOver(home.path, SMALL_BYTES, owner)
      state = 'small'
    },
    restore,
    async remove() {
      await restore()
      await home.remove()
    },
  }
}

export interface Archiver {
  readonly failures: number
  /** The latest attempt failed. */
  readonly isFailing: boolean
}

export async function archiverOf(postgres: PostgresServer): Promise<Archiver> {
  const [row] = await postgres.query(
    `SELECT failed_count::int AS failures, last_failed_time > coalesce(last_archived_time, '-infinity') AS failing
       FROM pg_stat_archiver`,
  )
  return { failures: Number(row?.failures), isFailing: row?.failing === true }
}

/** Ends the WAL file that is being written, which is to be archived then: the archiver wakes up for it. */
export async function endWalFile(postgres: PostgresServer): Promise<void> {
  await postgres.query("SELECT pg_create_restore_point('demo'); SELECT pg_switch_wal()")
}
