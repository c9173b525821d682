/**
 * Limits wrong tokens: after ten within a minute the next wrong one is told to wait. Right ones pass at any time; else any
 * program on the machine could lock the administrator out, and 256 bits are not found by trying.
 */
import type { Clock } from '../../engine/clock.ts'

const MOST_FAILURES = 10
const WINDOW_MS = 60_000

export interface Attempts {
  /** Notes a wrong token. @returns seconds to wait; 0 while there are attempts left */
  fail(): number
}

export function createAttempts({ clock }: { clock: Clock }): Attempts {
  const failures: number[] = []
  return {
    fail() {
      const now = clock.monotonic()
      while (failures[0] !== undefined && failures[0] <= now - WINDOW_MS) failures.shift()
      const [first] = failures
      if (first !== undefined && failures.length >= MOST_FAILURES) {
        return Math.max(1, Math.ceil((first + WINDOW_MS - now) / 1000))
      }
      failures.push(now)
      return 0
    },
  }
}
