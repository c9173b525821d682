/** An alert as it was within a stretch of time, however often it came back since. Pure. */
import type { Alert } from '#shared/model/alert.ts'
import { type AlertRecord, Episode, shown } from '../records.ts'

/**
 * From its first time within to its last one; `null`: it did not fire then.
 * @param from milliseconds since the epoch, as `to`, which is not within
 */
export function within(
  record: AlertRecord,
  { from, to }: { readonly from: number; readonly to: number },
): Alert | null {
  const all = [...record.past, Episode.parse(record)]
  const fired = all.filter(({ since, endedAt }) => since < to && (endedAt === null || endedAt >= from))
  const [first] = fired
  const last = fired.at(-1)
  if (first === undefined || last === undefined) return null
  const { acknowledgedBy, acknowledgedAt, note } =
    fired.findLast((one) => one.acknowledgedAt !== null) ?? last
  // Those that are not kept any more were before all that are.
  const lost = fired.length === all.length ? record.reopened - record.past.length : 0
  return {
    ...shown(record),
    ...{ acknowledgedBy, acknowledgedAt, note, since: first.since, endedAt: last.endedAt },
    ...{ ending: last.ending, resolvedBy: last.resolvedBy },
    state: last.endedAt === null ? record.state : 'resolved',
    reopened: fired.length - 1 + lost,
  }
}
