/**
 * Resources register their release where they are opened; they are released last in, first out, each within a bound,
 * and one that fails or hangs does not keep the others open.
 */
import type { Log } from './log.ts'

export interface Releases {
  add(name: string, release: () => void | Promise<void>): void
  /** Releases everything; resolves when all are done or out of time. */
  releaseAll(timeoutMs?: number): Promise<void>
}

/** @param log where a release that failed or hung is told */
export function createReleases(log: Log): Releases {
  const stack: { name: string; release: () => void | Promise<void> }[] = []
  return {
    add(name, release) {
      stack.push({ name, release })
    },
    async releaseAll(timeoutMs = 3_000) {
      for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
        const { name, release } = entry
        const timer = Promise.withResolvers<'late'>()
        const handle = setTimeout(() => timer.resolve('late'), timeoutMs)
        try {
          const outcome = await Promise.race([Promise.resolve().then(release), timer.promise])
          if (outcome === 'late') log.warn({ resource: name, timeoutMs }, 'release did not end in time')
        } catch (error) {
          log.warn({ resource: name, err: error }, 'release failed')
        } finally {
          clearTimeout(handle)
        }
      }
    },
  }
}
