/** What becomes of a message after an attempt, and when it is tried again. Pure. */
import type { DeliveryAnswer } from '#shared/model/delivery.ts'
import type { Outcome } from './delivery-store.ts'

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

export interface Answered {
  readonly answer: DeliveryAnswer
  readonly retryAfterMs: number | null
  /** When it was sent, and when the answer was there. */
  readonly at: number
  readonly now: number
  /** As it was before. */
  readonly before: { readonly attempts: number; readonly possibleRepeat: boolean; readonly decidedAt: number }
}

/** @param random evenly in [0, 1) */
export function outcomeOf(
  { answer, retryAfterMs, at, now, before }: Answered,
  random: () => number,
): Omit<Outcome, 'handle'> {
  const attempt = { at, answer }
  // What was delivered at last was not a repeat for having arrived; what went out unanswered may be one the next time.
  const possibleRepeat = before.possibleRepeat || (answer.status !== 'delivered' && mayHaveArrived(answer))
  if (answer.status !== 'retry') return { state: answer.status, attempt, nextAt: null, possibleRepeat }
  const { attempts, decidedAt } = before
  const pace = paceOf({ attempts: attempts + 1, retryAfterMs, now, decidedAt }, random)
  return pace.kind === 'give-up'
    ? { state: 'given-up', attempt, nextAt: null, possibleRepeat }
    : { state: 'waiting', attempt, nextAt: pace.at, possibleRepeat }
}

/** It went out, and no answer came. */
function mayHaveArrived({ code, failure }: DeliveryAnswer): boolean {
  return code === null && failure?.step === 'protocol'
}
