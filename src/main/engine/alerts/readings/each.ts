/** What is read over time of a metric that has a value for each of several things (queues, paths, own queries): of each by itself. */
import type { Labels } from '#shared/catalogue/labelled.ts'
import { labelledValues } from './metrics.ts'
import { NO_LABELS, type Reader, type Reading } from './reading.ts'

/** A thing that was not there for a day is not missed any more: somebody took it away. */
const FORGOTTEN_AFTER_MS = 86_400_000
/** As many as a series of the history has. */
const MOST_THINGS = 1_000

interface Thing {
  readonly labels: Labels
  readonly read: Reader
  lastAt: number
}

/**
 * @param create a reader of one value, under the metric's name without labels
 * @param tellsOfMissing it tells of things that were there before, and of all together, too, where a look says nothing of them
 */
export function readEach(
  metric: string,
  create: () => Reader,
  { tellsOfMissing }: { readonly tellsOfMissing: boolean },
): Reader {
  /** The one that was seen longest ago first. */
  const things = new Map<string, Thing>()
  const readAll = tellsOfMissing ? create() : null

  function saw(key: string, labels: Labels, at: number): void {
    const thing = things.get(key) ?? { labels, read: create(), lastAt: at }
    things.delete(key)
    things.set(key, thing)
    thing.lastAt = at
    const [oldest] = things.keys()
    if (things.size > MOST_THINGS && oldest !== undefined) things.delete(oldest)
  }

  return (seen, unwatchedMs) => {
    const values = new Map<string, number>()
    for (const [key, { labels, known }] of labelledValues(seen.values, [metric])) {
      const [value = null] = known
      if (value === null) continue
      values.set(key, value)
      saw(key, labels, seen.at)
    }
    const readOne = (read: Reader, value: number | null, labels: Labels): Reading[] =>
      read({ ...seen, values: { [metric]: value } }, unwatchedMs).map((reading) => ({ ...reading, labels }))
    const readings = readAll === null ? [] : readOne(readAll, values.size === 0 ? null : 1, NO_LABELS)
    for (const [key, { labels, read, lastAt }] of things) {
      if (seen.at - lastAt > FORGOTTEN_AFTER_MS) {
        things.delete(key)
        continue
      }
      const value = values.get(key) ?? null
      const own = readOne(read, value, labels)
      if (value !== null || tellsOfMissing) readings.push(...own)
    }
    return readings
  }
}
