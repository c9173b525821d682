/** How reaching something failed: at which step, on which hop, and whether trying again may help. */
import { z } from 'zod'
import type { failures } from '#shared/locales/en/failures.ts'
import { Reason } from './reason.ts'

/** The steps of the way to an answer, in the order in which they are walked. */
export const REACH_STEPS = [
  'resolve',
  'tcp',
  'host-key',
  'ssh-authentication',
  'forward',
  'tls',
  'protocol',
  'authentication',
  'privilege',
] as const
export const ReachStep = z.enum(REACH_STEPS)
export type ReachStep = z.infer<typeof ReachStep>

export const Failure = z.object({
  step: ReachStep,
  /** The hop or target that it happened at, as people name it: `bastion.example.com:22`, `PostgreSQL db:5432`. */
  hop: z.string(),
  /** Whether the hop is on the way (an SSH hop) or the target itself: a path that is down says nothing of the target. */
  on: z.enum(['path', 'target']),
  /** Key of the text in `locales/<language>/failures.ts`: what happened and what to do. */
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  /** `by-itself`: worth another attempt later. `person`: waits for somebody (credentials, host keys). */
  recovery: z.enum(['by-itself', 'person']),
})
export type Failure = z.infer<typeof Failure>

/** A key of `locales/<language>/failures.ts`: what this version can fail with. */
export type FailureCode = keyof typeof failures

/** Whether a failure is one of these. Its own code is any string: it may have been told by another version. */
export function isFailure(failure: Failure, ...codes: readonly FailureCode[]): boolean {
  return codes.some((code) => code === failure.code)
}

/** A fact as it is (an address), or one to be said in the reader's language. */
export const StepDetail = z.union([z.string(), Reason])
export type StepDetail = z.infer<typeof StepDetail>

/** One step of a walked way: its time, or its failure. */
export const ReachStepResult = z.object({
  step: ReachStep,
  hop: z.string(),
  status: z.enum(['ok', 'failed', 'skipped']),
  /** Duration in milliseconds; `null` where the step did not end. */
  ms: z.number().nullable(),
  failure: Failure.nullable(),
  /** What was found, for people: an address, a key's fingerprint, a server's version. */
  detail: StepDetail.nullable(),
})
export type ReachStepResult = z.infer<typeof ReachStepResult>
