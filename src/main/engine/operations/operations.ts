/** Operations: the one runner of everything that changes a deployment. */
import type {
  Operation,
  OperationFacts,
  OperationLogLine,
  OperationPreview,
  OperationRequest,
} from '#shared/model/operation.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import type { Actor } from '../policy/actor.ts'
import type { OperationQuery } from './journal.ts'
import type { Traces } from './kind.ts'

export const OPERATION_ACTS = ['cancel', 'pause', 'resume', 'undo'] as const
export type OperationAct = (typeof OPERATION_ACTS)[number]

/** What people set of operations as a whole. */
export interface OperationSettings {
  /** This console changes nothing, anywhere. */
  readonly readOnly: boolean
}

export interface Previewed {
  readonly preview: OperationPreview
  /** What is typed to confirm it; `null`: nothing has to be. */
  readonly confirm: string | null
  /** What is shown, in one word. */
  readonly plan: string
}

export interface ActTerms {
  /** The deployment's name, where it has to be confirmed. */
  readonly confirm: string | null
  /** The plan that it was shown with: where it would be another one by now, that is shown and nothing is done. */
  readonly plan?: string | null | undefined
  /** Why: kept in its log and in the audit. */
  readonly reason?: string | null | undefined
  /** The operation that another console left there, and that is gone on in spite of. */
  readonly takeOver?: string | null | undefined
  /** To give it up as it is: nothing is looked at, and nothing taken back. */
  readonly leave?: boolean | undefined
}

/** All of it throws `OperationRefused`, and `NotWatched` or `ReachError` where the target cannot be looked at. */
export interface Operations {
  /** What would happen; nothing does. */
  preview(request: OperationRequest, actor: Actor, signal: AbortSignal): Promise<Previewed>
  /**
   * Begins one; it is on record when this resolves, and goes on by itself.
   * @param key names the request: asked again with the same one, it answers with the operation that there is
   */
  start(request: OperationRequest, actor: Actor, key: string | null, signal: AbortSignal): Promise<Operation>
  /**
   * What going on with it, giving it up or taking it back would do; nothing is done.
   * @param leave it would be given up as it is
   */
  previewAct(
    id: string,
    act: Exclude<OperationAct, 'pause'>,
    leave: boolean,
    actor: Actor,
    signal: AbortSignal,
  ): Promise<Previewed>
  act(id: string, act: OperationAct, actor: Actor, terms: ActTerms, signal: AbortSignal): Promise<Operation>
  get(id: string): Promise<Operation>
  /** With what its steps kept. */
  traced(id: string): Promise<Operation & Pick<Traces<OperationFacts>, 'facts'>>
  /** Newest first; `next` is where the page after it begins. */
  list(query: OperationQuery): Promise<{ operations: Operation[]; next: number | null }>
  log(id: string): Promise<OperationLogLine[]>
  /** What one that is over did can be taken back no longer: another did away with what the way back led to. */
  keepForGood(id: string): Promise<void>
  /** How many run, and how many wait for a person: paused or interrupted. */
  standing(): { running: number; waiting: number }
  /** @param after `null`: it is removed. @throws OperationRefused where an operation that is not over, or the way back of one that is, needs the deployment as it was */
  mayBeEdited(before: DeploymentProfile, after: DeploymentProfile | null): Promise<void>
  settings(): OperationSettings
  configure(settings: OperationSettings): Promise<void>
  /** Resolves when nothing of it is under way: it is over, paused or interrupted. */
  settled(id: string): Promise<void>
  /** What is under way is interrupted where it is; it can be taken up again, or taken back, after the next start. */
  stop(): Promise<void>
}
