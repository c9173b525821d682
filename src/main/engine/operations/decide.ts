/**
 * What comes next in an operation: after a start, after a crash, on the way back. Pure; goes by the record alone, which is what the journal adds
 * up to, so that it decides the same wherever the console was killed.
 */
import type { Heading, OperationError, OperationStep } from '#shared/model/operation.ts'
import { hasTraces, isDoubtful, type OperationRecord } from './record.ts'

/** What people, or the console, want of one that is under way. `halt`: stop where it is. */
export type Wish = 'go' | 'pause' | 'cancel' | 'halt'

export type Decision =
  | { readonly do: 'inspect' | 'run' | 'undo'; readonly step: string }
  | { readonly do: 'turn'; readonly heading: Heading }
  | { readonly do: 'pause' }
  /** `error`: what a person has to decide on. */
  | { readonly do: 'interrupt'; readonly error: OperationError | null }
  | {
      readonly do: 'end'
      readonly state: 'succeeded' | 'failed' | 'cancelled' | 'undone'
      readonly error: OperationError | null
    }

export interface Situation {
  readonly record: Pick<OperationRecord, 'heading' | 'steps' | 'error' | 'undo'>
  readonly wish: Wish
  readonly onFailure: 'undo' | 'stay'
}

export function decide(situation: Situation): Decision {
  const { record, wish } = situation
  if (wish === 'halt') return { do: 'interrupt', error: null }
  return record.heading === 'forward' ? forward(situation) : back(record)
}

/** Whether it can still be stopped with nothing left of it. */
export function isPastReturn(steps: readonly OperationStep[]): boolean {
  return steps.some((step) => step.pointOfNoReturn && hasTraces(step))
}

function forward({ record: { steps, error }, wish, onFailure }: Situation): Decision {
  if (wish === 'cancel' && !isPastReturn(steps)) return { do: 'turn', heading: 'cancelled' }
  const [next] = stepsLeft(steps)
  if (next === undefined) return { do: 'end', state: 'succeeded', error: null }
  const { id: step, inspected, nature } = next
  if (next.state === 'failed') {
    if (inspected === null) return { do: 'inspect', step }
    const takenBack = onFailure === 'undo' && !isPastReturn(steps) && steps.some(isToBeTakenBack)
    return takenBack ? { do: 'turn', heading: 'failed' } : { do: 'end', state: 'failed', error }
  }
  // Nobody is asked to decide on what was only to wait.
  if (wish === 'pause') return { do: 'pause' }
  if (!isDoubtful(next)) return { do: 'run', step }
  if (inspected === null) return { do: 'inspect', step }
  if (inspected === 'foreign') return ask('asks-foreign', step)
  if (inspected === 'partial' && nature === 'undo-only') return ask('asks-partial', step)
  return { do: 'run', step }
}

function back({ heading, steps, error, undo }: Situation['record']): Decision {
  const state = heading === 'forward' ? 'undone' : heading
  if (undo === 'failed') {
    const failed = steps.findLast((step) => step.state === 'failed' && hasTraces(step))
    if (failed?.inspected === null) return { do: 'inspect', step: failed.id }
    return { do: 'end', state: 'failed', error: failed?.error ?? error }
  }
  for (const step of steps.toReversed()) {
    if (isDoubtful(step) && step.inspected === null) return { do: 'inspect', step: step.id }
    if (!hasTraces(step)) continue
    // Somebody else's work is not taken back; one that is given up leaves it as it is.
    if (isDoubtful(step) && step.inspected === 'foreign') {
      if (heading === 'cancelled') continue
      return ask('asks-foreign', step.id)
    }
    if (step.undoable) return { do: 'undo', step: step.id }
    // What was done before it may be what it stands on.
    if (step.changes) break
  }
  return { do: 'end', state, error: heading === 'failed' ? error : null }
}

/** Whether turning back changes the target, for all that is known. */
export function changesGoingBack(steps: readonly OperationStep[]): boolean {
  return stepsGoingBack(steps).some(({ changes }) => changes)
}

/** What would be taken back, in that order, for all that is known. */
export function stepsGoingBack(steps: readonly OperationStep[]): OperationStep[] {
  return steps.filter(isToBeTakenBack).toReversed()
}

/** What is to be done still, for all that is known. */
export function stepsLeft(steps: readonly OperationStep[]): OperationStep[] {
  return steps.filter(({ state }) => !isDone(state))
}

function isDone(state: OperationStep['state']): boolean {
  return state === 'succeeded' || state === 'skipped'
}

function isToBeTakenBack(step: OperationStep): boolean {
  return step.undoable && hasTraces(step)
}

function ask(code: 'asks-foreign' | 'asks-partial', step: string): Decision {
  return { do: 'interrupt', error: { code, params: { step } } }
}
