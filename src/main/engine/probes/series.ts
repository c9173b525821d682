/** One probe on one target of one deployment: what the scheduler keeps of it from look to look. */
import type { Observation } from '#shared/model/observation.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import type { Reach } from '../reach/reach.ts'
import { entryHost } from './entry-host.ts'
import type { Probe } from './probe.ts'
import { type ReasonCode, reason } from './reason.ts'

export interface Series {
  /** The next look goes by it. */
  profile: DeploymentProfile
  readonly reach: Reach
  readonly probe: Probe
  readonly target: string
  /** The first host outside of this machine on the way; `null` where there is none. */
  readonly entry: string | null
  memory: unknown
  previous: Observation | null
  slowFailures: number
  failing: boolean
  startedAt: number
  cancelTimer: () => void
  look: { readonly abort: AbortController; readonly ended: Promise<void> } | null
}

/** Those of a deployment; nobody looked at one yet. */
export function seriesOf(probes: readonly Probe[], profile: DeploymentProfile, reach: Reach): Series[] {
  return probes.flatMap((probe) =>
    probe.targets(profile).map((target) => ({
      profile,
      reach,
      probe,
      target,
      entry: entryHost(profile, probe.id, target),
      memory: null,
      previous: null,
      slowFailures: 0,
      failing: false,
      startedAt: Number.NEGATIVE_INFINITY,
      cancelTimer() {},
      look: null,
    })),
  )
}

/** That nobody looked from a moment on: after what was seen last, whatever the clock says. */
export function unobserved(
  { profile, probe, target, previous }: Pick<Series, 'profile' | 'probe' | 'target' | 'previous'>,
  at: number,
  code: ReasonCode,
): Observation {
  return {
    deployment: profile.name,
    probe: probe.id,
    target,
    at: Math.max(at, (previous?.at ?? 0) + 1),
    status: 'UNOBSERVED',
    reason: reason(code),
    values: {},
    cost: { ms: 0, rows: 0, bytes: 0 },
  }
}
