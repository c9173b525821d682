/** Live state: takes every observation in as it comes, and answers from memory. */
import { LIMITS, type Limit } from '#shared/catalogue/limits.ts'
import { FLEET_METRICS, METRICS } from '#shared/catalogue/metrics.ts'
import { PROBE_IDS, type ProbeId } from '#shared/catalogue/probes.ts'
import { badness, type Status } from '#shared/catalogue/statuses.ts'
import type { ProbeStatus } from '#shared/model/fleet.ts'
import type { Observation } from '#shared/model/observation.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import type { Clock } from '../clock.ts'
import type { Live, LiveSummary } from './live.ts'
import { createMinutes, MINUTE_MS, type Minutes } from './minutes.ts'
import { createRing, type Ring } from './ring.ts'

/** A minute that has just begun shows the last status for this long before it counts as not observed. */
const FRESH_MS = 25_000

interface Series {
  latest: Observation
  readonly ring: Ring
  /** When it stopped being healthy; `null` while it is, or nobody looks. */
  unwellSince: number | null
}
interface Deployment {
  /** By probe and target. */
  readonly series: Map<string, Series>
  readonly minutes: Minutes
  status: Status | null
  since: number | null
}

export interface LiveOptions {
  readonly clock: Clock
  /** The profile's own limits; empty for a deployment that is not known. */
  readonly limitsOf: (deployment: string) => DeploymentProfile['limits']
}

export function createLive({ clock, limitsOf }: LiveOptions): Live {
  const deployments = new Map<string, Deployment>()

  function open(name: string): Deployment {
    const known = deployments.get(name)
    if (known !== undefined) return known
    const fresh: Deployment = { series: new Map(), minutes: createMinutes(), status: null, since: null }
    deployments.set(name, fresh)
    return fresh
  }

  function observationsOf(name: string): Observation[] {
    return [...(deployments.get(name)?.series.values() ?? [])].map(({ latest }) => latest)
  }

  function sparklines(
    name: string,
    means: readonly (readonly (number | null)[])[],
  ): LiveSummary['sparklines'] {
    const observations = observationsOf(name)
    const overrides = limitsOf(name)
    return FLEET_METRICS.map((metric, column) => {
      const values = observations
        .filter(({ probe }) => probe === METRICS[metric].probe)
        .map((observation) => observation.values[metric] ?? null)
        .filter((value) => value !== null)
      const standard: Limit = LIMITS[metric]
      const override = overrides[metric]
      return {
        metric,
        value: values.length === 0 ? null : Math.max(...values),
        limit: override?.critical ?? standard.critical ?? override?.warning ?? standard.warning ?? null,
        points: [...(means[column] ?? [])],
      }
    })
  }

  /** Notes since when the deployment has been as it is now. */
  function follow(deployment: Deployment, at: number): void {
    const status = worst([...deployment.series.values()].map(({ latest }) => latest))?.status ?? null
    if (status === deployment.status) return
    deployment.status = status
    deployment.since = status === null ? null : at
  }

  return {
    record(observation) {
      const deployment = open(observation.deployment)
      const { probe, target } = observation
      const key = keyOf(probe, target)
      const series = deployment.series.get(key)
      if (series === undefined) {
        const ring = createRing(observation.deployment, probe, target)
        ring.push(observation)
        deployment.series.set(key, { latest: observation, ring, unwellSince: unwellSince(null, observation) })
      } else {
        series.latest = observation
        series.unwellSince = unwellSince(series.unwellSince, observation)
        series.ring.push(observation)
      }
      deployment.minutes.add(observation)
      follow(deployment, observation.at)
    },

    restore: (name, minutes) => open(name).minutes.restore(minutes),
    forget: (name) => void deployments.delete(name),

    keep(name, targets) {
      const deployment = deployments.get(name)
      if (deployment === undefined) return
      for (const [key, { latest }] of deployment.series) {
        if (!targets[latest.probe]?.includes(latest.target)) deployment.series.delete(key)
      }
      follow(deployment, clock.now())
    },

    latest: observationsOf,
    latestOf(name, probe, target) {
      if (target !== undefined) {
        return deployments.get(name)?.series.get(keyOf(probe, target))?.latest ?? null
      }
      return worst(observationsOf(name).filter((observation) => observation.probe === probe))
    },
    since: (name, probe, target) =>
      deployments.get(name)?.series.get(keyOf(probe, target))?.unwellSince ?? null,
    ring: (name, probe, target) => deployments.get(name)?.series.get(keyOf(probe, target))?.ring.read() ?? [],

    statuses(name) {
      const observations = observationsOf(name)
      const statuses: Partial<Record<ProbeId, ProbeStatus>> = {}
      for (const probe of PROBE_IDS) {
        const bad = worst(observations.filter((observation) => observation.probe === probe))
        if (bad !== null) statuses[probe] = { status: bad.status, reason: bad.reason, at: bad.at }
      }
      return statuses
    },

    summary(name, now = clock.now()) {
      const deployment = deployments.get(name)
      const { statuses, means } = (deployment?.minutes ?? createMinutes()).read(now)
      const observations = observationsOf(name)
      const bad = worst(observations)
      const at = observations.reduce<number | null>((newest, seen) => Math.max(newest ?? 0, seen.at), null)
      const fresh = at !== null && now - at < FRESH_MS ? bad?.status : undefined
      const heartbeat = statuses.map((status, index): Status => {
        const current = index === statuses.length - 1
        return status ?? (current ? fresh : undefined) ?? 'UNOBSERVED'
      })
      return {
        status: bad?.status ?? 'UNOBSERVED',
        probe: bad?.probe ?? null,
        reason: bad?.reason ?? { code: 'not-yet-observed', params: {} },
        since: deployment?.since ?? null,
        at,
        heartbeat,
        heartbeatAt: Math.floor(now / MINUTE_MS) * MINUTE_MS,
        sparklines: sparklines(name, means),
      }
    },
  }
}

function unwellSince(before: number | null, { status, at }: Observation): number | null {
  return status === 'HEALTHY' || status === 'UNOBSERVED' ? null : (before ?? at)
}

function keyOf(probe: ProbeId, target: string): string {
  return `${probe}/${target}`
}

/** The worst of some observations; among equals the first in the order of probes. */
function worst(observations: readonly Observation[]): Observation | null {
  const order = (observation: Observation) => PROBE_IDS.indexOf(observation.probe)
  return observations.reduce<Observation | null>((bad, observation) => {
    if (bad === null) return observation
    const difference = badness(observation.status) - badness(bad.status)
    return difference > 0 || (difference === 0 && order(observation) < order(bad)) ? observation : bad
  }, null)
}
