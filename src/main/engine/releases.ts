/**
 * Resources register their release where they are opened; they are released last in, first out, each within a bound,
 * and one that fails or hangs does not keep the others open.
 */
import type { Log } from './log.ts'

export interface Releases {
  add(name: string, release: () => void | Promise<void>): void
  /**
   * Releases everything; resolves when all are done or out of time. Whoever asks while it is under way waits for the same end.
   * @param timeoutMs for each
   * @param totalMs for all of them; where the first use it up, the others still get a moment
   */
  releaseAll(timeoutMs?: number, totalMs?: number): Promise<void>
}

/** What a release gets in any case: enough for one that has nothing to wait for. */
const MOMENT_MS = 250

/** @param log where a release that failed or hung is told */
export function createReleases(log: Log): Releases {
  const stack: { name: string; release: () => void | Promise<void> }[] = []
  let releasing: Promise<void> | null = null

  async function releaseOne(
    name: string,
    release: () => void | Promise<void>,
    timeoutMs: number,
  ): Promise<void> {
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

  async function releaseEach(timeoutMs: number, totalMs: number): Promise<void> {
    const deadline = performance.now() + totalMs
    for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
      const left = Math.max(MOMENT_MS, deadline - performance.now())
      await releaseOne(entry.name, entry.release, Math.min(timeoutMs, left))
    }
  }

  return {
    add(name, release) {
      stack.push({ name, release })
    },
    releaseAll(timeoutMs = 3_000, totalMs = Number.POSITIVE_INFINITY) {
      releasing ??= releaseEach(timeoutMs, totalMs).finally(() => {
        releasing = null
      })
      return releasing
    },
  }
}
