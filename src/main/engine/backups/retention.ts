/** Which backups have to go once a newer one is known to be good. Pure. */
import type { Backup } from '#shared/model/backup.ts'
import type { Backups as Wanted } from '#shared/model/profile/backups.ts'
import { isGood } from './standing.ts'

const DAY_MS = 86_400_000

/**
 * What stays is what either of the terms keeps. Never among what goes: the newest good one and the newest proven one, what another console made, and what is newer
 * than the newest good one, and what was registered. Partial ones are counted by themselves; what is faulty keeps nothing else from going, and stays no longer than what is good.
 * @param backups of one deployment and one place
 * @param held what restores stand on
 */
export function surplus(
  backups: readonly Backup[],
  keep: Wanted['keep'],
  now: number,
  held: { has(id: string): boolean },
): Backup[] {
  if (keep === undefined) return []
  const newestFirst = backups
    .filter(({ signedBy, foreign }) => signedBy === 'this-console' && foreign === null)
    .toSorted((one, other) => other.startedAt - one.startedAt)
  const good = newestFirst.filter(isGood)
  const [newest] = good
  if (newest === undefined) return []
  const proven = newestFirst.find(({ state, problem }) => state === 'proven' && problem === null)
  const kept = new Set([
    ...[newest.id, proven?.id],
    ...(keep.last === undefined ? [] : good.slice(0, keep.last).map(({ id }) => id)),
    ...(keep.last === undefined
      ? []
      : newestFirst
          .filter(({ partial, problem }) => partial && problem === null)
          .slice(0, keep.last)
          .map(({ id }) => id)),
  ])
  const since = keep.days === undefined ? Number.POSITIVE_INFINITY : now - keep.days * DAY_MS
  const oldestKept = good.filter(({ id, startedAt }) => kept.has(id) || startedAt >= since).at(-1)
  return newestFirst.filter(({ id, startedAt, problem }) => {
    if (kept.has(id) || held.has(id) || startedAt >= since || startedAt >= newest.startedAt) return false
    return problem === null || startedAt < (oldestKept ?? newest).startedAt
  })
}
