/** The criteria of a `Match` line: ssh_config(5), and `match_cfg_line` of readconf.c. */
import { matchesHost, matchesPatternList } from './patterns.ts'

export interface MatchSubject {
  /** The host's name as far as it is known by now. */
  readonly host: string
  readonly originalHost: string
  readonly user: string
  readonly localUser: string
  readonly tag: string
  /** The configuration is read for the second time, with the host's final name. */
  readonly isFinal: boolean
}

export type MatchOutcome =
  /** `isNamed`: it says which hosts it is about. */
  | { readonly matches: boolean; readonly wantsFinal: boolean; readonly isNamed: boolean }
  /** A criterion that cannot be decided here, or that is none. */
  | { readonly unsupported: string }
  | { readonly malformed: string }

/** Criteria that ssh knows and that are not looked at here: they run commands, or look at the network. */
const UNSUPPORTED: ReadonlySet<string> = new Set([
  'exec',
  'localnetwork',
  'version',
  'command',
  'sessiontype',
])

const DECIDED: Readonly<Record<string, (subject: MatchSubject, pattern: string) => boolean>> = {
  host: ({ host }, pattern) => matchesHost(host, pattern),
  originalhost: ({ originalHost }, pattern) => matchesHost(originalHost, pattern),
  user: ({ user }, pattern) => matchesPatternList(user, pattern),
  localuser: ({ localUser }, pattern) => matchesPatternList(localUser, pattern),
  tagged: ({ tag }, pattern) => (tag === '' ? pattern === '' : matchesPatternList(tag, pattern)),
}

/** @param words those of the line after `Match` */
export function matchLine(words: readonly string[], subject: MatchSubject): MatchOutcome {
  let matches = true
  let wantsFinal = false
  let isNamed = false
  let count = 0
  for (let at = 0; at < words.length; at += 1) {
    const written = words[at] ?? ''
    const negated = written.startsWith('!')
    const [name = '', joined] = split(negated ? written.slice(1) : written)
    if (name === 'all') {
      // ssh lets one criterion stand before it: "Match final all" is what Red Hat begins with.
      if (count > 1 || at < words.length - 1) return { malformed: written }
      return { matches: matches && !negated, wantsFinal, isNamed }
    }
    count += 1
    if (name === 'canonical' || name === 'final') {
      if (name === 'final' && !negated) wantsFinal = true
      if (subject.isFinal === negated) matches = false
      continue
    }
    const decide = Object.hasOwn(DECIDED, name) ? DECIDED[name] : undefined
    if (decide === undefined && !UNSUPPORTED.has(name)) return { malformed: written }
    if (joined === undefined) at += 1
    const pattern = joined ?? words[at]
    if (pattern === undefined || (pattern === '' && name !== 'tagged')) return { malformed: written }
    if (name === 'host' || name === 'originalhost') isNamed ||= !negated && pattern !== '*'
    if (decide !== undefined) {
      if (decide(subject, pattern) === negated) matches = false
    } else if (matches) {
      // What is ruled out already needs no more deciding: ssh does not run the command then, either.
      return { unsupported: name }
    }
  }
  return count === 0 ? { malformed: '' } : { matches, wantsFinal, isNamed }
}

/** `host=pattern` stands for `host pattern`. */
function split(criterion: string): [string, string | undefined] {
  const at = criterion.indexOf('=')
  return at === -1
    ? [criterion.toLowerCase(), undefined]
    : [criterion.slice(0, at).toLowerCase(), criterion.slice(at + 1)]
}
