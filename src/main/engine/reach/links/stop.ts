/** One SSH server on the way, with everything that is known of how to get into it: what a hop of a profile comes to. */
import type { SecretReference } from '#shared/model/profile/fields.ts'
import type { SshHop } from '#shared/model/profile/ssh.ts'
import type { Place } from '../failed.ts'
import type { AlgorithmChoice } from './algorithms.ts'
import type { LoginMethod } from './login-plan.ts'

/** A key to be offered, in the order of the list. */
export interface KeyOffer {
  readonly key: SecretReference
  readonly passphrase: SecretReference | null
  /** The certificate for it; `null`: the key alone. */
  readonly certificate: SecretReference | null
  /** Whether its absence is a fault: ssh passes over default and configured keys that are not there. */
  readonly needed: boolean
}

export interface SshStop {
  /** The name under which it was entered, where that is not its address. */
  readonly alias: string | null
  /** The files of the SSH configuration that say nothing of that name; `null`: one does, or none was asked. */
  readonly unnamedIn: readonly string[] | null
  readonly host: string
  readonly port: number
  readonly user: string
  /** The name under which its host key is known: its host, or what `HostKeyAlias` says. */
  readonly hostKeyName: string
  /** The port that its host key is known with: its own, and 22 under a name that `HostKeyAlias` gives, as in ssh. */
  readonly hostKeyPort: number
  /** `known_hosts` files, in the order in which they are looked into. */
  readonly knownHostsFiles: readonly string[]
  /** An unknown key is taken as it comes and remembered (`StrictHostKeyChecking accept-new`); a changed one never is. */
  readonly acceptsNewKeys: boolean
  readonly keys: readonly KeyOffer[]
  /** Socket or named pipe of an agent; `null`: none is asked. */
  readonly agent: string | null
  /** The profile wants the agent of whoever started Vakhta, and there is none. */
  readonly lacksAgent: boolean
  /** Of the agent's keys only those that `keys` name are offered (`IdentitiesOnly`). */
  readonly identitiesOnly: boolean
  readonly password: SecretReference | null
  /** How to log in, the preferred first (`PreferredAuthentications`). */
  readonly methods: readonly LoginMethod[]
  /** The server's questions are put to people. */
  readonly interactive: boolean
  /** A local command whose standard streams are the connection, tokens expanded; `null`: TCP. */
  readonly proxyCommand: string | null
  readonly connectTimeoutMs: number | null
  /** Only addresses of this family are dialled; `null`: any. Counts for what is dialled from this machine. */
  readonly family: 4 | 6 | null
  /** The address of this machine to dial from; `null`: whichever the system takes. */
  readonly bindAddress: string | null
  readonly algorithms: AlgorithmChoice
  /** How often the connection is asked whether it lives, and how many answers may be missing. */
  readonly alive: { readonly intervalMs: number; readonly missedAtMost: number }
}

/** The SSH servers on the way, the bastion first. */
export type Route = readonly SshStop[]

/** The same for ways that are the same, under whichever names they were entered. */
export function keyOf(route: Route): string {
  return JSON.stringify(route.map((stop) => ({ ...stop, alias: null })))
}

/** How people name it. */
export function stopPlace({ user, host, port }: Pick<SshStop, 'user' | 'host' | 'port'>): Place {
  return { hop: `${user}@${host}:${port}`, on: 'path' }
}

/** `HOST:PORT`, as host keys are accepted. */
export function hostKeyPlace({
  hostKeyName,
  hostKeyPort,
}: Pick<SshStop, 'hostKeyName' | 'hostKeyPort'>): string {
  return `${hostKeyName}:${hostKeyPort}`
}

/** How people name a hop before it is resolved. */
export function hopPlace({ user, host, alias, port }: SshHop): Place {
  const name = alias ?? `${host ?? ''}:${port ?? 22}`
  return { hop: user === undefined ? name : `${user}@${name}`, on: 'path' }
}
