/** From what was found for a host in the configuration to what it means: tokens put in, defaults filled in as ssh does. */
import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import { failed, type Place } from '../../failed.ts'
import { agentSocket, type Machine } from '../../machine.ts'
import { type AlgorithmChoice, type AlgorithmKind, chooseAlgorithms } from '../algorithms.ts'
import { LOGIN_METHODS, type LoginMethod } from '../login-plan.ts'
import type { Jump } from './jumps.ts'
import { agentPath, below, expandTilde, machineDirectory, userDirectory } from './machine-paths.ts'
import { expand } from './tokens.ts'
import { type Findings, type Found, isNo, isYes, portOf, secondsOf } from './values.ts'

export interface HostSettings {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly hostKeyAlias: string | null
  /** Paths; `null` where none is configured: then those of ssh's defaults count. */
  readonly identityFiles: readonly string[] | null
  /** `null` where none is configured: then a certificate beside an identity file counts. */
  readonly certificateFiles: readonly string[] | null
  readonly identitiesOnly: boolean
  /** Socket or pipe; `null`: none. */
  readonly agent: string | null
  readonly knownHostsFiles: readonly string[]
  readonly acceptsNewKeys: boolean
  /** The hosts to be passed before it, the first to be passed first. */
  readonly jumps: readonly Jump[]
  readonly proxyCommand: string | null
  readonly family: 4 | 6 | null
  readonly bindAddress: string | null
  readonly connectTimeoutMs: number | null
  /** `null`: ssh would not ask whether the connection lives. */
  readonly aliveIntervalMs: number | null
  readonly aliveMissedAtMost: number | null
  readonly algorithms: AlgorithmChoice
  /** Which ways to log in are allowed, the preferred first. */
  readonly allows: readonly LoginMethod[]
  /** The files of the configuration, where none says anything of this host in particular; `null`: one does. */
  readonly unnamedIn: readonly string[] | null
}

interface Known {
  readonly findings: Findings
  /** As ssh was given it. */
  readonly name: string
  /** Its final name. */
  readonly host: string
  readonly machine: Machine
}

type Tokens = Readonly<Record<string, string>>

/** Longer ones would not fit a timer. */
const LONGEST_S = 86_400
const MOST_MISSED = 1_000

/** ssh_config(5), "TOKENS". @param user the one to log in as; `null` while that is not settled */
export function tokensOf({ findings, name, host, machine, user }: Known & { user: string | null }): Tokens {
  const here = hostname()
  const port = String(portIn(findings))
  const login = user ?? findings.first.get('user')?.value[0] ?? machine.user
  const jump = findings.jumps?.value.at(-1)?.host ?? ''
  return {
    C: createHash('sha1').update(`${here}${host}${port}${login}${jump}`).digest('hex'),
    L: here.replace(/\..*$/s, ''),
    d: machine.home,
    h: host,
    i: String(process.getuid?.() ?? ''),
    j: jump,
    k: aliasIn(findings) ?? name,
    l: here,
    n: name,
    p: port,
    r: login,
    u: machine.user,
  }
}

/** A value with its tokens and, where `env` is given, variables put in. Throws a `ReachError` that names file and line. */
export function textOf(
  { value, where }: Found<readonly string[]>,
  keyword: string,
  tokens: Tokens,
  env: Machine['env'] | null,
  place: Place,
): string {
  const expanded = expand(value[0] ?? '', tokens, env)
  if ('text' in expanded) return expanded.text
  if ('token' in expanded) {
    throw failed(place, 'resolve', 'ssh-config-token', { where, keyword, token: expanded.token })
  }
  throw failed(place, 'resolve', 'ssh-config-environment', { where, keyword, name: expanded.variable })
}

export function settingsOf(known: Known & { readonly place: Place }): HostSettings {
  const { findings, name, host, machine, place } = known
  const user = userOf()
  const tokens = tokensOf({ ...known, user })
  const proxyTokens: Tokens = {
    h: host,
    k: aliasIn(findings) ?? name,
    n: name,
    p: String(portIn(findings)),
    r: user,
  }
  const allows = allowed()

  function word(keyword: string): string | null {
    return findings.first.get(keyword)?.value[0] ?? null
  }

  function userOf(): string {
    const found = findings.first.get('user')
    if (found === undefined) return machine.user
    // One that was given beforehand is taken as it is.
    if (found.where === '') return found.value[0] ?? ''
    const { C: _hash, r: _user, ...rest } = tokensOf({ ...known, user: '' })
    return textOf(found, 'User', rest, machine.env, place)
  }

  function path({ value, where }: Found<string>, keyword: string): string {
    const expanded = expandTilde(value, machine)
    if (expanded === null) throw failed(place, 'resolve', 'ssh-config-other-home', { where, keyword })
    return textOf({ value: [expanded], where }, keyword, tokens, machine.env, place)
  }

  function paths(found: readonly Found<string>[], keyword: string): string[] {
    return found.filter(({ value }) => value.toLowerCase() !== 'none').map((each) => path(each, keyword))
  }

  function list(keyword: string): Found<string>[] | null {
    const found = findings.first.get(keyword)
    return found === undefined ? null : found.value.map((value) => ({ value, where: found.where }))
  }

  function agent(): string | null {
    const found = findings.first.get('identityagent')
    const written = found?.value[0]
    if (found === undefined || written === undefined || written === 'SSH_AUTH_SOCK')
      return agentSocket(machine)
    if (written === 'none') return null
    if (/^\$[^{]/.test(written)) return machine.env[written.slice(1)] || null
    return agentPath(path({ value: written, where: found.where }, 'IdentityAgent'), machine)
  }

  function jumps(): Jump[] {
    const where = findings.jumps?.where ?? ''
    const put = (text: string) => textOf({ value: [text], where }, 'ProxyJump', proxyTokens, null, place)
    return (findings.jumps?.value ?? []).map((jump) => ({
      host: put(jump.host),
      user: jump.user === null ? null : put(jump.user),
      port: jump.port,
    }))
  }

  function proxyCommand(): string | null {
    const found = findings.proxyCommand
    if (found === null || found.value.toLowerCase() === 'none' || findings.jumps?.value.length) return null
    return textOf({ value: [found.value], where: found.where }, 'ProxyCommand', proxyTokens, null, place)
  }

  function algorithms(kind: AlgorithmKind, keyword: string): readonly string[] | null {
    const found = findings.first.get(keyword.toLowerCase())
    if (found === undefined) return null
    const chosen = chooseAlgorithms(kind, found.value[0] ?? '')
    if (chosen === null) {
      throw failed(place, 'resolve', 'ssh-config-algorithms', { where: found.where, keyword })
    }
    return chosen
  }

  function allowed(): readonly LoginMethod[] {
    const found = findings.first.get('preferredauthentications')
    const preferred = found?.value[0]?.split(',') ?? LOGIN_METHODS
    const ours = preferred.flatMap((name) => LOGIN_METHODS.find((method) => method === name) ?? [])
    if (found !== undefined && ours.length === 0) {
      const keyword = 'PreferredAuthentications'
      throw failed(place, 'resolve', 'ssh-config-unsupported', { where: found.where, keyword })
    }
    const asks = !isYes(word('batchmode') ?? 'no')
    const may: Record<LoginMethod, boolean> = {
      publickey: !isNo(word('pubkeyauthentication') ?? 'yes'),
      'keyboard-interactive': asks && !isNo(word('kbdinteractiveauthentication') ?? 'yes'),
      password: asks && !isNo(word('passwordauthentication') ?? 'yes'),
    }
    return ours.filter((method) => may[method])
  }

  function bounded(seconds: number | null, most: number): number | null {
    return seconds === null || seconds <= 0 ? null : Math.min(seconds, most)
  }

  const secondsIn = (keyword: string): number | null => {
    const seconds = bounded(secondsOf(word(keyword) ?? 'none'), LONGEST_S)
    return seconds === null ? null : seconds * 1_000
  }
  const machines = machineDirectory(machine)
  const users = userDirectory(machine)
  const ofUser = ['known_hosts', 'known_hosts2'].map((file) => below(users, file, machine))
  const ofMachine = ['ssh_known_hosts', 'ssh_known_hosts2'].map((file) => below(machines, file, machine))
  const usersFiles = list('userknownhostsfile')
  const machinesFiles = list('globalknownhostsfile')

  return {
    host,
    port: portIn(findings),
    user,
    hostKeyAlias: aliasIn(findings),
    identityFiles: findings.identityFiles.length === 0 ? null : paths(findings.identityFiles, 'IdentityFile'),
    certificateFiles:
      findings.certificateFiles.length === 0 ? null : paths(findings.certificateFiles, 'CertificateFile'),
    identitiesOnly: isYes(word('identitiesonly') ?? 'no'),
    agent: allows.includes('publickey') ? agent() : null,
    knownHostsFiles: [
      ...(usersFiles === null ? ofUser : paths(usersFiles, 'UserKnownHostsFile')),
      ...(machinesFiles === null
        ? ofMachine
        : machinesFiles
            .filter(({ value }) => value.toLowerCase() !== 'none')
            // Of these ssh puts in no tokens.
            .map(({ value }) => expandTilde(value, machine) ?? value)),
    ],
    // Nobody sees the warning that "no" gives: a new key is taken with it, a changed one never is.
    acceptsNewKeys: ['accept-new', 'no', 'off', 'false'].includes(
      word('stricthostkeychecking')?.toLowerCase() ?? '',
    ),
    jumps: jumps(),
    proxyCommand: proxyCommand(),
    family: familyOf(word('addressfamily')),
    bindAddress: word('bindaddress'),
    connectTimeoutMs: secondsIn('connecttimeout'),
    aliveIntervalMs: secondsIn('serveraliveinterval'),
    aliveMissedAtMost: bounded(Number(word('serveralivecountmax') ?? 0), MOST_MISSED),
    algorithms: {
      kex: algorithms('kex', 'KexAlgorithms'),
      ciphers: algorithms('ciphers', 'Ciphers'),
      macs: algorithms('macs', 'MACs'),
      hostKeys: algorithms('hostKeys', 'HostKeyAlgorithms'),
      publicKeys: algorithms('publicKeys', 'PubkeyAcceptedAlgorithms'),
    },
    allows,
    unnamedIn: findings.isNamed || findings.first.has('hostname') ? null : [...findings.files],
  }
}

function portIn({ first }: Findings): number {
  return portOf(first.get('port')?.value[0] ?? '') ?? 22
}

function aliasIn({ first }: Findings): string | null {
  return first.get('hostkeyalias')?.value[0]?.toLowerCase() ?? null
}

function familyOf(written: string | null): 4 | 6 | null {
  const family = written?.toLowerCase()
  return family === 'inet' ? 4 : family === 'inet6' ? 6 : null
}
