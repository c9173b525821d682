/** The newest observation of each probe, a short ring of them, and the last hour by minute; in memory. */
import type { ProbeId } from '#shared/catalogue/probes.ts'
import type { FleetMinute, FleetRow, ProbeStatus } from '#shared/model/fleet.ts'
import type { Observation } from '#shared/model/observation.ts'

export interface Live {
  /** Takes an observation in; everything read afterwards includes it. */
  record(observation: Observation): void
  /** Fills the last hour's minutes from history after a start. Observations newer than those are kept. */
  restore(deployment: string, minutes: readonly FleetMinute[]): void
  forget(deployment: string): void
  /** Drops what was observed of targets that the deployment no longer has; its last hour stays. */
  keep(deployment: string, targets: Partial<Record<ProbeId, readonly string[]>>): void
  /** Newest observation of each probe and target of a deployment. */
  latest(deployment: string): Observation[]
  /** Without a target: that of the probe's worst one. */
  latestOf(deployment: string, probe: ProbeId, target?: string): Observation | null
  /**
   * Since when a target has not been healthy without a break, as far as it was watched; `null` where it is healthy, or was
   * not looked at. Milliseconds since the epoch.
   */
  since(deployment: string, probe: ProbeId, target: string): number | null
  /** The last observations of one probe and target, oldest first; at most 120, and without their evidence. */
  ring(deployment: string, probe: ProbeId, target: string): readonly Observation[]
  /** The status of each probe over its targets: the worst one's. */
  statuses(deployment: string): Partial<Record<ProbeId, ProbeStatus>>
  /** The parts of a fleet row that come from observations. */
  summary(deployment: string, now?: number): LiveSummary
}

export type LiveSummary = Pick<
  FleetRow,
  'status' | 'probe' | 'reason' | 'since' | 'at' | 'heartbeat' | 'heartbeatAt' | 'sparklines'
>
