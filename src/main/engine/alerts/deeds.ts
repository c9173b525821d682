/** What people do about alerts: each is durable before it is answered. */
import type { Silence } from '#shared/model/silence.ts'
import type { Clock } from '../clock.ts'
import type { Alerts } from './alerts.ts'
import type { Book } from './book.ts'
import type { Changing } from './changing.ts'
import type { AlertStore } from './record/alert-store.ts'
import type { Ledger } from './record/ledger.ts'
import { type AlertRecord, isOver, shown } from './records.ts'
import type { Trackings } from './rules/trackings.ts'
import type { Silences } from './silences/silences.ts'
import type { Telling } from './telling/telling.ts'
import { acknowledged } from './turns.ts'

export interface DeedsOptions {
  readonly book: Book
  readonly changing: Pick<Changing, 'end'>
  readonly telling: Pick<Telling, 'considerAll'>
  readonly silences: Silences
  readonly trackings: Trackings
  readonly ledger: Pick<Ledger, 'flush'>
  readonly records: Pick<AlertStore, 'alert'>
  readonly clock: Clock
}

type Deeds = Pick<Alerts, 'acknowledge' | 'resolve' | 'silence' | 'silenceAlert' | 'unsilence'>

export function createDeeds(options: DeedsOptions): Deeds {
  const { book, changing, telling, silences, trackings, ledger, records, clock } = options

  function changeable(id: string) {
    const record = book.byId(id)
    if (record === null) return { ok: false, why: 'no-such-alert' } as const
    return isOver(record) ? ({ ok: false, why: 'over' } as const) : ({ ok: true, record } as const)
  }

  /** One that is known from the record alone is over for long. */
  async function whyNot(id: string, why: 'no-such-alert' | 'over') {
    const isOnRecord = why === 'over' || (await records.alert(id)) !== null
    return { ok: false, why: isOnRecord ? 'over' : 'no-such-alert' } as const
  }

  function current(id: string, otherwise: AlertRecord) {
    return { ok: true, value: shown(book.byId(id) ?? otherwise) } as const
  }

  return {
    async acknowledge(id, by, note) {
      const found = changeable(id)
      if (!found.ok) return whyNot(id, found.why)
      const { record } = found
      const now = clock.now()
      book.put(acknowledged(record, by, note, now))
      book.trace(id, now, 'acknowledged', { by })
      telling.considerAll(record.deployment, now)
      await ledger.flush()
      return current(id, record)
    },

    async resolve(id, by) {
      const found = changeable(id)
      if (!found.ok) return whyNot(id, found.why)
      const { record } = found
      const tracked = trackings.of(record.deployment).get(record.key)
      if (tracked?.isKnown === true && tracked.tracking.isTrue) return { ok: false, why: 'still-true' }
      const now = clock.now()
      trackings.forget(record.deployment, record.key)
      changing.end(record, now, 'by-hand', by, now)
      telling.considerAll(record.deployment, now)
      await ledger.flush()
      return current(id, record)
    },

    async silence(request) {
      const silence = silences.begin(request)
      await ledger.flush()
      return silence
    },

    async silenceAlert(id, request) {
      const found = changeable(id)
      if (!found.ok) return whyNot(id, found.why)
      silences.beginOver(found.record, request)
      await ledger.flush()
      return current(id, found.record)
    },

    async unsilence(id) {
      if ([...silences.inForce()].some((one) => one.id === id && one.origin !== null)) {
        return { ok: false, why: 'ends-at-its-origin' }
      }
      const silence: Silence | null = silences.end(id, 'by-hand')
      if (silence === null) return { ok: false, why: 'no-such-silence' }
      await ledger.flush()
      return { ok: true, value: silence }
    },
  }
}
