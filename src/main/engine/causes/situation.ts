/** What is known of a deployment at one moment: all that causes are derived from, and nothing else. */
import type { Limit } from '#shared/catalogue/limits.ts'
import type { MetricName } from '#shared/catalogue/metrics.ts'
import type { ProbeId } from '#shared/catalogue/probes.ts'
import type { Connection } from '#shared/model/connection.ts'
import type { Observation } from '#shared/model/observation.ts'
import type { TimelineEvent } from '#shared/model/timeline.ts'

export interface Situation {
  /** Milliseconds since the epoch. */
  readonly now: number
  /** The newest observation of each probe and target. */
  readonly observations: readonly Observation[]
  /** Since when a target has not been healthy without a break; `null` where it is, or was not looked at. */
  since(probe: ProbeId, target: string): number | null
  /** What was seen of a target in the last seconds while it was not well, oldest first, with its evidence. */
  recent(probe: ProbeId, target: string): readonly Observation[]
  /** The last observations of a target, oldest first, without evidence. */
  ring(probe: ProbeId, target: string): readonly Observation[]
  readonly connection: Connection
  /** What changed within the last hour, oldest first. */
  readonly events: readonly TimelineEvent[]
  /** Limits in force: the profile's over the catalogue's; `null` for a metric without any. */
  limit(metric: MetricName): Limit | null
}

export function observationsOf({ observations }: Situation, probe: ProbeId): Observation[] {
  return observations.filter((one) => one.probe === probe)
}

/** A value that was observed, or `null`. */
export function figure({ values }: Pick<Observation, 'values'>, metric: MetricName): number | null {
  return values[metric] ?? null
}

/** The limit that a metric's value is beyond, the critical one first; `null` where it is within. */
export function crossedLimit(situation: Situation, seen: Observation, metric: MetricName): number | null {
  const value = figure(seen, metric)
  const limit = situation.limit(metric)
  if (value === null || limit === null) return null
  const beyond = (at: number | undefined) =>
    at !== undefined && (limit.direction === 'above' ? value > at : value < at)
  if (beyond(limit.critical)) return limit.critical ?? null
  return beyond(limit.warning) ? (limit.warning ?? null) : null
}
