/** What a kind of operation is: a plug-in that says what it does, shows it before, and does it in steps. */
import type { z } from 'zod'
import type {
  Inspection,
  OperationEffect,
  OperationFacts,
  OperationKind,
  OperationPreview,
  OperationStep,
  OperationText,
  StepNature,
} from '#shared/model/operation.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import type { Reason } from '#shared/model/reason.ts'
import type { Reach } from '../reach/reach.ts'

/** What steps and previews work with. */
export interface Subject<Options> {
  readonly options: Options
  readonly profile: DeploymentProfile
  /** The way to the deployment. @throws NotWatched where it is paused, or just being opened */
  readonly reach: () => Reach
  readonly signal: AbortSignal
}

export interface Done {
  readonly bytes: number
  readonly totalBytes?: number | null
  readonly heldSince?: number | null
}

export interface StepContext<Options> extends Subject<Options> {
  /** The operation's. */
  readonly id: string
  /**
   * How far it is; bytes of this step. Cheap: call it as often as something is known.
   * @param done `heldSince`: since when the server is kept from cleaning up; `null`: it is not, left out: as before
   */
  progress(done: Done): void
  /** A line of the operation's log; a key of `locales/<language>/operations.ts`. */
  note(code: OperationText, params?: Reason['params']): void
  /** What was kept of this operation by this step or one before it; `null`: nothing. */
  facts(step: string): OperationFacts | null
  /**
   * Keeps facts of this step in the journal; durable when it resolves. Names and references only: a generated secret is in the vault before.
   */
  keep(facts: OperationFacts): Promise<void>
  /** What the operation ends with, added to what was told before. */
  result(facts: OperationFacts): void
}

/**
 * One step. `run` and `undo` may be cut off at any point, with the console or by their signal, and are called again only after `inspect` was asked;
 * `undo` is called for a step that was done, or done in part. What fails as things in the world do is thrown as a `ReachError` or an `OperationFailed`.
 */
export interface Step<Options> {
  readonly id: string
  readonly nature: StepNature
  /** It changes the target. */
  readonly changes: boolean
  readonly pointOfNoReturn?: boolean
  run(context: StepContext<Options>): Promise<void>
  /** What the target says of this step. Looks, and changes nothing. Of what is done it tells the result, as the end of the step would have. */
  inspect(context: StepContext<Options>): Promise<Inspection>
  undo?(context: StepContext<Options>): Promise<void>
  /**
   * What cannot wait for a person where this step was cut off: done as soon as the operation waits, and by the next console at its start, again and again
   * until it does not throw, or the operation is taken up. Takes back what holds others up, and keeps that it did.
   */
  relieve?(
    context: Pick<
      StepContext<Options>,
      'options' | 'profile' | 'reach' | 'signal' | 'facts' | 'note' | 'keep'
    >,
  ): Promise<void>
  /** Shows that it did what it was to do, or fails; run right after it, as a part of it. */
  proof?(context: StepContext<Options>): Promise<void>
}

/** What a kind says of it: the runner adds the steps, and how long it took the last time. */
export type Foreseen = Omit<OperationPreview, 'effect' | 'steps' | 'lastTookMs'>

/** What is on record of an operation that came to be, as far as it came. */
export interface Traces<Options> {
  readonly id: string
  readonly options: Options
  readonly steps: readonly OperationStep[]
  /** What was kept of it by this step; `null`: nothing. */
  facts(step: string): OperationFacts | null
}

/** What keeps others off while it runs. */
export interface LockNeed {
  /**
   * Operations of the same scope exclude each other, on this console and on all others that reach the same PostgreSQL, whatever they call the deployment:
   * `database shop`, `service shop/api`.
   */
  readonly scope: string
  /** `false`: it goes on where the deployment's PostgreSQL cannot be locked, and says so in its log. */
  readonly required: boolean
  /** The operation whose work it goes on from: it is done at that one's server, or not at all. */
  readonly after?: string
}

export interface Kind<Options = OperationFacts> {
  readonly kind: OperationKind
  readonly options: z.ZodType<Options>
  /** How grave it is with these options. */
  effect(options: Options): OperationEffect
  /** How grave it is to take it back, where that is not the same. */
  undoEffect?(options: Options): OperationEffect
  /** `null`: it takes none, and none holds it up. */
  lock(options: Options, profile: DeploymentProfile): LockNeed | null
  /** What becomes of steps that were done when a later one failed: taken back, or left for a person to decide on. */
  readonly onFailure: 'undo' | 'stay'
  /** May fill in what was left open (a PID's session), so that what is previewed is what is done. */
  settle?(subject: Subject<Options>): Promise<Options>
  /**
   * What would happen.
   * @param begun what is on record of one that goes on; `null`: it would begin
   */
  preview(subject: Subject<Options>, begun: Traces<Options> | null): Promise<Foreseen>
  /**
   * What would be taken back of it, with what is lost by that, for whoever gives it up or takes it back; left out where the steps say all of it.
   * @param back ids of the steps that would be taken back, in that order; empty: none
   */
  previewUndo?(subject: Subject<Options> & Traces<Options>, back: readonly string[]): Promise<Foreseen>
  /** What would stay of it at the target, where it is given up as it is. From the record alone: the target may be gone for good. */
  leaves?(traces: Traces<Options>): readonly Reason[]
  /** The same steps for the same options, each time: what is on record is matched with them by id. */
  steps(options: Options, profile: DeploymentProfile): readonly Step<Options>[]
}

/** A kind among others, whose options were parsed by its own schema. */
export type AnyKind = Kind<never>

/** Something that failed as things do: a key of `locales/<language>/operations.ts`, with what to do. */
export class OperationFailed extends Error {
  readonly reason: Reason
  constructor(code: OperationText, params: Reason['params'] = {}) {
    super(code)
    this.name = 'OperationFailed'
    this.reason = { code, params }
  }
}
