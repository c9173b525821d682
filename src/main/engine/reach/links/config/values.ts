/** What the values of supported keywords may be: ssh_config(5), and readconf.c where that says more. */
import type { Jump } from './jumps.ts'

/** A value and the place in the configuration where it stands: `~/.ssh/config:12`, for people. */
export interface Found<T> {
  readonly value: T
  readonly where: string
}

/** What was found for one host, as it is written; the first of each keyword, and all of the two that add up. */
export interface Findings {
  /** By keyword, in lower case: its words. */
  readonly first: Map<string, Found<readonly string[]>>
  readonly identityFiles: Found<string>[]
  readonly certificateFiles: Found<string>[]
  /** `[]`: none, said so. `null`: nothing was said. */
  jumps: Found<readonly Jump[]> | null
  proxyCommand: Found<string> | null
  /** A block that is about this host, and not about all, was among what was read. */
  isNamed: boolean
  /** Those that were read. */
  readonly files: Set<string>
}

const FLAG = ['yes', 'true', 'no', 'false'] as const

const isOneOf =
  (...values: readonly string[]) =>
  (word: string): boolean =>
    values.includes(word.toLowerCase())
const isText = (): boolean => true
const isWhole = (word: string): boolean => /^-?\d{1,10}$/.test(word)

/** The supported keywords with one value, and whether a word may be it. */
export const SINGLE_VALUES: Readonly<Record<string, (word: string) => boolean>> = {
  tag: isText,
  hostname: isText,
  port: (word) => portOf(word) !== null,
  user: isText,
  addressfamily: isOneOf('any', 'inet', 'inet6'),
  bindaddress: isText,
  connecttimeout: (word) => secondsOf(word) !== null,
  hostkeyalias: isText,
  stricthostkeychecking: isOneOf(...FLAG, 'ask', 'off', 'accept-new'),
  hostkeyalgorithms: isText,
  identityfile: isText,
  certificatefile: isText,
  identitiesonly: isOneOf(...FLAG),
  identityagent: isText,
  pubkeyauthentication: isOneOf(...FLAG, 'unbound', 'host-bound'),
  pubkeyacceptedalgorithms: isText,
  passwordauthentication: isOneOf(...FLAG),
  kbdinteractiveauthentication: isOneOf(...FLAG),
  preferredauthentications: isText,
  batchmode: isOneOf(...FLAG),
  serveraliveinterval: (word) => secondsOf(word) !== null,
  serveralivecountmax: isWhole,
  ciphers: isText,
  macs: isText,
  kexalgorithms: isText,
  ignoreunknown: isText,
  refuseconnection: isText,
}

/** Those whose value is a time. */
export const TIMES: ReadonlySet<string> = new Set(['connecttimeout', 'serveraliveinterval'])

/** The supported keywords with a list for a value; `none` stands alone. */
export const LISTS: ReadonlySet<string> = new Set(['userknownhostsfile', 'globalknownhostsfile'])

export function isYes(word: string): boolean {
  return word.toLowerCase() === 'yes' || word.toLowerCase() === 'true'
}

export function isNo(word: string): boolean {
  return word.toLowerCase() === 'no' || word.toLowerCase() === 'false'
}

/** A port by its number, or by the name of ours; `null` where it is none. */
export function portOf(word: string): number | null {
  if (word === 'ssh') return 22
  const port = /^\d{1,5}$/.test(word) ? Number(word) : 0
  return port >= 1 && port <= 65_535 ? port : null
}

const UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 }
const SECONDS_MAX = 2 ** 31 - 1

/** sshd_config(5), "TIME FORMATS": `90`, `1m30s`; 0 for `none`; `null` where it is no time. */
export function secondsOf(word: string): number | null {
  if (word === 'none') return 0
  if (!/^(\d+[smhdw]?)+$/i.test(word)) return null
  let seconds = 0
  for (const [, count = '', unit = ''] of word.matchAll(/(\d+)([smhdw]?)/gi)) {
    seconds += Number(count) * (UNITS[unit.toLowerCase()] ?? 1)
  }
  return seconds <= SECONDS_MAX ? seconds : null
}
