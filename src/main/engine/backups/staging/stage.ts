/** A directory in which something lies for as long as it is dumped or restored: nobody else looks into it, and it goes with whatever is done in it. */
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../clock.ts'
import { errorCode, errorWords } from '../../reach/failed.ts'
import { BackupError } from '../backup-error.ts'
import { type Room, roomAt } from '../spared-room.ts'
import { makeTemporary, removeTemporary } from '../temporary.ts'
import { isStuck, unlessStuck } from '../unless-stuck.ts'

/** Where something is staged, and by how many sessions at once it is dumped or restored there. */
export interface Staging {
  readonly directory: string
  readonly jobs: number
}

export function stagingDirectoryIn(dataDirectory: string): string {
  return join(dataDirectory, 'staging')
}

/** What was said nowhere. */
export const staged = (staging: Staging | undefined): Staging => staging ?? { directory: tmpdir(), jobs: 1 }

/** For what is said to the server by one session. */
export const oneAtATime = ({ staging }: { readonly staging?: Staging }): Staging => ({
  ...{ directory: staged(staging).directory, jobs: 1 },
})

/** @throws BackupError `staging-full`, `staging-unwritable`, `staging-stuck`, or what `work` throws */
export async function inStage<T>(
  { directory }: Pick<Staging, 'directory'>,
  work: (path: string) => Promise<T>,
  remove: (path: string) => Promise<void> = (path) => removeTemporary(path),
): Promise<T> {
  const stage = await onStage(directory, async () => {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    return makeTemporary('stage', directory)
  })
  try {
    const done = await work(stage)
    await remove(stage)
    return done
  } catch (error) {
    // A disk that does not answer removes nothing: it goes once the thread is over.
    if (!isStuck(error)) await remove(stage)
    throw error
  }
}

/**
 * Asks something of the disk where it is staged, so that what it fails with is told of that place.
 * @param unable what is told where it cannot be done
 * @throws BackupError `staging-full`, what `unable` says, `staging-stuck`
 */
export async function onStage<T>(
  directory: string,
  work: () => Promise<T>,
  {
    unable = 'staging-unwritable',
    signal,
  }: { readonly unable?: 'staging-unwritable' | 'staging-unreadable'; readonly signal?: AbortSignal } = {},
): Promise<T> {
  const since = systemClock.monotonic()
  try {
    return await unlessStuck(work(), {
      ...{ clock: systemClock, since: () => since, signal },
      stuck: (seconds) => new BackupError('staging-stuck', { directory, seconds }),
    })
  } catch (error) {
    if (error instanceof BackupError) throw error
    if (['ENOSPC', 'EDQUOT'].includes(errorCode(error) ?? '')) throw stagingFull(directory, error)
    throw new BackupError(unable, { directory, words: errorWords(error) }, error)
  }
}

export function stagingFull(directory: string, cause?: unknown): BackupError {
  return new BackupError('staging-full', { directory }, cause)
}

/** Whether a program of PostgreSQL ran out of room. */
export function tellsFull(words: string): boolean {
  return /No space left on device|Disk quota exceeded/i.test(words)
}

/** What can still be staged there, and whether it would be made anew; `null`: nobody knows. */
export async function roomToStage(directory: string): Promise<(Room & { readonly isThere: boolean }) | null> {
  for (let path = directory; ; path = join(path, '..')) {
    try {
      return { ...(await roomAt(path)), isThere: path === directory }
    } catch (error) {
      // It will be made.
      if (errorCode(error) !== 'ENOENT' || path === join(path, '..')) return null
    }
  }
}
