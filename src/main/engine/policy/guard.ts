/**
 * The guard before everything that changes a deployment: who may, whether anything may be changed there at all, and whether it was confirmed. Pure.
 */

import type { Effect, Role } from '#shared/catalogue/roles.ts'
import type { Environment } from '#shared/model/profile/deployment.ts'
import { roleSuffices } from './authorize.ts'

export interface Asked {
  readonly role: Role
  readonly effect: Effect
  readonly deployment: string
  readonly environment: Environment
  /** What allows no change; `null`: nothing. */
  readonly readOnly: 'deployment' | 'console' | null
  /** What was typed to confirm it; `null`: nothing. */
  readonly confirm: string | null
  /** This actor confirmed something of this deployment a short while ago. */
  readonly isUnlocked: boolean
}

export type Verdict =
  /** `unlocks`: it was confirmed just now, which holds for a while. */
  | { readonly kind: 'allowed'; readonly unlocks: boolean }
  | { readonly kind: 'refused'; readonly reason: 'role' | 'deployment-read-only' | 'console-read-only' }
  /** The deployment's name is to be typed. */
  | { readonly kind: 'confirm'; readonly reason: 'missing' | 'mismatch' }

/** Who may run operations at all. */
export const OPERATES: Role = 'OPERATOR'

export function guard({
  role,
  effect,
  deployment,
  environment,
  readOnly,
  confirm,
  isUnlocked,
}: Asked): Verdict {
  if (!roleSuffices(role, OPERATES)) return { kind: 'refused', reason: 'role' }
  if (effect === 'reads') return { kind: 'allowed', unlocks: false }
  if (readOnly !== null) return { kind: 'refused', reason: `${readOnly}-read-only` }
  if (environment !== 'production') return { kind: 'allowed', unlocks: false }
  // What was typed wrong was not meant, also while it is unlocked.
  if (confirm !== null) {
    return confirm === deployment
      ? { kind: 'allowed', unlocks: true }
      : { kind: 'confirm', reason: 'mismatch' }
  }
  if (effect === 'writes' && isUnlocked) return { kind: 'allowed', unlocks: false }
  return { kind: 'confirm', reason: 'missing' }
}
