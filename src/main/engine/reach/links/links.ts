/**
 * SSH hops, pooled across deployments: whoever passes the same hops as the same user with the same key shares one
 * connection, which is kept up while anybody uses it and closed with its last user.
 */
import type { ConnectionHop } from '#shared/model/connection.ts'
import type { Ssh, SshHop } from '#shared/model/profile/ssh.ts'
import { createDirectWay } from '../direct.ts'
import type { Place } from '../failed.ts'
import { createGate, type Gate } from '../gate.ts'
import type { ExecAnswer, Limits } from '../reach.ts'
import type { Way } from '../way.ts'
import { createHop, type Hop, type HopDependencies } from './hop.ts'
import { routeOf } from './routes.ts'
import type { Route } from './stop.ts'

/** sshd drops connections at random above 10 that are not yet authenticated (MaxStartups); others log in too. */
const HANDSHAKES_AT_ONCE = 4

export interface Link extends Way {
  /** Runs a program at the end of the chain. */
  run(argv: readonly string[], place: Place, limits: Limits & { maxBytes: number }): Promise<ExecAnswer>
  /** Each hop with its state, the bastion first. */
  hops(): ConnectionHop[]
  onChange(listener: () => void): () => void
  /** Tries every hop again now: a person asked. */
  retry(): void
  /** Gives up this use; the hops that nobody uses any more are closed when it resolves. */
  release(): Promise<void>
}

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
    const key = JSON.stringify(path)
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
      // Whoever logs in: it is the same sshd that counts the logins under way.
      gate: gateOf(JSON.stringify(path.map(({ host, port, proxyCommand }) => [host, port, proxyCommand]))),
      dependencies,
      onUnused: () => void pool.delete(key),
    })
    pool.set(key, hop)
    return hop
  }

  function gateOf(bastion: string): Gate {
    const gate = gates.get(bastion) ?? createGate(HANDSHAKES_AT_ONCE)
    gates.set(bastion, gate)
    return gate
  }

  return {
    chain(hopsOfProfile, ssh) {
      const hop = take(routeOf(hopsOfProfile, ssh, dependencies.machine))
      const hops = chainOf(hop)
      const listeners: (() => void)[] = []
      let released: Promise<void> | null = null
      return {
        dial: hop.dial,
        run: hop.run,
        suspect: hop.suspect,
        down: hop.down,
        onUp: hop.onUp,
        hops: () => hops.map((each) => each.state()),
        onChange(listener) {
          const stops = hops.map((each) => each.onChange(listener))
          const stop = (): void => stops.forEach((one) => void one())
          listeners.push(stop)
          return stop
        },
        retry() {
          for (const each of hops) each.retry()
        },
        release() {
          released ??= (async () => {
            for (const stop of listeners) stop()
            await hop.release()
          })()
          return released
        },
      }
    },
    async close() {
      forget()
      // The far ends first: they run inside the nearer ones.
      const hops = [...pool.values()].toSorted((one, other) => chainOf(other).length - chainOf(one).length)
      for (const hop of hops) await hop.close()
      pool.clear()
    },
  }
}

function chainOf(hop: Hop): Hop[] {
  return hop.parent === null ? [hop] : [...chainOf(hop.parent), hop]
}
