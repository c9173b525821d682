/**
 * What is left free on a disk that fills up with ours: others live from it, which stop where it is full to the last byte; a database on the same machine and the
 * console's own record among them.
 */
import { statfs } from 'node:fs/promises'
import type { Clock } from '../clock.ts'
import { BackupError } from './backup-error.ts'

const SHARE = 0.01
const MOST_BYTES = 1024 ** 3
const LOOK_EVERY_MS = 500

/** Whether so little is free where a directory lies that the rest is spared. @throws what the file system says */
export async function isRoomSpent(directory: string): Promise<boolean> {
  const { bavail, blocks, bsize } = await statfs(directory)
  return bavail * bsize < Math.min(MOST_BYTES, blocks * bsize * SHARE)
}

export interface RoomWatch {
  /** Aborted with `scratch-full`. */
  readonly signal: AbortSignal
  stop(): void
}

/** Looks at the room of a directory until it is stopped. What cannot be looked at is not watched: whoever writes there learns of it. */
export function watchRoom(directory: string, clock: Pick<Clock, 'after'>, isSpent = isRoomSpent): RoomWatch {
  const spent = new AbortController()
  let isStopped = false
  let cancel = () => {}

  async function look(): Promise<void> {
    const isNow = await isSpent(directory).catch(() => false)
    if (isStopped) return
    if (isNow) spent.abort(new BackupError('scratch-full', { directory }))
    else cancel = clock.after(LOOK_EVERY_MS, () => void look())
  }
  void look()

  return {
    signal: spent.signal,
    stop() {
      isStopped = true
      cancel()
    },
  }
}
