/** The probes, one line each. */
import type { ProbeId } from '#shared/catalogue/probes.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import { exposition } from './exposition/index.ts'
import { createHostProbe } from './host/index.ts'
import { httpHealth } from './http-health/index.ts'
import { postgresPool } from './postgres-pool/index.ts'
import type { Probe } from './probe.ts'
import { redis } from './redis/index.ts'
import { traffic } from './traffic/index.ts'

/** Every probe, in the order of the catalogue. What each remembers is its own: the scheduler only hands it back. */
export function createProbes(): readonly Probe[] {
  return [httpHealth, postgresPool, redis, createHostProbe(), traffic, exposition] as readonly Probe[]
}

/** Metrics that nothing in a profile fills, though there are targets for their probe. */
export function unfilledIn(probes: readonly Probe[], profile: DeploymentProfile): string[] {
  return probes.flatMap((probe) => probe.unfilled?.(profile) ?? [])
}

/** What a profile gives each probe to look at. */
export function targetsOf(
  probes: readonly Probe[],
  profile: DeploymentProfile,
): Partial<Record<ProbeId, string[]>> {
  return Object.fromEntries(probes.map((probe) => [probe.id, probe.targets(profile)]))
}
