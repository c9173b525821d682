/** An operation: something that changes a deployment, or works on it for long, as steps that can be taken up again or taken back. */
import { z } from 'zod'
import type { operations } from '#shared/locales/en/operations.ts'
import type { Singular } from '#shared/locales/plurals.ts'
import { Failure } from './failure.ts'
import { Name } from './profile/fields.ts'
import { Reason } from './reason.ts'

/** What this console can do; each has its plug-in in the engine. */
export const OPERATION_KINDS = [
  'cancel-query',
  'terminate-backend',
  'backup',
  'drill',
  'restart-service',
  'restore',
] as const
export const OperationKind = z.enum(OPERATION_KINDS)
export type OperationKind = z.infer<typeof OperationKind>

/** A key of `locales/<language>/operations.ts`: what a step does, what a preview says, what went wrong. */
export type OperationText = Singular<keyof typeof operations>

export const OPEN_STATES = ['queued', 'running', 'paused', 'cancelling', 'undoing', 'interrupted'] as const
const END_STATES = ['succeeded', 'failed', 'cancelled', 'undone'] as const

/** `interrupted`: the console stopped in its middle, or it found something that a person has to decide on. */
export const OperationState = z.enum([...OPEN_STATES, ...END_STATES])
export type OperationState = z.infer<typeof OperationState>

export function isOver(state: OperationState): boolean {
  return END_STATES.some((one) => one === state)
}

/** By itself, with nobody to decide on anything. */
export function goesOn(state: OperationState): boolean {
  return !isOver(state) && state !== 'paused' && state !== 'interrupted'
}

/** `none`: there is nothing to take back, or it cannot be. */
export const UndoState = z.enum(['none', 'available', 'done', 'failed'])
export type UndoState = z.infer<typeof UndoState>

/** What became of what it works on: `unknown` until somebody looked. */
export const TargetState = z.enum(['unchanged', 'changed', 'unknown'])
export type TargetState = z.infer<typeof TargetState>

/** `in_doubt`: it began, and nobody heard it end. */
export const StepState = z.enum([
  'pending',
  'running',
  'succeeded',
  'failed',
  'in_doubt',
  'undone',
  'skipped',
])
export type StepState = z.infer<typeof StepState>

/**
 * What a step that was cut off is taken up with: `resumable` where it stopped, `restartable` from its beginning, `undo-only` not at all.
 */
export const StepNature = z.enum(['resumable', 'restartable', 'undo-only'])
export type StepNature = z.infer<typeof StepNature>

/** What a look at the target says of a step. `foreign`: somebody else was there; a person decides. */
export const Inspection = z.enum(['not-done', 'done', 'partial', 'foreign'])
export type Inspection = z.infer<typeof Inspection>

/** What a step is, whatever became of it. */
export const PlannedStep = z.object({
  /** One within the operation; `step-ID` in `locales/<language>/operations.ts` says what it does. */
  id: z.string(),
  nature: StepNature,
  /** What it did can be taken back. */
  undoable: z.boolean(),
  /** It changes the target: what has to be taken back, or cannot be. */
  changes: z.boolean(),
  /** After it there is no way back. */
  pointOfNoReturn: z.boolean(),
})
export type PlannedStep = z.infer<typeof PlannedStep>

/** What went wrong: in words of `operations`, or of `failures` where something was not reached. */
export const OperationError = z.union([z.object({ failure: Failure }), Reason])
export type OperationError = z.infer<typeof OperationError>

export const StepWork = z.enum(['run', 'undo'])

export const OperationStep = PlannedStep.extend({
  state: StepState,
  /** The newest look at the target since it began; `null`: none was needed. */
  inspected: Inspection.nullable(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  /** How long it was worked at by now, and at taking it back, without what is under way and without what passed between; `null`: never. */
  ranMs: z.number().nullable().default(null),
  undoMs: z.number().nullable().default(null),
  /** What is done of it just now, and since when; `null`: nothing is. */
  underWay: z.object({ work: StepWork, since: z.number() }).nullable().default(null),
  error: OperationError.nullable(),
})
export type OperationStep = z.infer<typeof OperationStep>

/** Of the step that runs. What cannot be known is `null`. */
export const OperationProgress = z.object({
  /** Its id. */
  phase: z.string().nullable(),
  bytes: z.number().nullable(),
  totalBytes: z.number().nullable(),
  /** Bytes a second, over the last moments. */
  rate: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  /** Since when a snapshot of it has kept the server from cleaning up; milliseconds since the epoch. */
  heldSince: z.number().nullable().default(null),
})
export type OperationProgress = z.infer<typeof OperationProgress>

export const NO_PROGRESS: OperationProgress = {
  ...{ phase: null, bytes: null, totalBytes: null, rate: null, secondsLeft: null, heldSince: null },
}

/** What it does to the target: as the actions of people are weighed. */
export const OperationEffect = z.enum(['reads', 'writes', 'destroys'])
export type OperationEffect = z.infer<typeof OperationEffect>

/** Facts that it ended with or found out: names, counts, references; never a secret. */
export const OperationFacts = z.record(z.string(), z.json())
export type OperationFacts = z.infer<typeof OperationFacts>

/** Where it is going: forward, or back with what it will have been at its end. */
export const Heading = z.enum(['forward', 'cancelled', 'failed', 'undone'])
export type Heading = z.infer<typeof Heading>

export const Operation = z.object({
  id: z.string(),
  kind: OperationKind,
  deployment: z.string(),
  effect: OperationEffect,
  state: OperationState,
  /** Where it goes on to when it waits. */
  heading: Heading,
  /** Somebody wants it to wait: it does as soon as the step that runs lets it. */
  willPause: z.boolean().default(false),
  undo: UndoState,
  target: TargetState,
  steps: z.array(OperationStep),
  progress: OperationProgress,
  /** As its kind wants them; references to secrets at the most. */
  options: OperationFacts,
  /** Name of whoever asked for it. */
  actor: z.string(),
  reason: z.string().nullable(),
  /** Milliseconds since the epoch, here and below. */
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  /** Why it failed, or what a person has to decide on. */
  error: OperationError.nullable(),
  result: OperationFacts.nullable(),
})
export type Operation = z.infer<typeof Operation>

/** A line of an operation's log. */
export const OperationLogLine = z.object({ at: z.number(), step: z.string().nullable(), reason: Reason })
export type OperationLogLine = z.infer<typeof OperationLogLine>

/** What would happen, before anything does. */
export const OperationPreview = z.object({
  effect: OperationEffect,
  steps: z.array(PlannedStep),
  /** What it does, one thing a line. */
  changes: z.array(Reason),
  /** What cannot be taken back. */
  irreversible: z.array(Reason),
  /** What to know besides. */
  warnings: z.array(Reason),
  /** Why it would not be begun as things are; empty: it would. */
  refusals: z.array(Reason),
  databases: z.array(z.object({ name: z.string(), bytes: z.number().nullable() })),
  /** PostgreSQL connections besides those of watching. `free`: what the server has left for it; `null`: not known. */
  connections: z.object({ needed: z.number(), free: z.number().nullable() }),
  /** Services that notice. */
  services: z.array(z.string()),
  /** How long the latest one that succeeded took; `null`: there was none. */
  lastTookMs: z.number().nullable(),
})
export type OperationPreview = z.infer<typeof OperationPreview>

/** What somebody asks for. */
export const OperationRequest = z.object({
  kind: OperationKind,
  deployment: Name,
  options: OperationFacts.default({}),
  /** The deployment's name: asked for where it is production. */
  confirm: z.string().max(200).optional(),
  /** The operation that another console left at the target, and that is gone on in spite of: from what `TARGET_LOCKED` says. */
  takeOver: z.string().max(100).optional(),
  /** The plan that a preview, or the question to confirm, came with: where it is another one by now, that is shown and nothing is begun. */
  plan: z.string().max(100).optional(),
  /** Why: kept with the operation and in the audit. */
  reason: z.string().trim().min(1).max(500).optional(),
  /** Keeps the deployment's alerts quiet until it is seen to be well after it. */
  silence: z.boolean().default(false),
})
export type OperationRequest = z.infer<typeof OperationRequest>
