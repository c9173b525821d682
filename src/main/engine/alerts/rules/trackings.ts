/** What rules remember between two looks, by deployment and thing; only of what is, or was just now, true. */
import type { Tracking } from './evaluate.ts'

export interface Tracked {
  readonly tracking: Tracking
  /** The newest look told something of it. */
  readonly isKnown: boolean
  /** Looks in a row in which a thing with labels was not among those that were seen. */
  readonly missing: number
}

export interface Trackings {
  of(deployment: string): Map<string, Tracked>
  forget(deployment: string, key: string): void
  forgetAll(deployment: string): void
}

export function createTrackings(): Trackings {
  const byDeployment = new Map<string, Map<string, Tracked>>()
  return {
    of(deployment) {
      const known = byDeployment.get(deployment)
      if (known !== undefined) return known
      const fresh = new Map<string, Tracked>()
      byDeployment.set(deployment, fresh)
      return fresh
    },
    forget: (deployment, key) => void byDeployment.get(deployment)?.delete(key),
    forgetAll: (deployment) => void byDeployment.delete(deployment),
  }
}

/** What tells a thing apart within its deployment. */
export function keyOf(rule: string, probe: string | null, target: string | null, labels: string): string {
  return `${rule}\n${probe ?? ''}/${target ?? ''}\n${labels}`
}

/** What `keyOf` put together, but for the labels. */
export function partsOf(key: string): { rule: string; probe: string; target: string } {
  const [rule = '', thing = ''] = key.split('\n')
  const slash = thing.indexOf('/')
  return { rule, probe: thing.slice(0, slash), target: thing.slice(slash + 1) }
}
