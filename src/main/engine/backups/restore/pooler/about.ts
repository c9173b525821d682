/** What a plan says of the poolers before a database: which pools wait, and which of their clients are cut off all the same. Pure. */
import type { Reason } from '#shared/model/reason.ts'
import { becauseOf, type SeenPooler } from './pausing.ts'

export function aboutPools(
  database: string,
  poolers: readonly SeenPooler[],
): { changes: Reason[]; warnings: Reason[] } {
  const each = poolers.map(({ admin: { name: pooler }, failure, pools, boundMs }) => {
    const those = (which: (pool: (typeof pools)[number]) => boolean) =>
      pools
        .filter(which)
        .map(({ name, clients }) => `${name} (${clients})`)
        .join(', ')
    const pausable = those(({ isPaused, isOfSessions }) => !isPaused && !isOfSessions)
    const ofSessions = those(({ isPaused, isOfSessions }) => !isPaused && isOfSessions)
    const paused = those(({ isPaused }) => isPaused)
    const say = (code: string, names: string): Reason[] =>
      names === '' ? [] : [{ code, params: { pooler, pools: names, seconds: boundMs / 1_000 } }]
    const unseen: Reason[] =
      failure === null
        ? pools.length === 0
          ? [{ code: 'restore-pool-none', params: { pooler, database } }]
          : []
        : [{ code: 'restore-pool-not-asked', params: { ...becauseOf(failure), pooler } }]
    return {
      changes: say('restore-pauses', pausable),
      warnings: [
        ...say('restore-pool-of-sessions', ofSessions),
        ...say('restore-pool-paused', paused),
        ...unseen,
      ],
    }
  })
  return {
    changes: each.flatMap(({ changes }) => changes),
    warnings: each.flatMap(({ warnings }) => warnings),
  }
}
