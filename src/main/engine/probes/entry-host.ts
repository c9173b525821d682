/** Where the way to a target leaves this machine: what a console without network cannot get past. */
import type { ProbeId } from '#shared/catalogue/probes.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'

/**
 * The first host on the way to a probe's target: the first SSH hop, else the target's own host.
 * @returns `null` where the way does not leave this machine
 */
export function entryHost(profile: DeploymentProfile, probe: ProbeId, target: string): string | null {
  const host = profile.hosts.find(({ name }) => name === target)
  if (probe === 'host' && host?.over === 'local') return null
  const bastion = profile.ssh?.hops[0]?.host
  const first = bastion ?? (probe === 'host' ? host?.hop?.host : urlHost(profile, probe, target))
  return first === undefined || isLoopback(first) ? null : first
}

function urlHost(profile: DeploymentProfile, probe: ProbeId, target: string): string | undefined {
  const url =
    probe === 'pool'
      ? profile.postgres?.url
      : (probe === 'redis' ? profile.redis : profile.services).find(({ name }) => name === target)?.url
  return url === undefined ? undefined : new URL(url).hostname
}

function isLoopback(host: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[?::1\]?)$/i.test(host)
}
