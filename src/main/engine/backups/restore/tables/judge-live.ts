/** Why no other rows would be put into tables that are there. Pure. */
import type { Reason } from '#shared/model/reason.ts'
import type { ForeignKey, LiveTable } from './live.ts'
import { inWords } from './names.ts'

/** @param now a table that is there, whatever it is */
export function judgeLive(now: LiveTable): Reason[] {
  const params = { table: inWords(now) }
  const { kind, owner, lacks } = now
  // Its rows are in its partitions.
  if (kind === 'p')
    return now.owned ? [] : [{ code: 'restore-tables-not-owner', params: { ...params, owner } }]
  if (kind !== 'r') return [{ code: 'restore-tables-no-table', params }]
  if (now.inherits) return [{ code: 'restore-tables-inherits', params }]
  if (now.rules) return [{ code: 'restore-tables-rules', params }]
  if (!now.owned) return [{ code: 'restore-tables-not-owner', params: { ...params, owner } }]
  if (now.hidden) return [{ code: 'restore-tables-hidden', params }]
  if (!now.givable) return [{ code: 'restore-tables-not-givable', params: { ...params, owner } }]
  if (lacks.length > 0)
    return [
      {
        code: 'restore-tables-owner-lacks',
        params: { ...params, owner, grants: lacks.map((one) => `GRANT ${one} TO "${owner}";`).join(' ') },
      },
    ]
  return judgeDeletes(now)
}

/** Why nobody would get rows out of it that are there. */
export function judgeDeletes(now: LiveTable): Reason[] {
  if (now.undeletable.length === 0) return []
  const params = { table: inWords(now), publications: now.undeletable.join(', ') }
  return [{ code: 'restore-tables-undeletable', params }]
}

/** @param keys that are taken off and put back @param calling those of them for which a function of somebody would be called */
export function judgeKeys(keys: readonly ForeignKey[], calling: readonly ForeignKey[]): Reason[] {
  return keys.flatMap((key): Reason[] => {
    const { name, from, to, parent } = key
    const params = { constraint: name, table: inWords(from), owner: from.owner }
    // It is the key of the table that this one is a partition of, and cannot be taken off here alone.
    if (parent !== 0) return [{ code: 'restore-tables-partition-referred', params }]
    if (!from.owned) return [{ code: 'restore-tables-not-owner', params }]
    if (!calling.includes(key)) return []
    return [
      {
        code: 'restore-tables-key-called',
        params: { constraint: name, from: inWords(from), to: inWords(to) },
      },
    ]
  })
}
