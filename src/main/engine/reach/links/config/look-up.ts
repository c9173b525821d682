/**
 * What `ssh NAME` would do on this machine, from its configuration: ssh_config(5), in the order in which ssh's `main`
 * goes about it. The files are looked at anew each time: an edit counts at the next attempt.
 */
import { isIP, SocketAddress } from 'node:net'
import { failed, type Place } from '../../failed.ts'
import type { Machine } from '../../machine.ts'
import { gather, noFindings, type Source } from './gather.ts'
import { type HostSettings, settingsOf, textOf, tokensOf } from './host-settings.ts'
import { isValidHost, isValidUser, type Jump } from './jumps.ts'
import { below, expandTilde, machineDirectory, userDirectory } from './machine-paths.ts'

/** What goes before the configuration, as options of the command line do. */
export interface Given {
  readonly user: string | null
  readonly port: number | null
  /** As `-J`: the host's own `ProxyJump` and `ProxyCommand` do not count then. */
  readonly jumps: readonly Jump[]
}

export interface LookUpContext {
  /** As `-F`, also in that `none` stands for no configuration; `null`: `~/.ssh/config`, then the machine's. */
  readonly config: string | null
  readonly machine: Machine
  /** Where what is wrong is told. */
  readonly place: Place
}

/**
 * @param name as `ssh` is given it
 * @throws ReachError that waits for a person, naming file, line and keyword
 */
export function lookUp(name: string, given: Given, { config, machine, place }: LookUpContext): HostSettings {
  if (!isValidHost(name)) throw failed(place, 'resolve', 'ssh-alias-malformed', { name: name.slice(0, 60) })
  if (given.user !== null && !isValidUser(given.user)) {
    throw failed(place, 'resolve', 'ssh-user-malformed', { user: given.user.slice(0, 60) })
  }
  const findings = noFindings(given)
  const sources = sourcesOf(config, machine)

  function hostName(): string {
    const found = findings.first.get('hostname')
    return found === undefined ? name : textOf(found, 'HostName', { h: name }, null, place)
  }

  function pass(host: string, isFinal: boolean): { readonly wantsFinal: boolean } {
    const named = (): string => (isFinal ? host : hostName())
    const tokens = () => tokensOf({ findings, name, host: named(), machine, user: null })
    return gather(
      { originalHost: name, host, isFinal, findings, place, machine, hostName: named, tokens },
      sources,
    )
  }

  const { wantsFinal } = pass(name, false)
  const host = normalised(hostName())
  if (wantsFinal) pass(host, true)
  // Where there is none at all, that is where one would be.
  if (findings.files.size === 0) for (const { path } of sources.slice(0, 1)) findings.files.add(path)
  return settingsOf({ findings, name, host, machine, place })
}

function sourcesOf(config: string | null, machine: Machine): Source[] {
  if (config === null) {
    return [
      { path: below(userDirectory(machine), 'config', machine), owner: 'user', guarded: true, needed: false },
      {
        path: below(machineDirectory(machine), 'ssh_config', machine),
        owner: 'machine',
        guarded: false,
        needed: false,
      },
    ]
  }
  if (config.toLowerCase() === 'none') return []
  const path = expandTilde(config, machine) ?? config
  return [{ path, owner: 'user', guarded: false, needed: true }]
}

/** Names in lower case, addresses in their shortest form. */
function normalised(host: string): string {
  if (isIP(host) === 6 && !host.includes('%'))
    return new SocketAddress({ address: host, family: 'ipv6' }).address
  return isIP(host) === 0 ? host.toLowerCase() : host
}
