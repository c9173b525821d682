/**
 * The way over SSH as people say it: `user@host`, `ssh -J a,b user@host -p 2222`, `ssh://user@host:port`, an alias. The
 * hops are entered as `ssh` itself would enter them on this machine, with its configuration, keys and agent.
 */
import type { SshHop } from '#shared/model/profile/ssh.ts'
import { commandOptions, shellWords } from './shell-words.ts'
import { note, type Sketch } from './sketch.ts'

/** Letters of `ssh` that take a value (its manual page, synopsis). */
const WITH_VALUE = new Set([...'BbcDEeFIiJLlmOoPpQRSWw'])
const DESTINATION = /^(?:ssh:\/\/)?(?:([^@\s:/]+)@)?(\[[0-9a-fA-F:.%]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?\/?$/

/** Whether a line is a command of `ssh`, or a login of the shape that only `ssh` takes. */
export function isSshLine(line: string): boolean {
  return /^(?:\$\s+)?(?:ssh|mosh|autossh)\s/.test(line) || /^ssh:\/\//.test(line) || isLogin(line)
}

/** `user@host`: a mail address looks the same, and nobody pastes one of those here. */
function isLogin(line: string): boolean {
  return /^[A-Za-z0-9._-]+@[A-Za-z0-9._-]+(?::\d+)?$/.test(line)
}

/** Reads a line; what it does not understand is noted. */
export function readSshLine(sketch: Sketch, line: string, at: number | null): void {
  const words = shellWords(line.replace(/^\$\s+/, ''))
  if (/^(ssh|mosh|autossh)$/.test(words[0] ?? '')) words.shift()
  const { options, operands } = commandOptions(words, WITH_VALUE)
  const settings = new Map<string, string>()
  const forwards: string[] = []
  let jumps = ''
  let key: string | null = null
  for (const [name, value] of options) {
    if (name === 'J') jumps = value
    else if (name === 'p') settings.set('port', value)
    else if (name === 'l') settings.set('user', value)
    else if (name === 'i') key = value
    else if (name === 'F') sketch.sshConfig = value
    else if (name === 'o') readSetting(value)
    else if ('LRD'.includes(name)) forwards.push(`-${name}`)
  }
  const [destination] = operands
  const last = destination === undefined ? null : hopOf(destination)
  if (last === null) {
    note(sketch, 'look', 'ssh-unreadable', {}, at)
    return
  }
  const before = jumps.split(',').filter((jump) => jump !== '' && jump !== 'none')
  const hops = before.map(hopOf)
  if (hops.some((hop) => hop === null)) {
    note(sketch, 'look', 'ssh-jumps-unreadable', {}, at)
    return
  }
  const port = Number(settings.get('port') ?? last.port ?? Number.NaN)
  const user = settings.get('user') ?? last.user
  sketch.kinds.add('ssh')
  sketch.hops.push(...hops.filter((hop) => hop !== null), {
    alias: last.alias ?? '',
    ...(Number.isInteger(port) && port >= 1 && port <= 65_535 ? { port } : {}),
    ...(user === undefined ? {} : { user }),
    ...(key === null ? {} : { key: `file:${key}` }),
  })
  note(sketch, 'found', 'ssh-as-ssh-does', { host: last.alias ?? '' }, at)
  if (forwards.length > 0) note(sketch, 'found', 'ssh-forwards', { options: forwards.join(', ') }, at)

  function readSetting(text: string) {
    const [, name = '', value = ''] = /^\s*(\w+)\s*[=\s]\s*(.*)$/.exec(text) ?? []
    const known = name.toLowerCase()
    if (known === 'port' || known === 'user') settings.set(known, value)
    if (known === 'proxyjump') jumps = value
    if (known === 'identityfile') key = value
  }
}

function hopOf(text: string): SshHop | null {
  const [, user, host, port] = DESTINATION.exec(text.trim()) ?? []
  if (host === undefined) return null
  const number = port === undefined ? null : Number(port)
  if (number !== null && (number < 1 || number > 65_535)) return null
  return {
    alias: host.replace(/^\[|\]$/g, ''),
    ...(number === null ? {} : { port: number }),
    ...(user === undefined ? {} : { user }),
  }
}
