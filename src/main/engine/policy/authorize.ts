/** Who may do what: a pure decision with its reason. */
import { type Effect, ROLES, type Role } from '#shared/catalogue/roles.ts'
import type { Actor } from './actor.ts'

export interface Action {
  readonly name: string
  /** The least role that may do it. */
  readonly role: Role
  readonly effect: Effect
}

export type Decision = { readonly allowed: true } | { readonly allowed: false; readonly reason: string }

/** Whether `role` may do what needs at least `least`. */
export function roleSuffices(role: Role, least: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(least)
}

export function authorize(actor: Actor, action: Action): Decision {
  if (roleSuffices(actor.role, action.role)) return { allowed: true }
  return {
    allowed: false,
    reason: `${action.name} needs the role ${action.role}; ${actor.name} has ${actor.role}`,
  }
}
