/**
 * One console to a data directory: a claim that the operating system drops by itself when the process ends, however it
 * ends, so that nothing has to be cleaned up after a kill.
 */
import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type FileLock, lockFile } from './file-lock.ts'
import { asStoreError } from './sqlite-error.ts'
import { StoreError } from './store.ts'

/** What a running console says of itself in `console.json`. */
export const ConsoleNote = z.object({ pid: z.number(), url: z.string(), version: z.string() })
export type ConsoleNote = z.infer<typeof ConsoleNote>

/** Whoever has it claimed works on the directory. */
export const LOCK_FILE = 'console.lock'
/** Others hold the claim for moments only: a command that looks whether a console runs. */
const CLAIM_TIMEOUT_MS = 250

/**
 * Creates the directory with mode 0700 where it is missing.
 * @throws StoreError `unusable` where it is no directory, or others may write to it; `read-only` or `full`
 */
export function settleDataDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
  } catch (error) {
    if (statSync(directory, { throwIfNoEntry: false })?.isFile() === true) {
      const message = `${directory}: this is a file, and no directory. Choose another data directory with --data.`
      throw new StoreError('unusable', message, { cause: error })
    }
    throw asStoreError(error, directory, 'make the data directory')
  }
  refuseOthersDirectory(directory)
}

/**
 * Whoever writes to the directory decides which token lets in, and where what is written there ends up.
 * @throws StoreError `unusable` where that may be somebody else
 */
export function refuseOthersDirectory(directory: string): void {
  const user = process.getuid?.()
  const found = user === undefined ? undefined : statSync(directory, { throwIfNoEntry: false })
  if (found === undefined) return
  if (found.uid !== user) {
    throw new StoreError(
      'unusable',
      `${directory}: this directory belongs to another user (${found.uid}; Vakhta runs as ${user}). Run this as that user, or choose another data directory with --data.`,
    )
  }
  if ((found.mode & 0o022) !== 0) {
    const mode = (found.mode & 0o777).toString(8).padStart(4, '0')
    throw new StoreError(
      'unusable',
      `${directory}: others can write to this directory (mode ${mode}), and could give themselves rights in the console. Make it your own with: chmod go-w ${directory}, or choose another with --data.`,
    )
  }
}

/**
 * Settles the directory and claims it. What a console noted here and did not live to remove is removed: another program
 * may listen at that address by now.
 * @throws StoreError `occupied`, with what the other console's `console.json` says; `read-only`, `full` or `unusable`
 */
export function claimDataDirectory(directory: string): FileLock {
  settleDataDirectory(directory)
  const path = join(directory, LOCK_FILE)
  try {
    const lock = lockFile(path, CLAIM_TIMEOUT_MS)
    rmSync(join(directory, 'console.json'), { force: true })
    return lock
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
