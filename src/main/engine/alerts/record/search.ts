/** Looks through what is on record, a batch at a time and no further than a bound, for alerts that fit (decision 37). */
import type { Alert } from '#shared/model/alert.ts'
import { inTurns } from '../../in-turns.ts'
import type { AlertQuery } from './alert-store.ts'

/** Read at once: their rows are a matter of milliseconds. */
const BATCH = 500
/** Looked at for one answer. */
export const MOST_LOOKED_AT = 10_000

export interface AlertsFound {
  /** Newest first. */
  readonly alerts: readonly Alert[]
  /** Where to go on; `null`: all of them were looked at. */
  readonly next: AlertQuery['before']
}

/**
 * @param read a batch of what is on record, as the query says
 * @param fits for one of them, in microseconds
 */
export async function search(
  read: (query: AlertQuery) => Promise<AlertsFound>,
  query: AlertQuery,
  fits: (alert: Alert) => boolean,
): Promise<AlertsFound> {
  const alerts: Alert[] = []
  let { before } = query
  // As many as are asked for, and one that tells whether there are more: enough where nothing is looked for.
  let size = Math.min(BATCH, query.limit + 1)
  for (let looked = 0; looked < MOST_LOOKED_AT; size = BATCH) {
    const batch = await read({ ...query, before, limit: size })
    const fitting = await inTurns(batch.alerts, fits)
    for (const [index, alert] of batch.alerts.entries()) {
      if (alerts.length === query.limit) return { alerts, next: before }
      if (fitting[index] === true) alerts.push(alert)
      before = { since: alert.since, id: alert.id }
    }
    before = batch.next
    if (before === null) break
    looked += size
  }
  return { alerts, next: before }
}
