/** PostgreSQL refuses to run as root; where we are root it runs as somebody else. */
import { execFileSync } from 'node:child_process'

export interface Owner {
  readonly uid: number
  readonly gid: number
}

/** `postgres`, else `nobody`, where this process is root; `undefined` (ourselves) elsewhere. */
export function unprivilegedOwner(): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined
  for (const name of ['postgres', 'nobody']) {
    try {
      return { uid: id('-u', name), gid: id('-g', name) }
    } catch {}
  }
  throw new Error('PostgreSQL does not run as root, and there is neither a user "postgres" nor "nobody"')
}

function id(option: string, name: string): number {
  return Number(execFileSync('id', [option, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
}
