/** A limit on how long a far side may be silent, that does not count while a person is being asked. */
import type { Clock } from '../../clock.ts'

export interface Patience {
  /** It made progress: counts from the beginning, with another limit where one is given. */
  restart(limitMs?: number): void
  /** Does not count until `restart`. */
  pause(): void
  /** For good. */
  stop(): void
}

/** @param onOver called once, with the limit that was over */
export function createPatience(clock: Clock, limitMs: number, onOver: (limitMs: number) => void): Patience {
  let limit = limitMs
  let ended = false
  let cancel = (): void => {}

  function restart(next = limit): void {
    cancel()
    limit = next
    if (ended) return
    cancel = clock.after(limit, () => {
      ended = true
      onOver(limit)
    })
  }

  restart()
  return {
    restart,
    pause: () => cancel(),
    stop() {
      ended = true
      cancel()
    },
  }
}
