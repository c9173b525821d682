/** A status that comes and goes within a minute is one event with a count, not a line for each turn. */
import type { Status } from '#shared/catalogue/statuses.ts'
import { badness } from '#shared/catalogue/statuses.ts'
import type { Reason } from '#shared/model/reason.ts'
import type { Draft } from './draft.ts'

const FLAP_MS = 60_000

/** The turns that are told in one event, as far as they go. */
export interface Flapping {
  /** Of the event that tells them. */
  readonly id: number
  readonly startedAt: number
  readonly turnedAt: number
  /** What was there since they began; another one is no coming and going, but something new. */
  readonly seen: readonly Status[]
  readonly turns: number
  /** The worst of them, and its reason. */
  readonly worst: { readonly status: Status; readonly reason: Reason }
}

export interface Told {
  /** `null`: an event of its own. Else the id of that which tells this too, as `draft` has it then. */
  readonly amends: number | null
  readonly draft: Draft
  readonly flapping: Flapping
}

/**
 * @param before what was told last of the same probe and target, if anything
 * @param from what the status was before this transition
 * @param id of the event, should it be one of its own
 */
export function collapse(
  before: Flapping | undefined,
  from: Status,
  draft: Draft & { status: Status },
  id: number,
): Told {
  const { at, status, reason } = draft
  const isReturn =
    before !== undefined &&
    at - before.turnedAt <= FLAP_MS &&
    at >= before.turnedAt &&
    before.seen.includes(status)
  if (!isReturn) {
    return {
      amends: null,
      draft,
      flapping: {
        id,
        startedAt: at,
        turnedAt: at,
        seen: [from, status],
        turns: 1,
        worst: { status, reason },
      },
    }
  }
  const worst = badness(status) > badness(before.worst.status) ? { status, reason } : before.worst
  const turns = before.turns + 1
  return {
    amends: before.id,
    draft: { ...draft, at: before.startedAt, reason: flapped(worst, turns, at - before.startedAt) },
    flapping: { ...before, turnedAt: at, turns, worst },
  }
}

/** The reason of the worst, with how often it came: `said` is its code, whose own parameters stand beside. */
function flapped({ reason }: Flapping['worst'], turns: number, lastedMs: number): Reason {
  const times = Math.ceil(turns / 2)
  return {
    code: 'flapped',
    params: { ...reason.params, said: reason.code, times, flappedSeconds: Math.round(lastedMs / 1000) },
  }
}
