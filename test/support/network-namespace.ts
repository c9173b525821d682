/** A network of its own for a process of a test, joined to this machine by a cable that can be pulled. Linux, as root. */
import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process'

export interface NetworkNamespace {
  /** This machine, as seen from in there. */
  readonly here: string
  /** The addresses of the cable: `198.18.77.0/24`. */
  readonly subnet: string
  /** Runs Node on a script in there. */
  spawn(script: string, args: readonly string[], options: SpawnOptions): ChildProcess
  /** The interface in there goes down: programs are told that there is no network. */
  unplug(): void
  plugIn(): void
  /** Packets of both sides go to a station that is not there: no error comes back. */
  swallow(): void
  remove(): void
}

/** Why none can be made here, for the names of tests; `null` where it can. */
export const cannotSeparate = whyNot()

/** @param third the third byte of its addresses, which no other test uses */
export function createNetworkNamespace(third: number): NetworkNamespace {
  const name = `vakhta-${process.pid}-${third}`
  // Names of interfaces hold 15 characters.
  const [near, far] = [`v${process.pid}-${third}a`, `v${process.pid}-${third}b`]
  const prefix = `198.18.${third}`
  ip(`netns add ${name}`)
  ip(`link add ${near} type veth peer name ${far}`)
  ip(`link set ${far} netns ${name}`)
  ip(`addr add ${prefix}.1/24 dev ${near}`)
  ip(`link set ${near} up`)
  ip(`-n ${name} link set lo up`)
  ip(`-n ${name} addr add ${prefix}.2/24 dev ${far}`)
  ip(`-n ${name} link set ${far} up`)
  return {
    here: `${prefix}.1`,
    subnet: `${prefix}.0/24`,
    spawn: (script, args, options) =>
      spawn('ip', ['netns', 'exec', name, process.execPath, script, ...args], options),
    unplug: () => ip(`-n ${name} link set ${far} down`),
    plugIn: () => ip(`-n ${name} link set ${far} up`),
    swallow() {
      ip(`neigh replace ${prefix}.2 lladdr 02:00:00:00:00:02 dev ${near} nud permanent`)
      ip(`-n ${name} neigh replace ${prefix}.1 lladdr 02:00:00:00:00:01 dev ${far} nud permanent`)
    },
    remove() {
      ip(`link del ${near}`)
      ip(`netns del ${name}`)
    },
  }
}

function ip(command: string): void {
  execFileSync('ip', command.split(' '), { stdio: 'pipe' })
}

function whyNot(): string | null {
  const name = `vakhta-${process.pid}-try-${Math.random().toString(36).slice(2)}`
  try {
    ip(`netns add ${name}`)
    ip(`netns del ${name}`)
    return null
  } catch {
    return 'no network namespace can be made here'
  }
}
