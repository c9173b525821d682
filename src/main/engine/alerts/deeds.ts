/** What people do about alerts: each is durable before it is answered. */
import type { Silence } from '#shared/model/silence.ts'
import type { Clock } from '../clock.ts'
import type { Alerts, Became } from './alerts.ts'
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
  readonly records: Pick<AlertStore, 'alert' | 'onRecord'>
  readonly clock: Clock
}

type Deeds = Pick<
  Alerts,
  | 'acknowledge'
  | 'acknowledgeAll'
  | 'resolve'
  | 'resolveAll'
  | 'silence'
  | 'silenceAlert'
  | 'silenceAll'
  | 'unsilence'
>
type Outcome = 'done' | 'over' | 'unknown' | 'stillTrue'

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

  function acknowledge(record: AlertRecord, by: string, note: string | null, now: number): void {
    book.put(acknowledged(record, by, note, now))
    book.trace(record.id, now, 'acknowledged', { by })
  }

  function isStillTrue({ deployment, key }: AlertRecord): boolean {
    const tracked = trackings.of(deployment).get(key)
    return tracked?.isKnown === true && tracked.tracking.isTrue
  }

  function resolve(record: AlertRecord, by: string, now: number): void {
    trackings.forget(record.deployment, record.key)
    changing.end(record, now, 'by-hand', by, now)
  }

  /**
   * Those that can be changed are, in one turn, so that each deployment is decided on once, and all of it is on record before it is
   * answered; the rest is said, and keeps nobody's from being done.
   */
  async function several(
    ids: readonly string[],
    change: (records: readonly AlertRecord[], now: number) => void,
    refused: (record: AlertRecord) => boolean = () => false,
  ): Promise<Became> {
    const now = clock.now()
    const became: Record<Outcome, string[]> = { done: [], over: [], unknown: [], stillTrue: [] }
    const forgotten: string[] = []
    const meant: AlertRecord[] = []
    for (const id of new Set(ids)) {
      const found = changeable(id)
      if (!found.ok) {
        if (found.why === 'over') became.over.push(id)
        else forgotten.push(id)
      } else if (refused(found.record)) became.stillTrue.push(id)
      else {
        meant.push(found.record)
        became.done.push(id)
      }
    }
    if (meant.length > 0) {
      change(meant, now)
      for (const name of new Set(meant.map(({ deployment }) => deployment))) telling.considerAll(name, now)
      await ledger.flush()
    }
    const recorded = await records.onRecord(forgotten)
    for (const id of forgotten) (recorded.has(id) ? became.over : became.unknown).push(id)
    return became
  }

  return {
    async acknowledge(id, by, note) {
      const found = changeable(id)
      if (!found.ok) return whyNot(id, found.why)
      const { record } = found
      const now = clock.now()
      acknowledge(record, by, note, now)
      telling.considerAll(record.deployment, now)
      await ledger.flush()
      return current(id, record)
    },

    acknowledgeAll: (ids, by, note) =>
      several(ids, (found, now) => {
        for (const record of found) acknowledge(record, by, note, now)
      }),

    async resolve(id, by) {
      const found = changeable(id)
      if (!found.ok) return whyNot(id, found.why)
      const { record } = found
      if (isStillTrue(record)) return { ok: false, why: 'still-true' }
      const now = clock.now()
      resolve(record, by, now)
      telling.considerAll(record.deployment, now)
      await ledger.flush()
      return current(id, record)
    },

    resolveAll: (ids, by) =>
      several(
        ids,
        (found, now) => {
          for (const record of found) resolve(record, by, now)
        },
        isStillTrue,
      ),

    silenceAll: (ids, request) => several(ids, (found) => silences.beginOverAll(found, request)),

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
