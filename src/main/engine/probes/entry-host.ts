/** Where the way to a target leaves this machine: what a console without network cannot get past. */
import type { ProbeId } from '#shared/catalogue/probes.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import { parsePostgresUrl } from '#shared/model/profile/postgres-url.ts'
import { readRedisUrl } from '#shared/model/profile/redis-url.ts'
import { firstDialled } from '../reach/links/routes.ts'
import { type Machine, thisMachine } from '../reach/machine.ts'

/**
 * The first host on the way to a probe's target: the first SSH hop, else the target's own host.
 * @returns `null` where the way does not leave this machine, or where it leads out is not known
 */
export function entryHost(
  profile: DeploymentProfile,
  probe: ProbeId,
  target: string,
  machine: Machine = thisMachine(),
): string | null {
  const host = profile.hosts.find(({ name }) => name === target)
  if (probe === 'host' && host?.over === 'local') return null
  const hop = profile.ssh?.hops[0] ?? (probe === 'host' ? host?.hop : undefined)
  const first =
    hop === undefined ? urlHost(profile, probe, target) : firstDialled(hop, profile.ssh ?? {}, machine)
  return first === undefined || isLoopback(first) ? null : first
}

function urlHost(profile: DeploymentProfile, probe: ProbeId, target: string): string | undefined {
  if (probe === 'pool') return postgresHost(profile)
  if (probe === 'redis') return redisHost(profile, target)
  const service = profile.services.find(({ name }) => name === target)
  const exporter =
    probe === 'host'
      ? profile.hosts.find(({ name }) => name === target)?.exporter
      : profile.expositions.find(({ name }) => probe === 'exposition' && name === target)
  const url = exporter?.url ?? service?.proxy?.url ?? service?.url
  return url === undefined ? undefined : new URL(url).hostname
}

/** The first of its servers; none where that is a unix socket. */
function postgresHost({ postgres }: DeploymentProfile): string | undefined {
  const host = postgres && parsePostgresUrl(postgres.url).servers[0]?.host
  return host?.startsWith('/') === true ? undefined : host
}

/** The first of its servers or sentinels; none where it is a unix socket. */
function redisHost({ redis }: DeploymentProfile, target: string): string | undefined {
  const url = redis.find(({ name }) => name === target)?.url
  const read = url === undefined ? undefined : readRedisUrl(url)
  return read === undefined || 'fault' in read ? undefined : read.servers[0]?.host
}

function isLoopback(host: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[?::1\]?)$/i.test(host)
}
