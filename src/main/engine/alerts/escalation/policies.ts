/** The escalation policies: kept in `state.db`; a change holds for what is under way, too. */
import { EscalationPolicy } from '#shared/model/escalation.ts'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import { createDocuments, type Saved } from '../../store/documents.ts'
import type { Store } from '../../store/store.ts'

export interface Policies {
  /** In the order of their names, which is the order in which they are tried. */
  list(): readonly EscalationPolicy[]
  save(policy: EscalationPolicy, replaces: string | null): Promise<Saved>
  remove(name: string): Promise<boolean>
}

export async function createPolicies({
  store,
  clock,
  log,
  onChange,
}: {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly onChange: () => void
}): Promise<Policies> {
  const documents = await createDocuments({ store, clock, log, kind: 'policy', schema: EscalationPolicy })
  return {
    list: documents.all,
    async save(policy, replaces) {
      const outcome = await documents.save(policy, replaces)
      if (outcome === 'saved') onChange()
      return outcome
    },
    async remove(name) {
      const isGone = await documents.remove(name)
      if (isGone) onChange()
      return isGone
    },
  }
}
