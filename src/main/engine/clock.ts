/** Time as an argument: tests drive it, the engine never asks the system for it elsewhere. */
export interface Clock {
  /** Wall-clock time, milliseconds since the epoch. It jumps when the machine sleeps or its clock is set. */
  now(): number
  /** Monotonic milliseconds, for durations. */
  monotonic(): number
  /** Calls `task` once after `ms`; returns what cancels it. Timers keep no process alive. */
  after(ms: number, task: () => void): () => void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, task) {
    const timer = setTimeout(task, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}
