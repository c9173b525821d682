/** How long to wait before trying to reach the console again. */

const FIRST_MS = 250
const LONGEST_MS = 10_000

/**
 * Milliseconds to wait before an attempt, counted from 0: doubling from 250 ms to 10 s, with full jitter over the upper
 * half, so that many pages do not come back at once.
 */
export function reconnectDelayMs(attempt: number, random: () => number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt)
  return Math.round(ceiling / 2 + (ceiling / 2) * random())
}
