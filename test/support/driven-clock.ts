/** A clock that stands until a test moves it. */
import type { Clock } from '../../src/main/engine/clock.ts'

export interface DrivenClock extends Clock {
  /**
   * Moves time on by `ms`, calling each timer that is due at its moment, in order; between two of them what they
   * started may settle.
   */
  advance(ms: number): Promise<void>
  /** Sets the wall clock without moving monotonic time or firing anything: somebody set it, or the machine slept. */
  jump(ms: number): void
  /** How many timers wait. */
  waiting(): number
  /** Milliseconds until the next of them is due; `null` where none waits. */
  nextIn(): number | null
}

/** @param start wall-clock time at the start, milliseconds since the epoch */
export function createDrivenClock(start = Date.UTC(2026, 0, 1)): DrivenClock {
  let elapsed = 0
  let offset = start
  let order = 0
  const timers = new Map<number, { at: number; task: () => void }>()

  /** Lets promises that are settled run on, and the event loop turn: worker messages and sockets count too. */
  const settle = async () => {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  }

  return {
    now: () => offset + elapsed,
    monotonic: () => elapsed,
    after(ms, task) {
      order += 1
      const id = order
      timers.set(id, { at: elapsed + Math.max(0, ms), task })
      return () => timers.delete(id)
    },
    async advance(ms) {
      const end = elapsed + ms
      await settle()
      for (;;) {
        const due = [...timers]
          .filter(([, timer]) => timer.at <= end)
          .sort(([a, x], [b, y]) => x.at - y.at || a - b)[0]
        if (due === undefined) break
        const [id, timer] = due
        timers.delete(id)
        elapsed = Math.max(elapsed, timer.at)
        timer.task()
        await settle()
      }
      elapsed = end
      await settle()
    },
    jump(ms) {
      offset += ms
    },
    waiting: () => timers.size,
    nextIn: () =>
      timers.size === 0 ? null : Math.min(...[...timers.values()].map(({ at }) => at)) - elapsed,
  }
}
