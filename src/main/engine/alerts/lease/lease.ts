/** Whether this console tells of a deployment's alerts, by what the last turns at its lease found. Pure. */
import type { Failure } from '#shared/model/failure.ts'
import type { Lease, LeasePlace, LeaseProblem, LeaseState } from '#shared/model/lease.ts'

/** What a turn holds for. After it nothing is known, and who knows nothing tells: never silent goes before never twice. */
export const HOLDS_FOR_MS = 10_000
/** Turns are this far apart. */
export const TURN_EVERY_MS = 3_000

/** What a turn found at the place of the lease. */
export type Found =
  | { readonly kind: 'mine' }
  | { readonly kind: 'theirs'; readonly holder: string }
  /** It answers, and cannot be agreed upon there. */
  | { readonly kind: 'impossible'; readonly problem: LeaseProblem }

/** Where a lease is held. */
export interface LeaseSeat {
  /** Rejects with `ReachError` where the place does not answer. */
  turn(signal: AbortSignal): Promise<Found>
  /** Leaves it to others, as far as that can be said. */
  leave(signal: AbortSignal): Promise<void>
}

/** What is known of a lease. */
export interface Known {
  readonly place: Exclude<LeasePlace, 'none'>
  /** When it was asked for first; milliseconds since the epoch, here and below. */
  readonly startedAt: number
  /** The newest turn that was answered; `null`: none yet. */
  readonly answered: { readonly at: number; readonly found: Found } | null
  /** Why the newest turn was not answered; `null`: it was. */
  readonly failure: Failure | null
  /** Nobody hears this console: no channel of its takes anything. */
  readonly isUnheard: boolean
}

/** Who tells. */
export type Voice =
  /** `doubled`: another console may tell the same. */
  | { readonly tells: true; readonly doubled: boolean }
  | { readonly tells: false; readonly holder: string | null; readonly until: number }

export function voiceOf(known: Known | null, now: number): Voice {
  switch (stateOf(known, now)) {
    case 'alone':
      return { tells: true, doubled: false }
    case 'holds':
      // The others will be as unsure, and tell as well.
      return { tells: true, doubled: known?.failure != null }
    case 'unsure':
    case 'aside':
      return { tells: true, doubled: true }
    case 'starting':
      return { tells: false, holder: null, until: (known?.startedAt ?? now) + HOLDS_FOR_MS }
    case 'waits':
      return { tells: false, holder: holderOf(known), until: (known?.answered?.at ?? now) + HOLDS_FOR_MS }
  }
}

export function stateOf(known: Known | null, now: number): LeaseState {
  if (known === null) return 'alone'
  if (known.isUnheard) return 'aside'
  const { answered, startedAt } = known
  if (answered === null) return isRecent(startedAt, now) ? 'starting' : 'unsure'
  if (!isRecent(answered.at, now)) return 'unsure'
  switch (answered.found.kind) {
    case 'mine':
      return 'holds'
    case 'theirs':
      return 'waits'
    case 'impossible':
      return 'unsure'
  }
}

/** By the wall clock: of a machine that slept, and of a clock that was set back, nothing is known. */
function isRecent(at: number, now: number): boolean {
  return now >= at && now - at < HOLDS_FOR_MS
}

function holderOf(known: Known | null): string | null {
  return known?.answered?.found.kind === 'theirs' ? known.answered.found.holder : null
}

/** @param own the name of this console */
export function leaseOf(known: Known | null, own: string, since: number, now: number): Lease {
  const state = stateOf(known, now)
  const found = known?.answered?.found
  return {
    place: known?.place ?? 'none',
    state,
    holder: state === 'holds' ? own : state === 'waits' ? holderOf(known) : null,
    problem: state === 'unsure' && found?.kind === 'impossible' ? found.problem : null,
    failure: state === 'unsure' ? (known?.failure ?? null) : null,
    since,
  }
}
