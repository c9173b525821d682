/** What keeps the history small: sealing and retention, in short turns, so that observations and ranges never wait long. */
import type { Archive } from './archive.ts'
import { CHUNK_MS, GRAIN_MS, SOURCES, type Source } from './grains.ts'
import type { Retention } from './history.ts'
import { createSealing } from './sealing.ts'

/**
 * Chunks of each kind that one turn deletes at most. That is many times what comes to be too old between two turns, and no
 * more turns are asked for because of it: a clock that is set years ahead by mistake takes hours to empty a history.
 */
const CHUNKS_A_TURN = 200
const PAGES_A_TURN = 500

export interface UpkeepTurn {
  readonly now: number
  /** After this long no further hour is begun. */
  readonly budgetMs: number
  /** Monotonic milliseconds. */
  readonly monotonic: () => number
}

export interface Upkeep {
  /** Does some of what is due. `more`: there is more to seal, and another turn should follow soon. */
  turn(turn: UpkeepTurn): { more: boolean }
}

export function createUpkeep({ archive, retention }: { archive: Archive; retention: Retention }): Upkeep {
  const sealing = createSealing(archive)
  const keepMs: Record<Source, number> = {
    raw: retention.rawMs,
    minute: retention.minuteMs,
    hour: retention.hourMs,
  }

  /** Deletes the oldest chunks that are past their retention as a whole. */
  function expire(now: number): void {
    let deleted = 0
    for (const source of SOURCES) {
      const { changes } = archive.write((database) =>
        database
          .prepare(
            'DELETE FROM chunks WHERE id IN (SELECT id FROM chunks WHERE grain = ? AND start <= ? ORDER BY start LIMIT ?)',
          )
          .run(GRAIN_MS[source], now - keepMs[source] - CHUNK_MS[source], CHUNKS_A_TURN),
      )
      deleted += Number(changes)
    }
    archive.write(() => archive.labelled.expire(now - retention.hourMs))
    if (deleted > 0) archive.read((database) => database.exec(`PRAGMA incremental_vacuum(${PAGES_A_TURN})`))
  }

  function seal({ now, budgetMs, monotonic }: UpkeepTurn): boolean {
    const deadline = monotonic() + budgetMs
    for (const { id } of archive.numbers.allSeries()) {
      for (let hour = sealing.hourToSeal(id, now); hour !== null; hour = sealing.hourToSeal(id, now)) {
        if (monotonic() > deadline) return true
        sealing.seal(id, hour)
      }
    }
    return false
  }

  return {
    turn(turn) {
      // First what frees space, for the rest may need some.
      expire(turn.now)
      return { more: seal(turn) }
    },
  }
}
