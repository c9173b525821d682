/**
 * What a watch that ended may have left at its PostgreSQL: told to the one that takes its place when a deployment is edited or
 * its watch resumed, so that both together are not more than two there.
 */
import type { PostgresServer } from '#shared/model/profile/postgres-url.ts'
import type { ReachError } from '../reach.ts'
import type { Backend } from './introduce.ts'

export interface Leftover {
  readonly backend: Backend | null
  readonly server: PostgresServer
  /** When the server must have ended it by itself; monotonic. */
  readonly goneAt: number
  readonly hung: ReachError | null
}

/** By deployment. */
export interface Leftovers {
  /** They are the taker's from then on. */
  take(deployment: string): readonly Leftover[]
  leave(deployment: string, leftovers: readonly Leftover[]): void
}

export function createLeftovers(): Leftovers {
  const kept = new Map<string, readonly Leftover[]>()
  return {
    take(deployment) {
      const taken = kept.get(deployment) ?? []
      kept.delete(deployment)
      return taken
    },
    leave(deployment, leftovers) {
      if (leftovers.length > 0) kept.set(deployment, leftovers)
    },
  }
}
