/** When a message is tried again. Pure. */

/** An alert of yesterday is no alarm any more: from then on it is history, which the console itself shows. */
export const GIVE_UP_AFTER_MS = 24 * 3_600_000
const FIRST_WAIT_MS = 2_000
const LONGEST_WAIT_MS = 300_000

export type Pace = { readonly kind: 'again'; readonly at: number } | { readonly kind: 'give-up' }

export interface Attempted {
  /** How often it was tried, this time included. */
  readonly attempts: number
  /** What the other side asked for; `null` where it did not. */
  readonly retryAfterMs: number | null
  readonly now: number
  readonly decidedAt: number
}

/**
 * Waits that double, at least half of each of them, and never less than the other side asked for.
 * @param random evenly in [0, 1)
 */
export function paceOf({ attempts, retryAfterMs, now, decidedAt }: Attempted, random: () => number): Pace {
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempts - 1, 20))
  const jittered = Math.round(wait * (0.5 + random() / 2))
  const at = now + Math.max(jittered, retryAfterMs ?? 0)
  return at - decidedAt > GIVE_UP_AFTER_MS ? { kind: 'give-up' } : { kind: 'again', at }
}
