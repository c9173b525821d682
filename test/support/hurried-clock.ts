/** A clock that runs faster than the system's: for waits of half a minute that a real server takes part in. */
import { type Clock, systemClock } from '../../src/main/engine/clock.ts'

/** @param times how much faster */
export function createHurriedClock(times: number): Clock {
  const began = { now: systemClock.now(), monotonic: systemClock.monotonic() }
  return {
    now: () => began.now + (systemClock.now() - began.now) * times,
    monotonic: () => began.monotonic + (systemClock.monotonic() - began.monotonic) * times,
    after: (ms, task) => systemClock.after(ms / times, task),
  }
}
