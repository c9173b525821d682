/** What is on record of alerts, each as it is now: what memory has is newer than what was written. */
import type { Alert } from '#shared/model/alert.ts'
import { inTurns } from '../../in-turns.ts'
import type { Alerts } from '../alerts.ts'
import type { Book } from '../book.ts'
import { type AlertRecord, isOver, shown } from '../records.ts'
import type { AlertQuery, AlertStore } from './alert-store.ts'
import { condensed } from './condense.ts'
import { within } from './episodes.ts'
import type { Ledger } from './ledger.ts'
import { type AlertsFound, search } from './search.ts'

/** Between two times that they are condensed. */
const MOST_TRACE_ENTRIES = 5_000
const MOST_OF_INCIDENT = 300

export interface RecordedOptions {
  readonly book: Pick<Book, 'byId' | 'incident' | 'alertsIn'>
  readonly ledger: Pick<Ledger, 'flush'>
  readonly records: AlertStore
}

type Recorded = Pick<
  Alerts,
  'history' | 'search' | 'within' | 'counted' | 'alert' | 'incident' | 'openOf' | 'trace'
>

export function createRecorded({ book, ledger, records }: RecordedOptions): Recorded {
  const asItIs = (record: AlertRecord): Alert => shown(book.byId(record.id) ?? record)
  /** With what is not written yet, where the disk takes it; else without. */
  const written = () => ledger.flush().catch(() => {})

  async function read(query: AlertQuery): Promise<AlertsFound> {
    const { records: found, next } = await records.history(query)
    return { alerts: await inTurns(found, asItIs), next }
  }

  return {
    async history(query) {
      await written()
      return [...(await read(query)).alerts]
    },
    async search(query, fits) {
      await written()
      return search(read, query, fits)
    },
    async within(period) {
      await written()
      const found = await records.within(period)
      const fired = await inTurns(found, (record) => within(book.byId(record.id) ?? record, period))
      return fired.filter((alert) => alert !== null)
    },
    async counted(query) {
      await written()
      return records.counted(query)
    },
    async alert(id) {
      const record = book.byId(id) ?? (await records.alert(id))
      return record === null ? null : shown(record)
    },
    async incident(id) {
      await written()
      return (await records.ofIncident(id, MOST_OF_INCIDENT)).map(asItIs)
    },
    openOf(id) {
      const incident = book.incident(id)
      const alerts = incident === null ? [] : book.alertsIn(incident)
      return alerts.filter((alert) => !isOver(alert)).map(shown)
    },
    async trace(id) {
      await written()
      return condensed(await records.trace(id, MOST_TRACE_ENTRIES))
    },
  }
}
