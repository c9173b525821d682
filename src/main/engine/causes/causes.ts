/** The causes of a deployment's bad statuses, derived from what is known of it whenever somebody asks. */
import { isLimited, type LimitOverrides, limitOf } from '#shared/catalogue/limits.ts'
import type { Cause } from '#shared/model/cause.ts'
import type { Connection } from '#shared/model/connection.ts'
import type { Observation } from '#shared/model/observation.ts'
import type { Clock } from '../clock.ts'
import { deriveCauses } from './derive.ts'
import type { Situation } from './situation.ts'

/** How long what was seen of a bad target counts beside what is seen now. */
const RECENT_MS = 20_000
/** More looks than that fall into it only where somebody asks for them. */
const RECENT_LOOKS = 5

export interface Causes {
  /** Takes an observation in, after `live` has. */
  note(observation: Observation): void
  forget(deployment: string): void
  /** Ranked, the one to look at first; none where all is well. */
  of(deployment: string): Cause[]
  /** The first of them without its evidence: what a row has room for. */
  first(deployment: string): Cause | null
}

/** What is known of the present and the last minutes. */
interface Watched {
  latest(deployment: string): readonly Observation[]
  since(deployment: string, ...of: Parameters<Situation['since']>): number | null
  ring(deployment: string, ...of: Parameters<Situation['ring']>): readonly Observation[]
}

export function createCauses({
  live,
  clock,
  limitsOf,
  connectionOf,
  eventsOf,
}: {
  readonly live: Watched
  readonly clock: Clock
  /** The profile's own limits; empty for a deployment that is not known. */
  readonly limitsOf: (deployment: string) => LimitOverrides
  readonly connectionOf: (deployment: string) => Connection
  /** What changed within the last hour, oldest first. */
  readonly eventsOf: (deployment: string) => Situation['events']
}): Causes {
  const recent = new Map<string, Observation[]>()

  function of(name: string): Cause[] {
    const observations = live.latest(name)
    if (observations.every(({ status }) => status === 'HEALTHY')) return []
    const overrides = limitsOf(name)
    return deriveCauses({
      now: clock.now(),
      observations,
      since: (probe, target) => live.since(name, probe, target),
      recent: (probe, target) =>
        (recent.get(name) ?? []).filter(
          (one) => one.probe === probe && one.target === target && clock.now() - one.at <= RECENT_MS,
        ),
      ring: (probe, target) => live.ring(name, probe, target),
      connection: connectionOf(name),
      events: eventsOf(name),
      limit: (metric) => (isLimited(metric) ? limitOf(metric, overrides) : null),
    })
  }

  return {
    note(observation) {
      // Of other probes the newest look says all there is.
      if (observation.probe !== 'pool') return
      const { deployment: name, status, at } = observation
      if (status === 'HEALTHY' || status === 'UNOBSERVED') {
        recent.delete(name)
        return
      }
      const kept = (recent.get(name) ?? []).filter((one) => at - one.at <= RECENT_MS)
      recent.set(name, [...kept, observation].slice(-RECENT_LOOKS))
    },
    forget: (name) => void recent.delete(name),
    of,
    first(name) {
      const [cause] = of(name)
      if (cause === undefined) return null
      return { ...cause, links: cause.links.map((link) => ({ ...link, evidence: null })) }
    },
  }
}
