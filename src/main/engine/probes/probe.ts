/** What a probe is: a folder with its metrics and its look. Adding one touches its folder and one line of `registry.ts`. */
import type { ProbeId } from '#shared/catalogue/probes.ts'
import type { Status } from '#shared/catalogue/statuses.ts'
import type { Failure } from '#shared/model/failure.ts'
import type { Cost, Evidence, MetricValues } from '#shared/model/observation.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import type { Reason } from '#shared/model/reason.ts'
import type { Reach } from '../reach/reach.ts'
import type { Standing } from '../standing.ts'

/** What one look found. */
export interface Look {
  readonly status: Status
  readonly reason: Reason
  readonly values: MetricValues
  readonly evidence?: Evidence
  /** What lasts of the target, for the timeline; a look that did not ask for it leaves it out. */
  readonly standings?: readonly Standing[]
  readonly cost: Omit<Cost, 'ms'>
}

export interface LookContext<Memory> {
  readonly profile: DeploymentProfile
  /** Which of the profile's services, databases, Redis servers or hosts to look at. */
  readonly target: string
  readonly reach: Reach
  /** What the last successful look left for this one (counters, when); `null` at first and after a gap. */
  readonly memory: Memory | null
  /** When the look began, by the wall clock: for dates. It may jump between two looks. */
  readonly now: number
  /** Milliseconds, for what lies between two looks. */
  readonly monotonic: () => number
  readonly signal: AbortSignal
  readonly timeoutMs: number
}

export interface Probe<Memory = unknown> {
  readonly id: ProbeId
  readonly intervalMs: number
  readonly timeoutMs: number
  /** The targets in a profile that it looks at; none, where there is nothing for it. */
  targets(profile: DeploymentProfile): string[]
  /** Of its metrics those that nothing in a profile fills, whatever its targets are; left out: any target may fill any. */
  unfilled?(profile: DeploymentProfile): string[]
  /** Looks once. A failure of the way or of the target is thrown as `ReachError` and handled by `unreachable`. */
  look(context: LookContext<Memory>): Promise<{ look: Look; memory: Memory }>
  /** What to say when the way or the target failed: a path that is down says nothing of the target. */
  unreachable(
    failure: Failure,
    target: string,
    /** What was learned all the same, as a certificate that did not pass. */
    around?: Pick<LookContext<Memory>, 'reach' | 'now'>,
  ): { status: Status; reason: Reason; values: MetricValues; evidence?: Evidence }
  /** Milliseconds for which the target asked to be left alone (429); slows the next look. */
  retryAfterMs?(look: Pick<Look, 'reason'>): number | null
}
