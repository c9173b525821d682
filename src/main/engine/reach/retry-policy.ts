/**
 * When to try again after a failure: jittered exponential backoff behind a circuit breaker. Pure: what has failed goes
 * in, the decision and its reason come out.
 */
import type { Failure } from '#shared/model/failure.ts'

const BREAKER_OPENS_AFTER = 5
/** How long the breaker stays open at first; each trial that fails doubles it, up to the longest. */
const BREAKER_OPEN_MS = 10_000
const BREAKER_LONGEST_MS = 60_000
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 8_000
/** While the way is cut nothing knocks on it; it reports when it is back. This is for what it may fail to report. */
const WAY_RECHECK_MS = 30_000
/** A connection that broke sooner than this counts as one more failure, or a server that drops us is hammered. */
export const STABLE_AFTER_MS = 10_000

export type RetryDecision =
  | { readonly kind: 'backoff' | 'breaker' | 'way'; readonly waitMs: number; readonly failures: number }
  /** Only a person can help; nothing is tried until `retry()`. */
  | { readonly kind: 'person'; readonly failures: number }

/**
 * @param at the hop or target that is to be connected
 * @param failures how many attempts failed in a row before this one
 * @param random evenly in [0, 1)
 */
export function decideRetry(
  failure: Pick<Failure, 'recovery' | 'on' | 'hop'>,
  at: string,
  failures: number,
  random: () => number,
): RetryDecision {
  // A cut way says nothing of the target behind it: it counts against neither its backoff nor its breaker.
  if (failure.on === 'path' && failure.hop !== at) return { kind: 'way', waitMs: WAY_RECHECK_MS, failures }
  if (failure.recovery === 'person') return { kind: 'person', failures: failures + 1 }
  const now = failures + 1
  // Jitter spreads a fleet that lost its bastion together; at least half of the wait always stays.
  const jitter = 0.5 + random() / 2
  if (now >= BREAKER_OPENS_AFTER) {
    const openMs = Math.min(BREAKER_LONGEST_MS, BREAKER_OPEN_MS * 2 ** (now - BREAKER_OPENS_AFTER))
    return { kind: 'breaker', waitMs: Math.round(openMs * (1 + random() / 10)), failures: now }
  }
  const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (now - 1))
  return { kind: 'backoff', waitMs: Math.round(waitMs * jitter), failures: now }
}
