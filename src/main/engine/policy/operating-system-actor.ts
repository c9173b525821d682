/** Whoever sits at this machine, in the account that the process runs in: an administrator of its console. */
import { userInfo } from 'node:os'
import type { Actor } from './actor.ts'

export function operatingSystemActor(via: Actor['via']): Actor {
  const name = accountName()
  return { id: `os:${name}`, name, role: 'ADMIN', via }
}

/** In a container the account often has a number alone, and no entry in the list of users. */
function accountName(): string {
  try {
    return userInfo().username
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`
  }
}
