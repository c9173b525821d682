/**
 * What changed since a cursor: a log that keeps, for each thing, only when it changed last; its value is read when it
 * is asked for. It is as long as there are things, however many clients there are and however slowly they read, and
 * a client that comes back gets exactly what it missed.
 */
import { randomUUID } from 'node:crypto'
import type { Change, Changes, ChangesQuery } from '#shared/model/change.ts'
import type { Clock } from './clock.ts'

/** A client gets at most one answer in this time; what happens meanwhile is told together. */
const TOGETHER_MS = 250
/** An answer holds at most this many changes; the rest follow with the next one. */
const MOST_CHANGES = 500
/** So much of what was touched again is not worth clearing away. */
const FEW = 1_000

/** A thing that changes: its topics, and its value as of now (`null`: nothing to tell any more). */
export interface Changing {
  readonly topics: readonly string[]
  read(): Change | null
}

export interface ChangeLog {
  /** Notes that the thing under `key` changed. */
  touch(key: string, changing: Changing): void
  /** Drops a thing: it is gone, and there is nothing to tell of it any more. */
  drop(key: string): void
  /** Drops all whose keys begin so. Looks at everything that is kept: not for what happens often. */
  dropAll(prefix: string): void
  next(query: ChangesQuery, signal: AbortSignal): Promise<Changes>
  /** Answers everybody who waits; nobody waits from then on. */
  close(): void
}

export function createChangeLog({ clock }: { clock: Clock }): ChangeLog {
  const epoch = randomUUID()
  const entries = new Map<string, Changing & { seq: number }>()
  /** When what was touched, oldest first; a key may stand here several times, and only the last counts. */
  let touched: { seq: number; key: string }[] = []
  const waiting = new Set<{ topics: ReadonlySet<string>; wake: () => void }>()
  const closing = new AbortController()
  let seq = 0

  const cursor = (at: number) => `${epoch}:${at}`

  /** In the order of their last change; it costs as much as has happened since, not as much as there is. */
  function changedSince(after: number, topics: ReadonlySet<string>) {
    return touched.slice(firstAfter(touched, after)).flatMap(({ seq: at, key }) => {
      const entry = entries.get(key)
      const isLast = entry?.seq === at
      return isLast && entry.topics.some((topic) => topics.has(topic)) ? [entry] : []
    })
  }

  function note(key: string): void {
    touched.push({ seq, key })
    if (touched.length < 2 * entries.size + FEW) return
    touched = touched.filter((one) => entries.get(one.key)?.seq === one.seq)
  }

  function tell(after: number, topics: ReadonlySet<string>): Changes {
    const found = changedSince(after, topics)
    const told = found.slice(0, MOST_CHANGES)
    const upTo = found.length > told.length ? (told.at(-1)?.seq ?? seq) : seq
    return { cursor: cursor(upTo), reset: false, changes: told.flatMap((entry) => entry.read() ?? []) }
  }

  /** Resolves when one of the topics changes, or after `ms`, or when the caller goes. */
  function happening(topics: ReadonlySet<string>, ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const waiter = { topics, wake }
      const cancel = clock.after(ms, wake)
      function wake() {
        waiting.delete(waiter)
        cancel()
        signal.removeEventListener('abort', wake)
        resolve()
      }
      waiting.add(waiter)
      signal.addEventListener('abort', wake, { once: true })
      if (signal.aborted) wake()
    })
  }

  function pause(ms: number, signal: AbortSignal): Promise<void> {
    return happening(new Set(), ms, signal)
  }

  return {
    touch(key, changing) {
      seq += 1
      entries.set(key, { ...changing, seq })
      note(key)
      for (const waiter of [...waiting]) {
        if (changing.topics.some((topic) => waiter.topics.has(topic))) waiter.wake()
      }
    },

    drop: (key) => void entries.delete(key),

    dropAll(prefix) {
      for (const key of entries.keys()) if (key.startsWith(prefix)) entries.delete(key)
    },

    close: () => closing.abort(),

    async next(query, caller) {
      if (query.cursor === null) return { cursor: cursor(seq), reset: false, changes: [] }
      const [ofEpoch, at] = query.cursor.split(':')
      const after = Number(at)
      if (ofEpoch !== epoch || !Number.isInteger(after) || after > seq) {
        return { cursor: cursor(seq), reset: true, changes: [] }
      }
      const topics = new Set(query.topics)
      const signal = AbortSignal.any([caller, closing.signal])
      const askedAt = clock.monotonic()
      if (changedSince(after, topics).length === 0) await happening(topics, query.waitMs, signal)
      const rest = TOGETHER_MS - (clock.monotonic() - askedAt)
      if (rest > 0 && query.waitMs > 0) await pause(rest, signal)
      return tell(after, topics)
    },
  }
}

/** Place of the first that was touched after `seq`. */
function firstAfter(touched: readonly { readonly seq: number }[], seq: number): number {
  let [low, high] = [0, touched.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((touched[middle]?.seq ?? 0) > seq) high = middle
    else low = middle + 1
  }
  return low
}
