/**
 * Goes through an SSH configuration for one host and gathers what applies to it, as `process_config_line` of readconf.c
 * does: the first value of a keyword counts, and identity and certificate files add up.
 */
import { failed, type Place } from '../../failed.ts'
import type { Machine } from '../../machine.ts'
import type { ReachError } from '../../reach.ts'
import { CONFIG_MAX_BYTES, filesOf, readConfigFile } from './config-files.ts'
import { type ConfigLine, skip } from './config-text.ts'
import { type Jump, parseJumps } from './jumps.ts'
import { keywordOf } from './keywords.ts'
import { anchored } from './machine-paths.ts'
import { matchLine } from './match.ts'
import { matchesPattern, matchesPatternList } from './patterns.ts'
import { expand } from './tokens.ts'
import { type Findings, LISTS, SINGLE_VALUES, TIMES } from './values.ts'

/** As in ssh. */
const INCLUDE_DEPTH_MAX = 16
const IDENTITY_FILES_MAX = 100
const KNOWN_HOSTS_FILES_MAX = 32
/** Over all files for one host: each may include others many times. */
const FILES_MAX = 1_000
const BYTES_MAX = 2 * CONFIG_MAX_BYTES

export interface Gathering {
  readonly originalHost: string
  /** What `Host` is compared with: as it was asked for, and the second time the final name. */
  readonly host: string
  readonly isFinal: boolean
  readonly findings: Findings
  readonly place: Place
  readonly machine: Machine
  /** What stands for the tokens in a path of `Include`, with what is found by now. */
  readonly tokens: () => Readonly<Record<string, string>>
  /** The host's name with what is found by now. */
  readonly hostName: () => string
}

export interface Source {
  readonly path: string
  /** The user's own, or the machine's for everybody: where relative names and `~` belong. */
  readonly owner: 'user' | 'machine'
  /** Others than its owner must not be able to write it. */
  readonly guarded: boolean
  /** Its absence is a fault: it was named. */
  readonly needed: boolean
}

/**
 * @returns whether a second time is asked for, with the final name of the host (`Match final`)
 * @throws ReachError that waits for a person, naming file and line
 */
export function gather(gathering: Gathering, sources: readonly Source[]): { readonly wantsFinal: boolean } {
  const { findings, place, machine } = gathering
  let wantsFinal = false
  let files = 0
  let bytes = 0

  for (const source of sources) read(source, 0, true, true)
  return { wantsFinal }

  /** @param counts whether anything in it may apply: what an inactive block includes never does */
  function read(source: Source, depth: number, startsActive: boolean, counts: boolean): void {
    const file = readConfigFile(source.path, source.guarded, place)
    if (file === null) {
      if (source.needed) throw failed(place, 'resolve', 'ssh-config-missing', { file: source.path })
      return
    }
    findings.files.add(source.path)
    files += 1
    bytes += file.bytes
    if (files > FILES_MAX || bytes > BYTES_MAX) {
      throw failed(place, 'resolve', 'ssh-config-endless', { file: source.path })
    }
    let active = startsActive
    for (const line of file.lines) active = take(line, { source, depth, active, counts })
  }

  /** Takes one line in, and says whether the lines after it apply. */
  function take(
    line: ConfigLine,
    { source, depth, active, counts }: { source: Source; depth: number; active: boolean; counts: boolean },
  ): boolean {
    const where = `${source.path}:${line.line}`
    const keyword = line.written
    if (line.fault === 'text') throw failed(place, 'resolve', 'ssh-config-no-text', { where })
    if (line.fault === 'no-value') throw failed(place, 'resolve', 'ssh-config-no-value', { where, keyword })
    const known = keywordOf(line.keyword)
    if (known === null) {
      const ignored = findings.first.get('ignoreunknown')?.value[0]
      if (ignored !== undefined && matchesPatternList(line.keyword, ignored.toLowerCase())) return active
      throw failed(place, 'resolve', 'ssh-config-unknown', { where, keyword })
    }
    if (line.fault === 'quotes') throw failed(place, 'resolve', 'ssh-config-quotes', { where, keyword })
    const { name, treatment } = known
    if (treatment.kind === 'without-bearing') return active
    if (treatment.kind === 'unsupported') {
      const isOff = line.words.length === 1 && treatment.off.includes(line.words[0]?.toLowerCase() ?? '')
      const isMachines = source.owner === 'machine' && treatment.inMachineFiles !== undefined
      if (!active || isMachines || findings.first.has(name)) return active
      if (!isOff) throw failed(place, 'resolve', 'ssh-config-unsupported', { where, keyword })
      // The first value counts here, too: what comes later does not turn it on any more.
      findings.first.set(name, { value: line.words, where })
      return active
    }
    switch (name) {
      case 'host':
        return counts && matchesHostLine(line.words, where)
      case 'match':
        return matches(line.words, where, counts)
      case 'include':
        include(line.words, source, depth, active && counts, where)
        return active
      case 'proxyjump': {
        const jumps = parseJumps(skip(line.rest, ' \t='))
        if (jumps === null) throw badValue(where, keyword)
        // Whichever of the two comes first counts; "none" leaves the other its turn.
        if (active && findings.jumps === null && findings.proxyCommand === null) {
          findings.jumps = { value: jumps, where }
        }
        return active
      }
      case 'proxycommand':
        if (active && findings.proxyCommand === null && !findings.jumps?.value.length) {
          findings.proxyCommand = { value: skip(line.rest, ' \t='), where }
        }
        return active
      default:
        value(name, line, active, where)
        return active
    }
  }

  function value(
    name: string,
    { words, written: keyword }: ConfigLine,
    active: boolean,
    where: string,
  ): void {
    if (LISTS.has(name)) {
      const hasNone = words.some((word) => word.toLowerCase() === 'none')
      if (words.includes('') || (hasNone && words.length > 1)) throw badValue(where, keyword)
      if (words.length > KNOWN_HOSTS_FILES_MAX) throw tooMany(where, keyword, KNOWN_HOSTS_FILES_MAX)
    } else {
      const [word = ''] = words
      if (word === '' || SINGLE_VALUES[name]?.(word) !== true) throw badValue(where, keyword)
      if (words.length > 1) throw failed(place, 'resolve', 'ssh-config-extra', { where, keyword })
    }
    if (!active) return
    const accumulated =
      name === 'identityfile'
        ? findings.identityFiles
        : name === 'certificatefile'
          ? findings.certificateFiles
          : null
    if (accumulated === null) {
      if (name === 'refuseconnection') {
        throw failed(place, 'resolve', 'ssh-config-refuses', { where, words: (words[0] ?? '').slice(0, 200) })
      }
      // A time of "none" says nothing to ssh, not even that: what comes later counts.
      const saysNothing = TIMES.has(name) && words[0] === 'none'
      if (!saysNothing && !findings.first.has(name)) findings.first.set(name, { value: words, where })
      return
    }
    const path = words[0] ?? ''
    if (accumulated.some((found) => found.value === path)) return
    if (accumulated.length === IDENTITY_FILES_MAX) throw tooMany(where, keyword, IDENTITY_FILES_MAX)
    accumulated.push({ value: path, where })
  }

  function matchesHostLine(patterns: readonly string[], where: string): boolean {
    if (patterns.includes('')) throw badValue(where, 'Host')
    let matched = false
    let isNamed = false
    for (const pattern of patterns) {
      const negated = pattern.startsWith('!')
      if (!matchesPattern(gathering.host, negated ? pattern.slice(1) : pattern)) continue
      if (negated) return false
      matched = true
      isNamed ||= pattern !== '*'
    }
    findings.isNamed ||= isNamed
    return matched
  }

  function matches(words: readonly string[], where: string, counts: boolean): boolean {
    const outcome = matchLine(words, {
      host: gathering.hostName(),
      originalHost: gathering.originalHost,
      user: findings.first.get('user')?.value[0] ?? machine.user,
      localUser: machine.user,
      tag: findings.first.get('tag')?.value[0] ?? '',
      isFinal: gathering.isFinal,
    })
    if ('unsupported' in outcome) {
      if (!counts) return false
      throw failed(place, 'resolve', 'ssh-config-match-unsupported', {
        where,
        criterion: outcome.unsupported,
      })
    }
    if ('malformed' in outcome) {
      throw failed(place, 'resolve', 'ssh-config-match-malformed', {
        where,
        criterion: outcome.malformed.slice(0, 60),
      })
    }
    // Also where nothing may apply: ssh goes through the files a second time then, too.
    wantsFinal ||= outcome.wantsFinal
    if (counts && outcome.matches && outcome.isNamed) findings.isNamed = true
    return counts && outcome.matches
  }

  function include(
    patterns: readonly string[],
    { owner }: Source,
    depth: number,
    active: boolean,
    where: string,
  ): void {
    for (const pattern of patterns) {
      if (pattern === '') throw badValue(where, 'Include')
      const expanded = expand(pattern, gathering.tokens(), machine.env)
      if ('token' in expanded) {
        throw failed(place, 'resolve', 'ssh-config-token', {
          where,
          keyword: 'Include',
          token: expanded.token,
        })
      }
      // As in ssh: an unset variable names no file.
      if ('variable' in expanded) continue
      const path = anchored(expanded.text, owner, machine)
      if (path === null) throw badValue(where, 'Include')
      for (const file of filesOf(path, machine)) {
        if (depth === INCLUDE_DEPTH_MAX) {
          throw failed(place, 'resolve', 'ssh-config-include-depth', { where, limit: INCLUDE_DEPTH_MAX })
        }
        read({ path: file, owner, guarded: true, needed: false }, depth + 1, active, active)
      }
    }
  }

  function badValue(where: string, keyword: string): ReachError {
    return failed(place, 'resolve', 'ssh-config-bad-value', { where, keyword })
  }

  function tooMany(where: string, keyword: string, limit: number): ReachError {
    return failed(place, 'resolve', 'ssh-config-too-many', { where, keyword, limit })
  }
}

/** Nothing found yet, but for what was given beforehand: that goes first, as options of the command line do. */
export function noFindings(given: {
  readonly user: string | null
  readonly port: number | null
  readonly jumps: readonly Jump[]
}): Findings {
  const first: Findings['first'] = new Map()
  if (given.user !== null) first.set('user', { value: [given.user], where: '' })
  if (given.port !== null) first.set('port', { value: [String(given.port)], where: '' })
  return {
    first,
    identityFiles: [],
    certificateFiles: [],
    jumps: given.jumps.length === 0 ? null : { value: given.jumps, where: '' },
    proxyCommand: null,
    isNamed: false,
    files: new Set(),
  }
}
