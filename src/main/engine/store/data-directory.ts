/**
 * One console to a data directory: a claim that the operating system drops by itself when the process ends, however it
 * ends, so that nothing has to be cleaned up after a kill.
 */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type FileLock, lockFile } from './file-lock.ts'
import { asStoreError } from './sqlite-error.ts'
import { StoreError } from './store.ts'

/** What a running console says of itself in `console.json`. */
export const ConsoleNote = z.object({ pid: z.number(), url: z.string(), version: z.string() })
export type ConsoleNote = z.infer<typeof ConsoleNote>

/**
 * Creates the directory with mode 0700 where it is missing, and claims it.
 * @throws StoreError `occupied`, with what the other console's `console.json` says; `read-only`, `full` or `unusable`
 */
export function claimDataDirectory(directory: string): FileLock {
  const path = join(directory, 'console.lock')
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    return lockFile(path, 0)
  } catch (error) {
    const cause = asStoreError(error, path, 'claim the data directory')
    if (cause instanceof StoreError && cause.code === 'occupied') {
      throw new StoreError('occupied', occupied(directory), { cause: error })
    }
    throw cause
  }
}

/** What `console.json` of a data directory says; `null` where there is none that can be read. */
export function readConsoleNote(directory: string): ConsoleNote | null {
  try {
    const parsed = ConsoleNote.safeParse(
      JSON.parse(readFileSync(join(directory, 'console.json'), { encoding: 'utf8' })),
    )
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

function occupied(directory: string): string {
  const note = readConsoleNote(directory)
  const who =
    note === null
      ? 'Another console uses this data directory'
      : `Another console uses this data directory (process ${note.pid}, ${note.url}, version ${note.version})`
  return `${directory}: ${who}. Open that one, stop it, or choose another directory with --data.`
}
