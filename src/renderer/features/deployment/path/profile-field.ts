/** From a failing hop to the field of the form that most likely mends it. Pure. */
import type { ConnectionHop } from '#shared/model/connection.ts'
import type { ReachStep } from '#shared/model/failure.ts'
import { parseAddressList } from '#shared/model/profile/address-list.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'

/** Below the part, by the step that failed; the part itself where none is more likely than the others. */
const OF_SSH: Partial<Record<ReachStep, string>> = {
  resolve: 'host',
  tcp: 'host',
  'ssh-authentication': 'ways',
}
const OF_TARGET: Partial<Record<ReachStep, string>> = {
  resolve: 'url',
  tcp: 'url',
  forward: 'url',
  tls: 'tls',
  authentication: 'password.reference',
}

/**
 * @param index of the hop within the path
 * @returns a path of the form: `postgres.0.password.reference`; `null` where the profile has no such part
 */
export function profileField(hop: ConnectionHop, index: number, profile: DeploymentProfile): string | null {
  const part = partOf(hop, index, profile)
  if (part === null || hop.error === null) return part
  const { step } = hop.error
  if (hop.kind === 'http' && step === 'authentication') return `${part}.authorization`
  if (hop.kind === 'host') return part
  const below = hop.kind === 'ssh' ? OF_SSH[step] : OF_TARGET[step]
  return below === undefined ? part : `${part}.${below}`
}

function partOf({ kind, hop }: ConnectionHop, index: number, profile: DeploymentProfile): string | null {
  const place = (list: string, found: number) => (found === -1 ? null : `${list}.${found}`)
  switch (kind) {
    case 'ssh': {
      // An alias may stand for several hops: the last part at or before is the one that led here.
      const hops = profile.ssh?.hops.length ?? 0
      return hops === 0 ? null : `ssh.hops.${Math.min(index, hops - 1)}`
    }
    case 'postgres':
      return profile.postgres === undefined ? null : 'postgres.0'
    case 'redis':
      return place('redis', indexOfUrl(profile.redis, hop))
    case 'http':
      return httpPart(hop, profile)
    case 'host':
      return place(
        'hosts',
        profile.hosts.findIndex(({ name }) => hop === `host ${name}`),
      )
  }
}

/** A service, else whatever exposes metrics at that address. */
function httpPart(hop: string, profile: DeploymentProfile): string | null {
  const exposition = profile.expositions.findIndex(({ url }) => isAt(url, hop))
  const host = profile.hosts.findIndex(({ exporter }) => exporter !== undefined && isAt(exporter.url, hop))
  if (profile.services.some(({ url }) => isAt(url, hop)) || (exposition === -1 && host === -1)) {
    const service = indexOfUrl(profile.services, hop)
    return service === -1 ? null : `services.${service}`
  }
  return exposition === -1 ? `hosts.${host}.exporter` : `expositions.${exposition}`
}

/** Targets are named for their addresses; the only one of a kind is meant, however it is named. */
function indexOfUrl(parts: readonly { readonly url: string }[], hop: string): number {
  const found = parts.findIndex(({ url }) => isAt(url, hop))
  return found === -1 && parts.length === 1 ? 0 : found
}

function isAt(url: string, hop: string): boolean {
  const servers = parseAddressList(url)?.servers ?? []
  return servers.some(({ host, port }) => hop.includes(port === null ? host : `${host}:${port}`))
}
