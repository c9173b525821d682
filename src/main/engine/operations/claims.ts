/** One works on a target at a time, on this console: from the moment that an operation is asked for until it is over. */
import type { OperationRecord } from './record.ts'
import { OperationRefused } from './refused.ts'

export interface Claims {
  /**
   * Claims a target for what is just beginning; what it answers with gives it back, when the operation is among those that are open.
   * @throws OperationRefused where something else is open on it
   */
  claim(deployment: string, scope: string | null, id: string): () => void
}

/** @param open the operations that are not over */
export function createClaims(open: () => Iterable<OperationRecord>): Claims {
  /** By deployment and scope: whoever is just beginning. */
  const beginning = new Map<string, string>()

  return {
    claim(deployment, scope, id) {
      if (scope === null) return () => {}
      const key = JSON.stringify([deployment, scope])
      const other = [...open()].find(
        (one) => one.deployment === deployment && one.scope === scope && one.id !== id,
      )
      const holder = other?.id ?? beginning.get(key)
      if (holder !== undefined) {
        const since = other?.createdAt ?? null
        throw new OperationRefused({
          ...{ kind: 'locked', scope, deployment },
          holder: { console: null, operation: holder, since, isLeft: false },
        })
      }
      beginning.set(key, id)
      return () => beginning.delete(key)
    },
  }
}
