/** What rules find: links of chains, and which of them comes from which. */
import type { ProbeId } from '#shared/catalogue/probes.ts'
import { badness } from '#shared/catalogue/statuses.ts'
import type { CauseCode, CauseEvidence } from '#shared/model/cause.ts'
import type { Observation } from '#shared/model/observation.ts'
import type { Reason } from '#shared/model/reason.ts'
import type { Situation } from './situation.ts'

export interface Finding {
  /** Unique among the findings of one situation; a bad status is `probe/target`. */
  readonly id: string
  readonly reason: Reason
  readonly probe: ProbeId | null
  readonly target: string | null
  /** Milliseconds since the epoch; `null` where nobody knows. */
  readonly since: number | null
  /** Of a bad status: how bad it is. 0: what lies behind one. */
  readonly badness: number
  /** Its own words say all there is to say: it needs no cause. */
  readonly plain: boolean
  readonly evidence: CauseEvidence | null
  /** Something that was changed: of several, the one just before is the likelier. */
  readonly isChange?: boolean
  /** Bad statuses that say no more than this does. */
  readonly hides?: readonly string[]
}

/** One thing comes from another, both by their ids; an edge whose ends are not both there says nothing. */
export interface Edge {
  readonly effect: string
  readonly cause: string
  /** `likely`: they were seen at the same time, not one through the other. */
  readonly certainty: 'seen' | 'likely'
}

export interface Found {
  readonly findings?: readonly Finding[]
  readonly edges?: readonly Edge[]
}

/** Pure: the same situation, the same findings. */
export type Rule = (situation: Situation) => Found

export function idOf({ probe, target }: Pick<Observation, 'probe' | 'target'>): string {
  return `${probe}/${target}`
}

/** A bad status, in few words; its full reason is its evidence. */
export function symptom(
  seen: Observation,
  since: number | null,
  reason: Reason,
  { plain = false, evidence = {} }: { plain?: boolean; evidence?: CauseEvidence } = {},
): Finding {
  const { probe, target } = seen
  return {
    id: idOf(seen),
    reason,
    probe,
    target,
    since,
    badness: weightOf(seen, plain),
    plain,
    evidence: { reason: seen.reason, ...evidence },
  }
}

/** What users meet weighs most: a service that is not ready is down for them, whatever is down behind it. */
function weightOf({ probe, status }: Observation, plain: boolean): number {
  return badness(probe === 'health' && status === 'DEGRADED' && !plain ? 'DOWN' : status)
}

/** What lies behind bad statuses. */
export function behind(
  id: string,
  reason: Reason,
  rest: Partial<Omit<Finding, 'id' | 'reason' | 'badness'>> = {},
): Finding {
  return {
    probe: null,
    target: null,
    since: null,
    plain: true,
    evidence: null,
    ...rest,
    id,
    reason,
    badness: 0,
  }
}

export function seen(cause: string, effect: string): Edge {
  return { cause, effect, certainty: 'seen' }
}

export function likely(cause: string, effect: string): Edge {
  return { cause, effect, certainty: 'likely' }
}

/** A link's words, with a code that is known to have some. */
export function words(code: CauseCode, params: Reason['params'] = {}): Reason {
  return { code, params }
}
