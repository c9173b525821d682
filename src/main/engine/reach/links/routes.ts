/** From the hops of a profile to the SSH servers on the way. */
import type { Ssh, SshHop } from '#shared/model/profile/ssh.ts'
import { agentSocket, type Machine } from '../machine.ts'
import { ANY_ALGORITHMS } from './algorithms.ts'
import type { Route, SshStop } from './stop.ts'

const KNOWN_HOSTS = '~/.ssh/known_hosts'

/** Throws a `ReachError` that waits for a person where a hop cannot be understood. */
export function routeOf(
  hops: readonly SshHop[],
  ssh: Pick<Ssh, 'knownHosts' | 'config'>,
  machine: Machine,
): Route {
  return hops.map((hop) => explicitStop(hop, ssh, machine))
}

function explicitStop(hop: SshHop, { knownHosts }: Pick<Ssh, 'knownHosts'>, machine: Machine): SshStop {
  const { host = '', port = 22, user = '', key, passphrase, certificate, password, agent } = hop
  return {
    alias: null,
    host,
    port,
    user,
    hostKeyName: host,
    hostKeyPort: port,
    knownHostsFiles: knownHosts === undefined ? [KNOWN_HOSTS] : [KNOWN_HOSTS, knownHosts],
    acceptsNewKeys: false,
    keys:
      key === undefined
        ? []
        : [{ key, passphrase: passphrase ?? null, certificate: certificate ?? null, needed: true }],
    agent: agent === true ? agentSocket(machine) : (agent ?? null),
    identitiesOnly: false,
    password: password ?? null,
    interactive: hop.interactive ?? false,
    proxyCommand: null,
    connectTimeoutMs: null,
    family: null,
    bindAddress: null,
    algorithms: ANY_ALGORITHMS,
    alive: { intervalMs: 15_000, missedAtMost: 3 },
  }
}
