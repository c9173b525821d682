/**
 * What is left free on a disk that fills up with ours: others live from it, which stop where it is full to the last byte; a database on the same machine and the
 * console's own record among them.
 */
import { statfs } from 'node:fs/promises'
import type { Clock } from '../clock.ts'
import type { BackupError } from './backup-error.ts'

const SHARE = 0.01
const MOST_BYTES = 1024 ** 3
const LOOK_EVERY_MS = 500
const MEBIBYTE = 1_048_576
const LOOK_EVERY_BYTES = 64 * MEBIBYTE

/** In bytes. */
export interface Room {
  /** Without what is spared. */
  readonly free: number
  readonly spared: number
}

/** How much may be written where a directory lies. @throws what the file system says */
export async function roomAt(directory: string): Promise<Room> {
  const { left, spared } = await measured(directory)
  return { free: Math.max(0, left - spared), spared }
}

/** As texts have it. @param needed bytes */
export function inMebibytes({ free, spared }: Room, needed: number) {
  const up = (bytes: number) => Math.max(1, Math.ceil(bytes / MEBIBYTE))
  return { free: Math.floor(free / MEBIBYTE), spared: up(spared), needed: up(needed) }
}

/** Whether so little is free where a directory lies that the rest is spared. @throws what the file system says */
export async function isRoomSpent(directory: string): Promise<boolean> {
  const { left, spared } = await measured(directory)
  return left < spared
}

async function measured(directory: string): Promise<{ left: number; spared: number }> {
  const { bavail, blocks, bsize } = await statfs(directory)
  return { left: bavail * bsize, spared: Math.ceil(Math.min(MOST_BYTES, blocks * bsize * SHARE)) }
}

/**
 * Looks at the room of a directory before the first bytes, and each time that so much was written there that half of what is spared may be gone: at a small disk that is soon.
 * @returns to be told of bytes before they are written, whatever file they go to; throws what `spent` makes, or what the file system says
 */
export function sparingRoom(
  directory: string,
  spent: () => BackupError,
  isSpent = isRoomSpent,
): (bytes: number) => Promise<void> {
  let unseen = 0
  let every: number | null = null
  return async (bytes) => {
    if (every === null) {
      const { left, spared } = await measured(directory)
      if (left < spared) throw spent()
      every = Math.min(LOOK_EVERY_BYTES, spared / 2)
    }
    unseen += bytes
    if (unseen < every) return
    unseen = 0
    if (await isSpent(directory)) throw spent()
  }
}

export interface RoomWatch {
  /** Aborted with what `spent` makes. */
  readonly signal: AbortSignal
  stop(): void
}

/** Looks at the room of a directory until it is stopped. What cannot be looked at is not watched: whoever writes there learns of it. */
export function watchRoom(
  directory: string,
  clock: Pick<Clock, 'after'>,
  spent: () => BackupError,
  isSpent = isRoomSpent,
): RoomWatch {
  const ending = new AbortController()
  let isStopped = false
  let cancel = () => {}

  async function look(): Promise<void> {
    const isNow = await isSpent(directory).catch(() => false)
    if (isStopped) return
    if (isNow) ending.abort(spent())
    else cancel = clock.after(LOOK_EVERY_MS, () => void look())
  }
  void look()

  return {
    signal: ending.signal,
    stop() {
      isStopped = true
      cancel()
    },
  }
}
