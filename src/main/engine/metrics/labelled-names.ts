/**
 * The numbers under which a series' labelled values are stored. Labels come from outside and may be made up without end:
 * a series has so many names at most, and one that has not been seen for a while gives way to a new one.
 */
import type { DatabaseSync } from 'node:sqlite'
import { type Labels, readLabelled } from '#shared/catalogue/labelled.ts'

/** Names of one series. */
export const MOST_NAMES = 1_000
/** `seen` is kept this exactly, so that most stores write none of it. */
const SEEN_EVERY_MS = 3_600_000

export interface LabelledName {
  readonly id: number
  readonly name: string
  readonly metric: string
  readonly labels: Labels
}

export interface LabelledNames {
  /**
   * The number of a name, given where it had none; within a transaction.
   * @param at of the observation, milliseconds since the epoch
   * @returns `null` where the series has as many as it may, all of them seen lately, and for what is no such name
   */
  numberOf(series: number, name: string, at: number): number | null
  /** The names that a series has of a metric. */
  namesOf(series: number, metric: string): readonly LabelledName[]
  /** Forgets names that were last seen before then; within a transaction. */
  expire(before: number): void
  reload(): void
}

interface Kept extends LabelledName {
  seen: number
}

export function createLabelledNames(database: DatabaseSync): LabelledNames {
  const insert = database.prepare('INSERT INTO labelled (series, name, seen) VALUES (?, ?, ?)')
  const touch = database.prepare('UPDATE labelled SET seen = ? WHERE id = ?')
  const remove = database.prepare('DELETE FROM labelled WHERE id = ?')
  /** By series, then by name. */
  const kept = new Map<number, Map<string, Kept>>()

  function reload(): void {
    kept.clear()
    for (const row of database.prepare('SELECT id, series, name, seen FROM labelled').all()) {
      const { id, series, name, seen } = row as unknown as {
        id: number
        series: number
        name: string
        seen: number
      }
      const read = readLabelled(name)
      if (read !== null) remember(series, { id, name, ...read, seen })
    }
  }

  function remember(series: number, one: Kept): void {
    let ofSeries = kept.get(series)
    if (ofSeries === undefined) {
      ofSeries = new Map()
      kept.set(series, ofSeries)
    }
    ofSeries.set(one.name, one)
  }

  function forget(ofSeries: Map<string, Kept>, { id, name }: Kept): void {
    remove.run(id)
    ofSeries.delete(name)
  }

  /** Makes room for one more; `false` where all names were seen lately. */
  function makeRoom(ofSeries: Map<string, Kept>, at: number): boolean {
    let oldest: Kept | null = null
    for (const one of ofSeries.values()) if (oldest === null || one.seen < oldest.seen) oldest = one
    if (oldest === null || at - oldest.seen <= SEEN_EVERY_MS) return false
    forget(ofSeries, oldest)
    return true
  }

  reload()
  return {
    numberOf(series, name, at) {
      const ofSeries = kept.get(series)
      const found = ofSeries?.get(name)
      if (found !== undefined) {
        if (at - found.seen >= SEEN_EVERY_MS) {
          touch.run(at, found.id)
          found.seen = at
        }
        return found.id
      }
      const read = readLabelled(name)
      if (read === null) return null
      if (ofSeries !== undefined && ofSeries.size >= MOST_NAMES && !makeRoom(ofSeries, at)) return null
      const id = Number(insert.run(series, name, at).lastInsertRowid)
      remember(series, { id, name, ...read, seen: at })
      return id
    },
    namesOf: (series, metric) =>
      [...(kept.get(series)?.values() ?? [])].filter((one) => one.metric === metric),
    expire(before) {
      for (const ofSeries of kept.values()) {
        for (const one of [...ofSeries.values()]) if (one.seen < before) forget(ofSeries, one)
      }
    },
    reload,
  }
}
