/** Directories for as long as a job takes. What is staged, or a drill restores, lies in one in clear, so that none stays for good where power or the console ended in its middle. */
import { createHash } from 'node:crypto'
import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises'
import { hostname, tmpdir, uptime } from 'node:os'
import { basename, join } from 'node:path'
import { threadId } from 'node:worker_threads'
import { systemClock } from '../clock.ts'
import { errorCode } from '../reach/failed.ts'
import { isAlive } from './is-alive.ts'

type Purpose = 'drill' | 'backup' | 'stage'

/**
 * `vakhta-drill-1a2b3c4d-4711-12-aB3xYz`, with the machine, the process and its thread: short, because the path of a socket within it has hardly a hundred
 * characters. Those of earlier versions are without the thread.
 */
const NAME =
  /^vakhta-(?:drill|backup|stage)-(?<machine>[0-9a-f]{8})-(?<pid>\d{1,10})(?:-(?<thread>\d{1,10}))?-\w{6}$/

/** Threads that were begun here and are not over: their ids are of the process, as its own id is of the machine. */
const atWork = new Set<number>()

/** A machine by its name: several, or containers, may share a directory. */
function machine(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
}

/** @param parent left out: the system's for such */
export function makeTemporary(purpose: Purpose, parent = tmpdir()): Promise<string> {
  return mkdtemp(join(parent, `vakhta-${purpose}-${machine()}-${process.pid}-${threadId}-`))
}

/** Never rejects: whoever worked in it is done, or failed for a reason of its own. What cannot be removed goes when the thread is over, or with a later look. */
export async function removeTemporary(path: string, remove: typeof rm = rm): Promise<void> {
  // A program that was just killed may have made a file meanwhile.
  await remove(path, { recursive: true, force: true, maxRetries: 3 }).catch(() => {})
}

/** What a thread makes is its own from now on. @returns to be called when it is over: removes what it left in these places. Never rejects. */
export function beginThread(thread: number): (places: readonly string[]) => Promise<void> {
  atWork.add(thread)
  return async (places) => {
    atWork.delete(thread)
    const own = `-${machine()}-${process.pid}-${thread}-`
    for (const place of new Set([tmpdir(), ...places])) {
      const left = await candidatesIn(place).catch(() => [])
      for (const path of left.filter((one) => basename(one).includes(own))) await removeTemporary(path)
    }
  }
}

/** Milliseconds since the epoch. */
export interface Then {
  readonly machine: string
  readonly pid: number
  /** When this process, and this machine, were started. */
  readonly startedAt: number
  readonly bootedAt: number
  readonly isAlive: (pid: number) => boolean
  /** A thread of this process. */
  readonly isAtWork: (thread: number) => boolean
}

/**
 * Whether nobody works in it any more: whoever made it is gone, or only its number is there again, in another process. Of another machine that cannot be
 * known. Pure.
 * @param madeAt when something in it was made or removed
 */
export function isAbandoned(
  name: string,
  madeAt: number,
  { machine: here, pid: own, startedAt, bootedAt, isAlive, isAtWork }: Then,
): boolean {
  const { machine: of, pid: digits, thread } = NAME.exec(name)?.groups ?? {}
  if (of !== here) return false
  const pid = Number(digits)
  if (pid !== own) return madeAt < bootedAt || !isAlive(pid)
  return madeAt < startedAt || (thread !== undefined && !isAtWork(Number(thread)))
}

/**
 * Removes what consoles that were killed left, and threads of this one.
 * @param places where things are staged, besides the system's directory for temporary ones
 * @returns the directories; `stuck`: those that cannot be removed, but for what is somebody else's
 */
export async function removeAbandoned(
  places: readonly string[] = [],
): Promise<{ removed: string[]; stuck: string[] }> {
  // Times of files are of the system, whatever clock drives the engine.
  const now = systemClock.now()
  const then: Then = {
    ...{ machine: machine(), pid: process.pid, isAlive },
    startedAt: now - process.uptime() * 1_000,
    bootedAt: now - uptime() * 1_000,
    isAtWork: (thread) => thread === threadId || atWork.has(thread),
  }
  const removed: string[] = []
  const stuck: string[] = []
  for (const path of (await Promise.all([...new Set([tmpdir(), ...places])].map(candidatesIn))).flat()) {
    const name = basename(path)
    try {
      const { mtimeMs } = await lstat(path)
      if (!isAbandoned(name, mtimeMs, then)) continue
      await rm(path, { recursive: true, force: true })
      removed.push(path)
    } catch (error) {
      if (!['ENOENT', 'EACCES', 'EPERM'].includes(errorCode(error) ?? '')) stuck.push(path)
    }
  }
  return { removed, stuck }
}

/** None where nothing was ever staged. */
async function candidatesIn(place: string): Promise<string[]> {
  const names = await readdir(place).catch((error: unknown) => {
    if (place !== tmpdir() && ['ENOENT', 'ENOTDIR', 'EACCES'].includes(errorCode(error) ?? '')) return []
    throw error
  })
  return names.filter((name) => NAME.test(name)).map((name) => join(place, name))
}
