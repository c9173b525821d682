/** Destinations as ssh takes them: `[user@]host[:port]` and `ssh://[user@]host[:port]`; in `ProxyJump` a list of them. */
import { portOf } from './values.ts'

export interface Jump {
  readonly user: string | null
  readonly host: string
  readonly port: number | null
}

/** The hosts to be passed, the first to be passed first; `[]` for `none`, `null` where that is no list of hosts. */
export function parseJumps(text: string): readonly Jump[] | null {
  if (text.toLowerCase() === 'none') return []
  const list = text.replace(/#.*$/, '').trimEnd()
  const jumps = list.split(',').map(parseJump)
  return jumps.includes(null) ? null : jumps.filter((jump) => jump !== null)
}

function parseJump(text: string): Jump | null {
  return text.startsWith('ssh://') ? parseUri(text.slice('ssh://'.length)) : parseAddress(text)
}

/** What `ssh NAME` takes: a URI, or `[user@]host`, in which a colon is part of an IPv6 address. */
export function parseDestination(text: string): Jump | null {
  if (text.startsWith('ssh://')) return parseUri(text.slice('ssh://'.length))
  const at = text.lastIndexOf('@')
  if (at === 0 || at === text.length - 1) return null
  return { user: at === -1 ? null : text.slice(0, at), host: text.slice(at + 1), port: null }
}

function parseUri(text: string): Jump | null {
  const at = text.indexOf('@')
  // Connection parameters after the user ("ops;fingerprint=…") are passed over, as ssh does.
  const user = at === -1 ? null : decoded(text.slice(0, at).replace(/;.*$/, ''))
  if (user === '') return null
  const rest = parseAddress(text.slice(at + 1).replace(/\/$/, ''))
  return rest === null || rest.user !== null ? null : { ...rest, user }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

function parseAddress(text: string): Jump | null {
  const at = text.lastIndexOf('@')
  if (at === 0) return null
  const [, bracketed, plain, , digits] =
    /^(?:\[([^\]]+)\]|([^:/[\]]+))([:/](.*))?$/.exec(text.slice(at + 1)) ?? []
  const host = bracketed ?? plain
  if (host === undefined || !isValidHost(host)) return null
  const port = digits === undefined || digits === '' ? null : portOf(digits)
  if (port === null && digits !== undefined && digits !== '') return null
  const user = at === -1 ? null : text.slice(0, at)
  return user !== null && !isValidUser(user) ? null : { user, host, port }
}

// Both as in readconf.c, which guards the shell of ProxyCommand from what stands for %h, %n and %r.

export function isValidHost(host: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is ruled out
  return host !== '' && !host.startsWith('-') && !/['`"$\\;&<>|(){},\s\u0000-\u001f\u007f]/.test(host)
}

export function isValidUser(user: string): boolean {
  return (
    user !== '' &&
    !user.startsWith('-') &&
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is ruled out
    !/['`";&<>|(){}\u0000-\u001f\u007f]|\s-|\\$/.test(user)
  )
}
