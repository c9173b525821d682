/**
 * Where the files of SSH lie on a machine, and what the paths in its configuration mean there: with `/` everywhere, and on
 * Windows with `\`, drives, shares and the pipes of agents as well. Pure.
 */
import { posix, win32 } from 'node:path'
import type { Machine } from '../../machine.ts'

type Home = Pick<Machine, 'home' | 'platform'>

/** A path below a directory. It is not tidied up: what ssh would say of it is what people look for. */
export function below(directory: string, path: string, { platform }: Pick<Machine, 'platform'>): string {
  const separator = platform === 'win32' && directory.includes('\\') ? '\\' : '/'
  const base = platform === 'win32' ? directory.replace(/[\\/]$/, '') : directory.replace(/\/$/, '')
  return `${base}${separator}${path}`
}

/** The user's own directory of SSH. */
export function userDirectory(machine: Home): string {
  return below(machine.home, '.ssh', machine)
}

/** Where OpenSSH keeps what counts for every user of this machine. */
export function machineDirectory({ platform, env, sshDirectory }: Machine): string {
  if (sshDirectory !== undefined) return sshDirectory
  return platform === 'win32' ? `${env.ProgramData ?? 'C:\\ProgramData'}\\ssh` : '/etc/ssh'
}

/** `~` and `~/…`; `null` for another user's home, which is not known. */
export function expandTilde(path: string, machine: Home): string | null {
  if (!path.startsWith('~')) return path
  const [, separators, rest = ''] =
    (machine.platform === 'win32' ? /^~([\\/]*)(.*)$/s : /^~(\/*)(.*)$/s).exec(path) ?? []
  if (rest === '') return machine.home
  return separators === '' ? null : below(machine.home, rest, machine)
}

/**
 * A path of `Include` as ssh reads it: what is not absolute lies beside the configuration that it belongs to.
 * @returns `null` for a home that is not known, or that a file for everybody cannot mean
 */
export function anchored(path: string, owner: 'user' | 'machine', machine: Machine): string | null {
  if (path.startsWith('~')) return owner === 'user' ? expandTilde(path, machine) : null
  if ((machine.platform === 'win32' ? win32 : posix).isAbsolute(path)) return path
  return below(owner === 'user' ? userDirectory(machine) : machineDirectory(machine), path, machine)
}

/** A pattern of paths from one directory to the next. Only where `\` separates none can it take a wildcard's meaning away. */
export function segmentsOf(pattern: string, { platform }: Pick<Machine, 'platform'>): string[] {
  return pattern.split(platform === 'win32' ? /[\\/]/ : '/')
}

/** The pipe of an agent as Windows knows it: of two `\` at its beginning ssh's reader of the configuration leaves one. */
export function agentPath(path: string, { platform }: Pick<Machine, 'platform'>): string {
  return platform === 'win32' ? path.replace(/^\\\.\\pipe\\/i, '\\\\.\\pipe\\') : path
}
