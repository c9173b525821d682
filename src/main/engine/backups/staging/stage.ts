/** A directory in which something lies for as long as it is dumped or restored: nobody else looks into it, and it goes with whatever is done in it. */
import { mkdir, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { errorCode, errorWords } from '../../reach/failed.ts'
import { BackupError } from '../backup-error.ts'
import { makeTemporary } from '../temporary.ts'

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

/** @throws BackupError `staging-full`, `staging-unwritable`, or what `work` throws */
export async function inStage<T>(
  { directory }: Pick<Staging, 'directory'>,
  work: (path: string) => Promise<T>,
): Promise<T> {
  const stage = await open(directory)
  try {
    return await work(stage)
  } finally {
    // A program that was just killed may have made a file meanwhile.
    await rm(stage, { recursive: true, force: true, maxRetries: 3 })
  }
}

async function open(directory: string): Promise<string> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    return await makeTemporary('stage', directory)
  } catch (error) {
    throw stagingError(directory, error)
  }
}

/** What a file there could not be written for. */
export function stagingError(directory: string, error: unknown): BackupError {
  if (['ENOSPC', 'EDQUOT'].includes(errorCode(error) ?? ''))
    return new BackupError('staging-full', { directory }, error)
  return new BackupError('staging-unwritable', { directory, words: errorWords(error) }, error)
}

/** Whether a program of PostgreSQL ran out of room. */
export function tellsFull(words: string): boolean {
  return /No space left on device|Disk quota exceeded/i.test(words)
}

/** Bytes that can still be staged there; `null`: nobody knows. */
export async function roomToStage(directory: string): Promise<number | null> {
  for (let path = directory; ; path = join(path, '..')) {
    try {
      const { bavail, bsize } = await statfs(path)
      return bavail * bsize
    } catch (error) {
      // It will be made.
      if (errorCode(error) !== 'ENOENT' || path === join(path, '..')) return null
    }
  }
}
