/** Somebody: everyone who is let in is an actor with a role. */
import type { Role } from '#shared/catalogue/roles.ts'

export interface Actor {
  /** Stable identity for the audit: `token:admin`, `os:anna`, `session:…`. */
  readonly id: string
  readonly name: string
  readonly role: Role
  /** How the actor came in. */
  readonly via: 'electron' | 'web' | 'token' | 'command-line' | 'engine'
}
