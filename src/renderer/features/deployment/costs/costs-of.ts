/** What watching a deployment costs it, per look and per minute, from what was last observed. Pure. */
import { PROBE_IDS, PROBE_INTERVAL_MS } from '#shared/catalogue/probes.ts'
import type { Connection, ConnectionHop } from '#shared/model/connection.ts'
import type { Observation } from '#shared/model/observation.ts'

export interface TargetCost {
  readonly probe: Observation['probe']
  readonly target: string
  readonly intervalMs: number
  /** Of the latest look. */
  readonly ms: number
  readonly rows: number
  readonly bytes: number
}

export interface Costs {
  readonly targets: readonly TargetCost[]
  readonly looksPerMinute: number
  readonly rowsPerMinute: number
  readonly bytesPerMinute: number
  /** The most connections that may be open at once to what is reached at present. */
  readonly connections: number
}

/** The most that are held open to each: sessions of PostgreSQL, kept-alive connections of HTTP; a host has its hop's. */
const HELD_AT_MOST: Record<ConnectionHop['kind'], number> = {
  ssh: 1,
  postgres: 2,
  redis: 1,
  http: 2,
  host: 0,
}

const MINUTE_MS = 60_000

export function costsOf(observations: readonly Observation[], { hops }: Connection): Costs {
  const targets = observations
    // What was not looked at cost nothing.
    .filter(({ status }) => status !== 'UNOBSERVED')
    .map(({ probe, target, cost }) => ({ probe, target, intervalMs: PROBE_INTERVAL_MS[probe], ...cost }))
    .sort(
      (a, b) => PROBE_IDS.indexOf(a.probe) - PROBE_IDS.indexOf(b.probe) || a.target.localeCompare(b.target),
    )
  const perMinute = (of: (target: TargetCost) => number) =>
    targets.reduce((sum, target) => sum + of(target) * (MINUTE_MS / target.intervalMs), 0)
  return {
    targets,
    looksPerMinute: perMinute(() => 1),
    rowsPerMinute: perMinute(({ rows }) => rows),
    bytesPerMinute: perMinute(({ bytes }) => bytes),
    connections:
      hops
        .filter(({ status }) => status === 'CONNECTED')
        .reduce((sum, { kind }) => sum + HELD_AT_MOST[kind], 0) + furtherNodes(observations),
  }
}

/** A cluster is one on the way to it, and has a connection to each of its nodes. */
function furtherNodes(observations: readonly Observation[]): number {
  return observations.reduce((sum, { evidence }) => {
    const reached = (evidence?.redisNodes ?? []).filter(({ state }) => state !== 'unreached')
    return sum + Math.max(0, reached.length - 1)
  }, 0)
}
