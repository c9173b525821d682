/** Edits of what is watched: which parts of a profile, never their values. */
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import type { Reason } from '#shared/model/reason.ts'
import type { EventCode } from '#shared/model/timeline.ts'
import type { Draft } from '../draft.ts'

export interface Edited {
  readonly profile: DeploymentProfile
  readonly paused: boolean
}

/** As many parts as a line has room for. */
const NAMED = 6

export function watchProfile(before: Edited | null, after: Edited | null, now: number): Draft[] {
  const event = (code: EventCode, params: Reason['params'] = {}): Draft => {
    return { at: now, kind: 'profile', probe: null, target: null, reason: { code, params }, status: null }
  }
  if (after === null) return before === null ? [] : [event('profile-removed')]
  if (before === null) return [event('profile-added')]
  const parts = partsThatDiffer(before.profile, after.profile)
  const shown = [...parts.slice(0, NAMED), ...(parts.length > NAMED ? ['…'] : [])].join(', ')
  return [
    ...(parts.length > 0 ? [event('profile-edited', { parts: shown })] : []),
    ...(before.paused === after.paused ? [] : [event(after.paused ? 'profile-paused' : 'profile-resumed')]),
  ]
}

/** Parts of a profile as YAML names them, two levels deep: `postgres.url`, `services.api`. */
function partsThatDiffer(before: DeploymentProfile, after: DeploymentProfile): string[] {
  const [old, now] = [parts(before), parts(after)]
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((part) => old.get(part) !== now.get(part))
    .toSorted()
}

function parts(profile: DeploymentProfile): Map<string, string> {
  return new Map(
    Object.entries(profile).flatMap(([key, value]: [string, unknown]) => {
      if (typeof value !== 'object' || value === null) return [[key, JSON.stringify(value)] as const]
      return Object.entries(value).map(([inner, part]: [string, unknown]) => {
        return [`${key}.${Array.isArray(value) ? nameOf(part, inner) : inner}`, JSON.stringify(part)] as const
      })
    }),
  )
}

function nameOf(part: unknown, otherwise: string): string {
  const name: unknown = typeof part === 'object' && part !== null ? Reflect.get(part, 'name') : undefined
  return typeof name === 'string' ? name : otherwise
}
