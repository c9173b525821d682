/**
 * Whether the next step of an escalation is to be taken now, later, or not: a pure decision. A step is a time after the one before
 * it, so that a console that slept takes one after the other, and not all of them at once.
 */
import type { EscalationPolicy, EscalationStep } from '#shared/model/escalation.ts'
import type { Escalation, Incident } from '../records.ts'
import type { Member } from '../telling/decide-notice.ts'

/** What could not be decided because nobody looks is asked again after this time. */
const ASK_AGAIN_MS = 5_000
const MINUTE_MS = 60_000

export type EscalationTurn =
  | { readonly kind: 'none' }
  /** It begins at this moment: from now on the time of the first step counts. */
  | { readonly kind: 'begin'; readonly policy: string }
  /** Somebody took it up, or there is nothing to call anybody for: it does not go on. */
  | { readonly kind: 'stop' }
  | { readonly kind: 'step'; readonly step: EscalationStep; readonly index: number }
  /** The clock was set back: the time of the next step counts from now. */
  | { readonly kind: 'recount' }
  | { readonly kind: 'wait'; readonly until: number }
  /** All steps were taken. */
  | { readonly kind: 'done' }

/**
 * @param policy the one that it goes by, or of one that has not begun, the one that fits; `null`: there is none
 * @param now milliseconds since the epoch
 */
export function decideEscalation(
  {
    escalation,
    said,
    members,
    policy,
  }: {
    readonly escalation: Escalation | null
    readonly said: Incident['said']
    readonly members: readonly Member[]
    readonly policy: EscalationPolicy | null
  },
  now: number,
): EscalationTurn {
  const calling = members.filter((member) => isCalling(member, said))
  if (policy === null || calling.length === 0) return { kind: escalation === null ? 'none' : 'stop' }
  if (escalation === null) return { kind: 'begin', policy: policy.name }
  const step = policy.steps[escalation.taken]
  if (step === undefined) return { kind: 'done' }
  if (now < escalation.lastAt) return { kind: 'recount' }
  const due = escalation.lastAt + waitBefore(policy, escalation.taken) * MINUTE_MS
  if (now < due) return { kind: 'wait', until: due }
  // What nobody looks at may be over: nobody is called for it before somebody looked.
  if (!calling.some(({ isObserved }) => isObserved)) return { kind: 'wait', until: now + ASK_AGAIN_MS }
  return { kind: 'step', step, index: escalation.taken }
}

/** Minutes between a step and the one before it. */
function waitBefore({ steps }: EscalationPolicy, index: number): number {
  return (steps[index]?.afterMinutes ?? 0) - (steps[index - 1]?.afterMinutes ?? 0)
}

/** It was told, still fires, nobody took it up, and nothing but that it rang just now keeps it quiet. */
export function isCalling({ id, isOver, isAcknowledged, hold }: Member, said: Incident['said']): boolean {
  // What another console tells of, that one escalates.
  const isQuiet = ['silenced', 'inhibited', 'told-elsewhere'].includes(hold?.because ?? '')
  const mark = said?.marks[id]
  return (
    said?.isOver === false && mark !== undefined && mark !== 'over' && !isOver && !isAcknowledged && !isQuiet
  )
}
