/**
 * Whether the disk of a stage answers while a program of PostgreSQL reads from it. Where it hangs, the program waits in the kernel, tells nobody, and may not be possible to end:
 * so something small is asked of that disk meanwhile.
 */
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../clock.ts'
import { BackupError } from '../backup-error.ts'
import { unlessStuck } from '../unless-stuck.ts'

const ASK_EVERY_MS = 30_000
/** Beside what is staged; it goes with that. */
const ASKED = 'asked'

export interface StageWatch {
  /** Aborted with `staging-stuck` where the disk has not answered for half an hour, and the program still runs. */
  readonly silent: AbortSignal
  /** For whoever waits for the program: lets go some seconds after that, whether it could be ended or not. */
  unless<T>(work: Promise<T>): Promise<T>
}

/** @param exit of a program, for as long as which it is looked at */
export type WatchStage = (exit: Promise<unknown>) => StageWatch

/** Of what lies nowhere. */
export const unwatched: WatchStage = () => ({ silent: new AbortController().signal, unless: (work) => work })

/** @param directory what is said not to answer, where it is staged @param ask what only a disk that answers comes back from, well or not */
export function watchingStage(
  path: string,
  directory: string,
  clock: Pick<Clock, 'after' | 'monotonic'>,
  ask = askDisk,
): WatchStage {
  return (exit) => {
    const silent = new AbortController()
    const over = new AbortController()
    let silentSince: number | null = null
    let cancel = () => {}

    async function look(): Promise<void> {
      const since = clock.monotonic()
      // What it answers does not matter: faults of what is read there are the program's to tell.
      const answered = ask(join(path, ASKED)).catch(() => {})
      try {
        await unlessStuck(answered, {
          ...{ clock, since: () => since, signal: over.signal },
          stuck: (seconds) => new BackupError('staging-stuck', { directory, seconds }),
        })
        if (!over.signal.aborted) cancel = clock.after(ASK_EVERY_MS, () => void look())
      } catch (error) {
        if (over.signal.aborted) return
        silentSince = clock.monotonic()
        silent.abort(error)
      }
    }
    void look()
    void exit.then(() => {
      over.abort()
      cancel()
    })

    return {
      silent: silent.signal,
      unless: (work) =>
        unlessStuck(work, {
          ...{ clock, since: () => silentSince, signal: silent.signal },
          stuck: () => silent.signal.reason as BackupError,
        }),
    }
  }
}

async function askDisk(path: string): Promise<void> {
  const file = await open(path, 'w', 0o600)
  try {
    await file.write('?')
    await file.datasync()
  } finally {
    await file.close()
  }
}
