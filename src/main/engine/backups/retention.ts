/** Which backups have to go once a newer one is known to be good. Pure. */
import type { Backup } from '#shared/model/backup.ts'
import type { Backups as Wanted } from '#shared/model/profile/backups.ts'
import { counts, isDatedAhead } from './standing.ts'

const DAY_MS = 86_400_000

/**
 * What stays is what either of the terms keeps. Never among what goes: the newest good one, the newest that was read back and the newest proven one, what another console made, and what is newer
 * than the newest good one, and what was registered. Partial ones are counted by themselves; what is faulty keeps nothing else from going, and stays no longer than what is good.
 * What a clock that was ahead dated keeps nothing else from going either, and stays until its date has come.
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
  const good = newestFirst.filter((one) => counts(one, now))
  const [newest, before] = good
  if (newest === undefined) return []
  const proven = newestFirst.find(
    (one) => one.state === 'proven' && one.problem === null && !isDatedAhead(one, now),
  )
  const verified = good.find(({ state }) => state !== 'complete')
  const kept = new Set([
    ...[newest.id, verified?.id, proven?.id],
    ...(keep.last === undefined ? [] : good.slice(0, keep.last).map(({ id }) => id)),
    ...(keep.last === undefined
      ? []
      : newestFirst
          .filter(({ partial, problem }) => partial && problem === null)
          .slice(0, keep.last)
          .map(({ id }) => id)),
  ])
  const since = keep.days === undefined ? Number.POSITIVE_INFINITY : beginOf(keep.days, now, before)
  const oldestKept = good.filter(({ id, startedAt }) => kept.has(id) || startedAt >= since).at(-1)
  return newestFirst.filter(({ id, startedAt, problem }) => {
    if (kept.has(id) || held.has(id) || startedAt >= since || startedAt >= newest.startedAt) return false
    return problem === null || startedAt < (oldestKept ?? newest).startedAt
  })
}

/**
 * From when on the term of days keeps. Where it would keep nothing but the newest, the clock is ahead or nothing was made for long: then the days are those up
 * to the one before, so that one look at a wrong clock does not cost everything.
 */
function beginOf(days: number, now: number, before: Backup | undefined): number {
  const since = now - days * DAY_MS
  return before === undefined || before.startedAt >= since ? since : before.startedAt - days * DAY_MS
}
