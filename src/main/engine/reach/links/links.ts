/**
 * SSH hops, pooled across deployments: whoever passes the same hops as the same user with the same key shares one
 * connection, which is kept up while anybody uses it and closed with its last user.
 */
import type { Ssh, SshHop } from '#shared/model/profile/ssh.ts'
import { createDirectWay } from '../direct.ts'
import { createGate, type Gate } from '../gate.ts'
import { chainOf, createHop, type Hop, type HopDependencies } from './hop.ts'
import { createLink, type Link } from './link.ts'
import { routeOf } from './routes.ts'
import { keyOf, type Route } from './stop.ts'

/** sshd drops connections at random above 10 that are not yet authenticated (MaxStartups); others log in too. */
const HANDSHAKES_AT_ONCE = 4
/** Of those that wait for a person besides, for a minute or two: to sshd they are not yet authenticated either. */
const QUESTIONS_AT_ONCE = 4

/** What the hops of a deployment share. */
export type SshSettings = Pick<Ssh, 'knownHosts' | 'config'>

export interface Links {
  /** A use of a chain of hops (at least one), connecting at once. `ssh`: the settings that they share. */
  chain(hops: readonly SshHop[], ssh: SshSettings): Link
  close(): Promise<void>
}

export function createLinks(dependencies: HopDependencies): Links {
  const pool = new Map<string, Hop>()
  const gates = new Map<string, Gate>()
  const direct = createDirectWay({ clock: dependencies.clock })
  const forget = dependencies.hostKeys.onAccept((host) => {
    for (const hop of pool.values()) if (hop.host === host) hop.retry()
  })

  /** The hop at the end of a path of them, taking a use of it. */
  function take(path: Route): Hop {
    const key = keyOf(path)
    const pooled = pool.get(key)
    if (pooled !== undefined) {
      pooled.users += 1
      return pooled
    }
    const before = path.slice(0, -1)
    const stop = path.at(-1)
    if (stop === undefined) throw new TypeError('a chain has at least one hop')
    const parent = before.length === 0 ? null : take(before)
    const hop = createHop({
      stop,
      parent,
      way: parent ?? direct,
      gate: gateOf(JSON.stringify([keyOf(before), stop.host, stop.port])),
      dependencies,
      standing: () => dependencies.logins?.find(path)?.connection ?? null,
      onUnused: () => void pool.delete(key),
    })
    pool.set(key, hop)
    return hop
  }

  function gateOf(bastion: string): Gate {
    const gate = gates.get(bastion) ?? createGate(HANDSHAKES_AT_ONCE, QUESTIONS_AT_ONCE)
    gates.set(bastion, gate)
    return gate
  }

  return {
    chain: (hops, ssh) =>
      createLink({ resolve: () => routeOf(hops, ssh, dependencies.machine), take, log: dependencies.log }),
    async close() {
      forget()
      // The far ends first: they run inside the nearer ones.
      const hops = [...pool.values()].toSorted((one, other) => chainOf(other).length - chainOf(one).length)
      for (const hop of hops) await hop.close()
      pool.clear()
    },
  }
}
