/** An operation as it is on record, and what each entry of its journal makes of it. Pure: the record is what its entries add up to. */
import { z } from 'zod'
import {
  Heading,
  Inspection,
  isOver,
  NO_PROGRESS,
  Operation,
  OperationError,
  OperationFacts,
  type OperationStep,
  StepWork,
  type TargetState,
  type UndoState,
} from '#shared/model/operation.ts'

export const OperationRecord = Operation.extend({
  /** What excludes others; `null`: nothing. */
  scope: z.string().nullable(),
  /** Where it is done: the system identifier of its PostgreSQL; `null`: it is not known, or at none. */
  server: z.string().nullable().default(null),
  /** Identity of whoever asked for it, for the audit. */
  actorId: z.string(),
  silence: z.boolean(),
  /** What steps kept, by step. */
  facts: z.record(z.string(), OperationFacts),
  /** When its console was last known to be at it: of an entry, or of a sign between two. */
  seenAt: z.number().nullable().default(null),
})
export type OperationRecord = z.infer<typeof OperationRecord>

export const Entry = z.discriminatedUnion('type', [
  /** It was asked for; the record of the time stands beside. */
  z.object({ type: z.literal('asked') }),
  /** It goes on, or turns: what is in doubt is looked at anew. */
  z.object({ type: z.literal('went'), heading: Heading }),
  z.object({ type: z.literal('began'), step: z.string(), work: StepWork }),
  /** `cut`: it was told to stop in its middle. */
  z.object({
    ...{ type: z.literal('ended'), step: z.string(), work: StepWork },
    outcome: z.enum(['done', 'failed', 'cut']),
    error: OperationError.nullable(),
    /** What it adds to the operation's result. */
    result: OperationFacts.nullable(),
  }),
  z.object({
    ...{ type: z.literal('inspected'), step: z.string(), found: Inspection },
    /** What a step that turns out to be done adds to the operation's result: its end told nobody. */
    result: OperationFacts.optional(),
  }),
  z.object({ type: z.literal('kept'), step: z.string(), facts: OperationFacts }),
  /** What it did stays: another operation did away with what the way back led to. */
  z.object({ type: z.literal('kept-for-good') }),
  z.object({ type: z.literal('paused') }),
  /** The console stopped, or a person has to decide: `error` says on what. */
  z.object({
    ...{ type: z.literal('interrupted'), error: OperationError.nullable() },
    /** Where that is told by the next console: until when the one before was known to be at it. */
    until: z.number().optional(),
  }),
  z.object({
    type: z.literal('over'),
    state: z.enum(['succeeded', 'failed', 'cancelled', 'undone']),
    error: OperationError.nullable(),
  }),
])
export type Entry = z.infer<typeof Entry>

/** What the record is after an entry. */
export function afterEntry(record: OperationRecord, entry: Entry, at: number): OperationRecord {
  const after = apply(record, entry, at)
  const undo = undoFailed(record, entry) ? 'failed' : undoOf(after.steps)
  // What people wish of it is nothing that became of it: whoever drives it knows.
  return { ...after, willPause: false, undo, target: targetOf(after.steps), seenAt: at }
}

function apply(record: OperationRecord, entry: Entry, at: number): OperationRecord {
  const withStep = (
    id: string,
    change: (step: OperationStep) => Partial<OperationStep>,
  ): OperationRecord => ({
    ...record,
    steps: record.steps.map((step) => (step.id === id ? { ...step, ...change(step) } : step)),
  })
  switch (entry.type) {
    case 'asked':
      return record
    case 'went':
      return {
        ...record,
        heading: entry.heading,
        state: stateWhile(entry.heading),
        startedAt: record.startedAt ?? at,
        endedAt: null,
        // Of one that goes back because it failed, why it failed stays.
        error: entry.heading === 'failed' ? record.error : null,
        steps: record.steps.map((step) => (isDoubtful(step) ? { ...step, inspected: null } : step)),
      }
    case 'began':
      return withStep(entry.step, (step) => ({
        ...{ state: 'running' as const, inspected: null, endedAt: null, error: null },
        startedAt: entry.work === 'run' ? (step.startedAt ?? at) : step.startedAt,
        underWay: { work: entry.work, since: at },
      }))
    case 'ended': {
      const { outcome, work, error } = entry
      const state =
        outcome === 'cut'
          ? 'in_doubt'
          : outcome === 'failed'
            ? 'failed'
            : work === 'run'
              ? 'succeeded'
              : 'undone'
      const ended = withStep(entry.step, (step) => ({
        ...{ state, error, endedAt: outcome === 'cut' ? null : at },
        ...leftOff(step, at),
      }))
      const fails = outcome === 'failed' && work === 'run'
      const result = added(record.result, entry.result)
      return { ...ended, result, error: fails ? error : record.error, progress: NO_PROGRESS }
    }
    case 'inspected':
      return {
        ...withStep(entry.step, (step) => inspectedAs(step, entry.found, record.heading, at)),
        result: added(record.result, entry.result ?? null),
      }
    case 'kept':
      return { ...record, facts: { ...record.facts, [entry.step]: entry.facts } }
    case 'kept-for-good':
      return { ...record, steps: record.steps.map((step) => ({ ...step, undoable: false })) }
    case 'paused':
      return { ...record, state: 'paused' }
    case 'interrupted':
      return {
        ...record,
        state: 'interrupted',
        error: entry.error ?? record.error,
        progress: NO_PROGRESS,
        steps: record.steps.map((step) => ({
          ...step,
          ...(step.state === 'running' && { state: 'in_doubt' as const }),
          ...leftOff(step, entry.until ?? at),
        })),
      }
    case 'over':
      return { ...record, state: entry.state, endedAt: at, error: entry.error, progress: NO_PROGRESS }
  }
}

/** Nobody works at it from then on: only what passed until then counts. */
function leftOff({ underWay, ranMs, undoMs }: OperationStep, at: number): Partial<OperationStep> {
  if (underWay === null) return {}
  const ms = Math.max(0, at - underWay.since)
  return underWay.work === 'run'
    ? { underWay: null, ranMs: (ranMs ?? 0) + ms }
    : { underWay: null, undoMs: (undoMs ?? 0) + ms }
}

/** Of a step that is over, as older versions recorded it, too: they knew only when it began and ended. `null`: it never ran. */
export function ranFor({
  ranMs,
  startedAt,
  endedAt,
}: Pick<OperationStep, 'ranMs' | 'startedAt' | 'endedAt'>): number | null {
  if (ranMs !== null || startedAt === null || endedAt === null) return ranMs
  return Math.max(0, endedAt - startedAt)
}

/** What was worked at its steps, on the way back, too: between them it may have waited for somebody. `null`: nothing was. */
export function workedFor(
  steps: readonly Pick<OperationStep, 'ranMs' | 'undoMs' | 'startedAt' | 'endedAt'>[],
): number | null {
  const times = steps.flatMap((step) => [ranFor(step), step.undoMs]).filter((ms) => ms !== null)
  return times.length === 0 ? null : times.reduce((sum, ms) => sum + ms, 0)
}

function added(before: OperationFacts | null, more: OperationFacts | null): OperationFacts | null {
  return more === null ? before : { ...before, ...more }
}

/** What failed is still shown as failed, whatever is found of it; what is in doubt is settled where that is clear. */
function inspectedAs(
  { state }: OperationStep,
  found: Inspection,
  heading: Heading,
  at: number,
): Partial<OperationStep> {
  if (state === 'failed') return { inspected: found }
  if (found === 'done') return { inspected: found, state: 'succeeded', endedAt: at }
  if (found === 'not-done') return { inspected: found, state: heading === 'forward' ? 'pending' : 'undone' }
  return { inspected: found }
}

function stateWhile(heading: Heading): OperationRecord['state'] {
  if (heading === 'forward') return 'running'
  return heading === 'cancelled' ? 'cancelling' : 'undoing'
}

/** It began, and whether it did anything is not known, or only in part. */
export function isDoubtful({ state }: Pick<OperationStep, 'state'>): boolean {
  return state === 'in_doubt' || state === 'failed' || state === 'running'
}

/** There may be something of it at the target. */
export function hasTraces(step: OperationStep): boolean {
  return step.state === 'succeeded' || (isDoubtful(step) && step.inspected !== 'not-done')
}

function undoFailed(record: OperationRecord, entry: Entry): boolean {
  if (entry.type === 'ended' && entry.work === 'undo') return entry.outcome === 'failed'
  return record.undo === 'failed' && entry.type !== 'went' && entry.type !== 'kept-for-good'
}

export function undoOf(steps: readonly OperationStep[]): UndoState {
  const traces = steps.filter(hasTraces)
  if (traces.some(({ changes, undoable, pointOfNoReturn }) => pointOfNoReturn || (changes && !undoable)))
    return 'none'
  if (traces.some(({ undoable }) => undoable)) return 'available'
  return steps.some(({ state }) => state === 'undone') ? 'done' : 'none'
}

export function targetOf(steps: readonly OperationStep[]): TargetState {
  const changing = steps.filter((step) => step.changes && hasTraces(step))
  if (changing.some((step) => isDoubtful(step) && step.inspected !== 'done')) return 'unknown'
  return changing.length > 0 ? 'changed' : 'unchanged'
}

/** Whether nobody else is to begin something of the same scope. */
export function isOpen({ state }: Pick<OperationRecord, 'state'>): boolean {
  return !isOver(state)
}

/** By itself, and not on its way back. */
export function isGoingForward({ state }: Pick<OperationRecord, 'state'>): boolean {
  return state === 'queued' || state === 'running'
}

/** It goes on only when a person decides. */
export function isWaiting({ state }: Pick<OperationRecord, 'state'>): boolean {
  return state === 'paused' || state === 'interrupted'
}

/** Without what only the runner knows. */
export function viewOf(record: OperationRecord): Operation {
  return Operation.parse(record)
}
