/** From the hops of a profile to the SSH servers on the way, those included that the SSH configuration puts before them. */
import type { Ssh, SshHop } from '#shared/model/profile/ssh.ts'
import { failed, type Place } from '../failed.ts'
import { agentSocket, type Machine } from '../machine.ts'
import { ReachError } from '../reach.ts'
import { ANY_ALGORITHMS } from './algorithms.ts'
import type { HostSettings } from './config/host-settings.ts'
import { type Jump, parseDestination } from './config/jumps.ts'
import { type Given, lookUp } from './config/look-up.ts'
import { below, userDirectory } from './config/machine-paths.ts'
import { LOGIN_METHODS, type LoginMethod } from './login-plan.ts'
import { hopPlace, type KeyOffer, type Route, type SshStop } from './stop.ts'

const KNOWN_HOSTS = '~/.ssh/known_hosts'
/** ssh knows no limit; a way of more hosts than this is a mistake. */
const STOPS_MAX = 16
/** As ssh goes through them; keys in hardware are named, and then refused with the reason. */
const DEFAULT_IDENTITIES = ['id_rsa', 'id_ecdsa', 'id_ecdsa_sk', 'id_ed25519', 'id_ed25519_sk']
/** Of a host that is passed on the way nothing stands in the profile. */
const NOTHING: SshHop = {}
const ALIVE = { intervalMs: 15_000, missedAtMost: 3 }

type Settings = Pick<Ssh, 'knownHosts' | 'config'>

/**
 * The way in full. An alias brings the hosts of its `ProxyJump` with it, each looked up in the configuration in its turn, as
 * `ssh` runs itself for each.
 * @param startsInside other hops are passed before these
 * @throws ReachError that waits for a person where a hop cannot be understood
 */
export function routeOf(
  hops: readonly SshHop[],
  ssh: Settings,
  machine: Machine,
  startsInside = false,
): Route {
  const route: SshStop[] = []
  for (const hop of hops) {
    const stops = hop.alias === undefined ? [explicitStop(hop, ssh, machine)] : aliasStops(hop, ssh, machine)
    const [first] = stops
    if ((startsInside || route.length > 0) && first !== undefined && first.proxyCommand !== null) {
      throw failed(hopPlace(hop), 'resolve', 'ssh-proxy-command-inside', { host: first.alias ?? first.host })
    }
    route.push(...stops)
    if (route.length > STOPS_MAX) throw tooMany(hopPlace(hop))
  }
  return route
}

/** The host that is dialled from this machine to pass a hop; none where a program does that, or it is not understood. */
export function firstDialled(hop: SshHop, ssh: Settings, machine: Machine): string | undefined {
  try {
    const [first] = routeOf([hop], ssh, machine)
    return first?.proxyCommand === null ? first.host : undefined
  } catch (error) {
    if (error instanceof ReachError) return undefined
    throw error
  }
}

function tooMany(place: Place) {
  return failed(place, 'resolve', 'ssh-jump-too-many', { limit: STOPS_MAX })
}

function explicitStop(hop: SshHop, { knownHosts }: Settings, machine: Machine): SshStop {
  const { host = '', port = 22, user = '', password, agent } = hop
  return {
    alias: null,
    unnamedIn: null,
    host,
    port,
    user,
    hostKeyName: host,
    hostKeyPort: port,
    knownHostsFiles: knownHosts === undefined ? [KNOWN_HOSTS] : [KNOWN_HOSTS, knownHosts],
    acceptsNewKeys: false,
    keys: ownKeys(hop),
    ...agentOf(agent, machine),
    identitiesOnly: false,
    password: password ?? null,
    methods: LOGIN_METHODS,
    interactive: hop.interactive ?? false,
    proxyCommand: null,
    connectTimeoutMs: null,
    family: null,
    bindAddress: null,
    algorithms: ANY_ALGORITHMS,
    alive: ALIVE,
  }
}

/** @param agent `true`: that of whoever started Vakhta */
function agentOf(agent: SshHop['agent'], machine: Machine): Pick<SshStop, 'agent' | 'lacksAgent'> {
  const socket = agent === true ? agentSocket(machine) : (agent ?? null)
  return { agent: socket, lacksAgent: agent === true && socket === null }
}

/** The key of the profile, which has to be there; with an agent alone, the certificate for a key that it holds. */
function ownKeys({ key, passphrase, certificate }: SshHop): KeyOffer[] {
  const offered = key ?? certificate
  if (offered === undefined) return []
  return [{ key: offered, passphrase: passphrase ?? null, certificate: certificate ?? null, needed: true }]
}

function aliasStops(hop: SshHop, ssh: Settings, machine: Machine): SshStop[] {
  const place = hopPlace(hop)
  const target = parseDestination(hop.alias ?? '')
  if (target === null) {
    throw failed(place, 'resolve', 'ssh-alias-malformed', { name: (hop.alias ?? '').slice(0, 60) })
  }
  const context = { config: ssh.config ?? null, machine, place }

  /** @param jumps as `ssh -J`: the way to it, whatever its own configuration says; `[]` for what that says */
  function enter(to: Jump, jumps: readonly Jump[], behind: readonly string[]): SshStop[] {
    const name = nameOf(to)
    const chain = [name, ...behind]
    // With its jumps given a host may well come twice; looked up with nothing given, it would go on for ever.
    if (jumps.length === 0 && behind.includes(name)) {
      throw failed(place, 'resolve', 'ssh-jump-loop', { chain: chain.toReversed().join(' → ') })
    }
    if (chain.length > STOPS_MAX) throw tooMany(place)
    const given: Given = { user: to.user, port: to.port, jumps }
    const settings = lookUp(to.host, given, context)
    const last = settings.jumps.at(-1)
    const before = last === undefined ? [] : enter(last, settings.jumps.slice(0, -1), chain)
    const own = behind.length === 0 ? hop : NOTHING
    return [...before, stopOf(to.host, settings, own, ssh, machine)]
  }

  const { user, port, host } = target
  return enter({ host, user: hop.user ?? user, port: hop.port ?? port }, [], [])
}

function nameOf({ user, host, port }: Jump): string {
  return `${user === null ? '' : `${user}@`}${host}${port === null ? '' : `:${port}`}`
}

/** What the profile says goes before what the configuration says, as options of the command line do. */
function stopOf(
  alias: string,
  settings: HostSettings,
  own: SshHop,
  { knownHosts }: Settings,
  machine: Machine,
): SshStop {
  const { host, port, allows, hostKeyAlias, aliveIntervalMs, aliveMissedAtMost } = settings
  const ofProfile = ownKeys(own)
  const { agent, lacksAgent } = agentOf(own.agent ?? settings.agent ?? undefined, machine)
  return {
    alias,
    unnamedIn: settings.unnamedIn,
    host,
    port,
    user: settings.user,
    hostKeyName: hostKeyAlias ?? host,
    hostKeyPort: hostKeyAlias === null ? port : 22,
    knownHostsFiles: [...settings.knownHostsFiles, ...(knownHosts === undefined ? [] : [knownHosts])],
    acceptsNewKeys: settings.acceptsNewKeys,
    keys: [
      ...ofProfile,
      ...(allows.includes('publickey') ? configuredKeys(settings, agent, ofProfile.length > 0, machine) : []),
    ],
    agent,
    lacksAgent,
    identitiesOnly: settings.identitiesOnly,
    password: own.password ?? null,
    methods: [...new Set([...allows, ...methodsFor(own)])],
    // As ssh would ask whoever sits at the terminal; where nobody answers in time it waits for a person.
    interactive: own.interactive ?? allows.some((method) => method !== 'publickey'),
    proxyCommand: settings.proxyCommand,
    connectTimeoutMs: settings.connectTimeoutMs,
    family: settings.family,
    bindAddress: settings.bindAddress,
    algorithms: settings.algorithms,
    // A connection that died has to be noticed: where ssh would not ask, we do.
    alive: {
      intervalMs: aliveIntervalMs ?? ALIVE.intervalMs,
      missedAtMost: aliveMissedAtMost ?? ALIVE.missedAtMost,
    },
  }
}

/** What the profile itself gives is of use, whatever the configuration prefers. */
function methodsFor({ key, certificate, agent, password, interactive }: SshHop): LoginMethod[] {
  const hasKey = key !== undefined || certificate !== undefined || agent !== undefined
  const hasAnswer = password !== undefined || interactive === true
  return LOGIN_METHODS.filter((method) => (method === 'publickey' ? hasKey : hasAnswer))
}

/**
 * The keys of the configuration, or those of ssh's defaults. ssh passes over those that are not there, and so do we.
 * @param hasOwn the profile names one: as with `ssh -i`, the defaults do not count then
 */
function configuredKeys(
  { identityFiles, certificateFiles }: HostSettings,
  agent: string | null,
  hasOwn: boolean,
  machine: Machine,
): KeyOffer[] {
  const defaults = hasOwn
    ? []
    : DEFAULT_IDENTITIES.map((file) => below(userDirectory(machine), file, machine))
  const keys = identityFiles ?? defaults
  const certificates = certificateFiles ?? []
  const offers = keys.flatMap((key) => {
    const itsOwn = certificatesOf(key, keys, certificates)
    return itsOwn.length === 0 ? [offer(key, null)] : itsOwn.map((each) => offer(key, each))
  })
  // Of what is for none of the keys by its name, the agent may hold the key: the certificate itself says which it is.
  const others = certificates.filter((each) => !keys.some((key) => isNamedFor(each, key)))
  return [...offers, ...(agent === null ? [] : others.map((each) => offer(each, each)))]
}

/** By the name that ssh-keygen gives them; one that is named otherwise may be for any key, and is compared with it. */
function certificatesOf(
  key: string,
  keys: readonly string[],
  certificates: readonly string[],
): readonly string[] {
  const named = certificates.filter((each) => isNamedFor(each, key))
  return [...named, ...certificates.filter((each) => !keys.some((other) => isNamedFor(each, other)))]
}

function isNamedFor(certificate: string, key: string): boolean {
  return certificate === `${key}-cert.pub`
}

function offer(key: string, certificate: string | null): KeyOffer {
  return {
    key: `file:${key}`,
    passphrase: null,
    certificate: certificate === null ? null : `file:${certificate}`,
    needed: false,
  }
}
