/** One look of a probe as an observation, within its time: whatever happens, something is observed. */

import type { Failure } from '#shared/model/failure.ts'
import type { Observation } from '#shared/model/observation.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { type Reach, ReachError } from '../reach/reach.ts'
import type { Standing } from '../standing.ts'
import { round, unknownValues } from './figures.ts'
import type { Probe } from './probe.ts'
import { reason } from './reason.ts'

/** Probes bound themselves; this much later they are cut off. */
const GRACE_MS = 1_000

export interface LookOptions {
  readonly clock: Clock
  readonly log: Log
  readonly probe: Probe
  readonly profile: DeploymentProfile
  readonly target: string
  readonly reach: Reach
  readonly memory: unknown
  /** Ends the look early; what it finds is then of no interest. */
  readonly signal: AbortSignal
}

export interface LookOutcome {
  readonly observation: Observation
  /** What lasts of the target, as far as this look asked for it. */
  readonly standings: readonly Standing[]
  /** For the next look; as it was where this one failed. */
  readonly memory: unknown
  readonly failure: Failure | null
  readonly retryAfterMs: number | null
}

/** Looks once. Never rejects: failures of the world and of the probe are both told by the observation. */
export async function lookOnce(options: LookOptions): Promise<LookOutcome> {
  const { clock, log, memory, probe, profile, reach, target } = options
  const at = clock.now()
  const began = clock.monotonic()
  const late = new AbortController()
  const cancelTimer = clock.after(probe.timeoutMs + GRACE_MS, () => late.abort())
  const signal = AbortSignal.any([options.signal, late.signal])
  const observed = (
    rest: Pick<Observation, 'status' | 'reason' | 'values'> & Partial<Pick<Observation, 'evidence'>>,
    cost = { rows: 0, bytes: 0 },
  ): Observation => ({
    deployment: profile.name,
    probe: probe.id,
    target,
    at,
    ...rest,
    cost: { ms: round(clock.monotonic() - began), ...cost },
  })
  try {
    const { look, memory: next } = await untilAborted(
      probe.look({
        profile,
        target,
        reach,
        memory,
        now: at,
        monotonic: clock.monotonic,
        signal,
        timeoutMs: probe.timeoutMs,
      }),
      signal,
    )
    const { cost, standings = [], ...rest } = look
    return {
      observation: observed(rest, cost),
      standings,
      memory: next,
      failure: null,
      retryAfterMs: probe.retryAfterMs?.(look) ?? null,
    }
  } catch (error) {
    if (error instanceof ReachError) {
      const { failure } = error
      return {
        observation: observed(probe.unreachable(failure, target, { reach, now: at })),
        standings: [],
        memory,
        failure,
        retryAfterMs: null,
      }
    }
    const unknown = { status: 'UNKNOWN' as const, values: unknownValues(probe.id) }
    if (late.signal.aborted) {
      const because = reason('look-timed-out', { seconds: round(probe.timeoutMs / 1000, 1) })
      return {
        observation: observed({ ...unknown, reason: because }),
        standings: [],
        memory,
        failure: null,
        retryAfterMs: null,
      }
    }
    if (!options.signal.aborted) {
      log.error(
        { deployment: profile.name, probe: probe.id, target, err: error },
        'a look failed unexpectedly',
      )
    }
    return {
      observation: observed({ ...unknown, reason: reason('probe-failed') }),
      standings: [],
      memory: null,
      failure: null,
      retryAfterMs: null,
    }
  } finally {
    cancelTimer()
  }
}

/** A probe that does not heed its signal is left behind: it must not hold up those after it. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>()
  const onAbort = () => aborted.reject(signal.reason)
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  work.catch(() => {})
  aborted.promise.catch(() => {})
  try {
    return await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
