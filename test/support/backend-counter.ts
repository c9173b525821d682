/**
 * Counts the server processes that a role, or several, have at a PostgreSQL, two hundred times a second and whatever state the server is in:
 * those that are still logging in too, which `pg_stat_activity` does not show. Linux only.
 */
import { readFileSync } from 'node:fs'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { beforeOthers } from './before-others.ts'

const EVERY_MS = 5

export interface BackendCounter {
  /** Resolves when it has begun to look. */
  readonly begun: Promise<void>
  /** The most there were at once. */
  most(): number
  /** The longest time between two looks, in milliseconds: what was shorter may not have been seen. */
  longestGapMs(): number
  stop(): Promise<void>
}

/** How many there are now. @param postmaster its PID */
export function backendsOf(postmaster: number, ...roles: readonly string[]): number {
  return pidsOf(postmaster, ...roles).length
}

/** Those of its children that serve a role, or one of several. */
export function pidsOf(postmaster: number, ...roles: readonly string[]): number[] {
  return read(`/proc/${postmaster}/task/${postmaster}/children`)
    .split(' ')
    .filter((pid) => {
      const title = pid === '' ? '' : read(`/proc/${pid}/cmdline`)
      return roles.some((role) => title.startsWith(`postgres: ${role} `))
    })
    .map(Number)
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return '' // ended while we looked
  }
}

/**
 * Counts in a thread of its own, from now on.
 * @param directory the cluster's, which knows the postmaster of the moment
 */
export function countBackends(directory: string, ...roles: readonly string[]): BackendCounter {
  const seen = new Float64Array(new SharedArrayBuffer(16))
  const worker = new Worker(new URL(import.meta.url), { workerData: { directory, roles, seen } })
  const begun = Promise.withResolvers<void>()
  worker.once('message', () => begun.resolve())
  worker.once('error', begun.reject)
  begun.promise.catch(() => {})
  return {
    begun: begun.promise,
    most: () => seen[0] ?? 0,
    longestGapMs: () => seen[1] ?? 0,
    async stop() {
      await worker.terminate()
    },
  }
}

interface Order {
  readonly directory: string
  readonly roles: readonly string[]
  readonly seen: Float64Array
}

function sample({ directory, roles, seen }: Order): void {
  beforeOthers()
  let at = performance.now()
  setInterval(() => {
    const now = performance.now()
    const postmaster = Number(read(`${directory}/postmaster.pid`).split('\n')[0])
    seen[0] = Math.max(seen[0] ?? 0, backendsOf(postmaster, ...roles))
    seen[1] = Math.max(seen[1] ?? 0, now - at)
    at = now
  }, EVERY_MS)
  parentPort?.postMessage('begun')
}

if (!isMainThread && parentPort !== null && workerData?.directory !== undefined) sample(workerData)
