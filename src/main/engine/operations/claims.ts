/** One works on a target at a time, on this console: from the moment that an operation is asked for until it is over; and one acts on an operation at a time. */
import type { OperationRecord } from './record.ts'
import { OperationRefused } from './refused.ts'

export interface Claims {
  /**
   * Claims an operation and its target for what is just beginning, or is asked of it; what it answers with gives them back, when that is among those that are
   * open, or under way.
   * @throws OperationRefused where something else is open on the target, or the operation is claimed
   */
  claim(deployment: string, scope: string | null, id: string, options?: OperationOptions): () => void
  /** What is claimed: it holds a deployment as what is open does. */
  claimed(): Iterable<Claimed>
}

type Claimed = Pick<OperationRecord, 'id' | 'deployment' | 'options'>
type OperationOptions = OperationRecord['options']

/** @param open the operations that are not over */
export function createClaims(open: () => Iterable<OperationRecord>): Claims {
  /** By deployment and scope: whoever is just beginning. */
  const beginning = new Map<string, string>()
  const claimed = new Map<string, Claimed>()

  return {
    claimed: () => claimed.values(),
    claim(deployment, scope, id, options = {}) {
      if (claimed.has(id)) throw new OperationRefused({ kind: 'state', reason: 'not-waiting' })
      const key = scope === null ? null : JSON.stringify([deployment, scope])
      const other = [...open()].find(
        (one) => scope !== null && one.deployment === deployment && one.scope === scope && one.id !== id,
      )
      const holder = other?.id ?? (key === null ? undefined : beginning.get(key))
      if (scope !== null && holder !== undefined) {
        const since = other?.createdAt ?? null
        throw new OperationRefused({
          ...{ kind: 'locked', scope, deployment },
          holder: { console: null, operation: holder, since, isLeft: false },
        })
      }
      claimed.set(id, { id, deployment, options })
      if (key !== null) beginning.set(key, id)
      return () => {
        claimed.delete(id)
        if (key !== null) beginning.delete(key)
      }
    },
  }
}
