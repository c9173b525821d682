/**
 * Stores whose calls end within a while, for the thread that everybody shares: a network file system that hangs holds nobody up, and takes one of the
 * process's few threads for files at the most.
 */
import type { Clock } from '../../clock.ts'
import { BackupError } from '../backup-error.ts'
import type { BackupStore } from './store.ts'

const ANSWERS_WITHIN_MS = 15_000
/** What removes files: large ones take their time. */
const REMOVES_WITHIN_MS = 10 * 60_000

/** Calls of one kind to one place, one after the other. */
interface Lane {
  tail: Promise<unknown>
  /** One ran out of time and has not come back: no other is begun. */
  isSilent: boolean
}

export function createTimelyStores({ clock }: { readonly clock: Pick<Clock, 'after'> }) {
  const lanes = new Map<string, Lane>()

  async function within<T>(place: string, ms: number, work: () => Promise<T>): Promise<T> {
    const key = JSON.stringify([place, ms])
    const lane = lanes.get(key) ?? { tail: Promise.resolve(), isSilent: false }
    lanes.set(key, lane)
    if (lane.isSilent) throw new BackupError('store-silent', { place })
    let state: 'waits' | 'runs' | 'given-up' = 'waits'
    const late = Promise.withResolvers<never>()
    const cancel = clock.after(ms, () => {
      if (state === 'runs') lane.isSilent = true
      state = 'given-up'
      late.reject(new BackupError('store-silent', { place }))
    })
    const turn = lane.tail.then(() => {
      if (state === 'given-up') return late.promise
      state = 'runs'
      return work().finally(() => {
        lane.isSilent = false
      })
    })
    lane.tail = turn.catch(() => {})
    return Promise.race([turn, late.promise]).finally(cancel)
  }

  /** @param store whatever it is asked throws `store-silent` where it does not answer */
  return (store: BackupStore): BackupStore => {
    const answer = <T>(work: () => Promise<T>) => within(store.name, ANSWERS_WITHIN_MS, work)
    const remove = <T>(work: () => Promise<T>) => within(store.name, REMOVES_WITHIN_MS, work)
    return {
      ...{ name: store.name, markedBy: store.markedBy },
      room: () => answer(store.room),
      begin: (id) => answer(() => store.begin(id)),
      identity: () => answer(store.identity),
      list: () => answer(store.list),
      links: () => answer(store.links),
      isMarked: () => answer(store.isMarked),
      mark: () => answer(store.mark),
      files: (id) => answer(() => store.files(id)),
      async *read(id, name) {
        const source = store.read(id, name)[Symbol.asyncIterator]()
        try {
          for (;;) {
            const next = await answer(() => source.next())
            if (next.done === true) return
            yield next.value
          }
        } finally {
          void source.return?.().catch(() => {})
        }
      },
      replace: (id, name, content) => answer(() => store.replace(id, name, content)),
      remove: (id) => remove(() => store.remove(id)),
      clear: () => remove(store.clear),
    }
  }
}
