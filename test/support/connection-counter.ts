/**
 * Counts the connections that what is tested holds to a server, a hundred times a second and whatever state the server is in:
 * by the kernel's word, so that one that hangs, is full or takes no login is counted too. Those of the tests' own clients and
 * of the servers among themselves are not counted; those that sshd makes for a tunnel are. Linux only.
 */
import { Worker } from 'node:worker_threads'

/**
 * Whose connections are counted: those that this process or a tunnel holds; those of tunnels alone, where this process dials
 * the port for others too; or, for a port of ours, all that come there, from other processes and networks too.
 */
export type Holder = 'console' | 'tunnels' | 'anybody'

/** What the thread is told. */
export interface Asked {
  readonly watch?: number
  readonly by?: Holder
  readonly forget?: number
  readonly tell?: number
}

export interface Counted {
  readonly port: number
  /** The most that stood at once since the port is watched. */
  readonly most: number
  readonly samples: number
  readonly longestGapMs: number
}

/**
 * Those that had more than `most` at any time, for a test to hold against an empty list. What stood for less than the time
 * between two samples may not have been seen: that there was one at all is not to be concluded.
 */
export function moreThan(most: number, counted: readonly Counted[]): Counted[] {
  return counted.filter((one) => one.most > most)
}

export interface ConnectionCounter {
  /** Counts from now on, anew where it did before; those of the console where nothing else is said. */
  watch(port: number, by?: Holder): void
  /** What was counted at every port that is watched; they are watched no more. */
  taken(): Promise<Counted[]>
  stop(): Promise<void>
}

/** Why nothing can be counted here, for the names of tests; `null` where it can. */
export const uncounted = process.platform === 'linux' ? null : 'connections are counted on Linux only'

export function createConnectionCounter(): ConnectionCounter {
  const worker = uncounted === null ? new Worker(new URL('./connection-sampler.ts', import.meta.url)) : null
  const ports = new Set<number>()
  const waiting = new Map<number, (counted: Counted) => void>()
  let broken: Error | null = null
  worker?.on('message', (counted: Counted) => {
    waiting.get(counted.port)?.(counted)
    waiting.delete(counted.port)
  })
  worker?.on('error', (error) => {
    broken = error instanceof Error ? error : new Error(String(error))
  })
  const ask = (asked: Asked) => worker?.postMessage(asked)
  return {
    watch(port, by = 'console') {
      ports.add(port)
      ask({ watch: port, by })
    },
    async taken() {
      const watched = [...ports]
      ports.clear()
      if (worker === null) return []
      if (broken !== null) throw broken
      return Promise.all(
        watched.map((port) => {
          const told = Promise.withResolvers<Counted>()
          waiting.set(port, told.resolve)
          worker.once('error', told.reject)
          void told.promise.finally(() => worker.off('error', told.reject)).catch(() => {})
          ask({ tell: port, forget: port })
          return told.promise
        }),
      )
    },
    async stop() {
      await worker?.terminate()
    },
  }
}
