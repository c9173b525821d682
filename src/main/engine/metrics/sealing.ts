/** Seals hours that are over: their rows become one compressed chunk, and minutes and hours are rolled up from them. */
import type { Archive } from './archive.ts'
import { encodeChunk } from './chunk.ts'
import { EMPTY_FRAME, type Frame, mergeFrames, sliceFrame } from './frame.ts'
import { CHUNK_MS, GRAIN_MS, HOUR_MS, MINUTE_MS, OPEN_MS, type Source, startOf } from './grains.ts'
import { rollUp } from './rollup.ts'

export interface Sealing {
  /** The oldest hour of a series that is to be sealed; `null` where there is none. */
  hourToSeal(series: number, now: number): number | null
  /**
   * Seals one hour of one series, in one transaction. Observations that came too late for an earlier sealing are added
   * to what was sealed then.
   */
  seal(series: number, hour: number): void
}

export function createSealing(archive: Archive): Sealing {
  const [oldest, save] = archive.read((database) => [
    database.prepare('SELECT at FROM raw WHERE series = ? ORDER BY at LIMIT 1'),
    database.prepare(
      `INSERT INTO chunks (series, grain, start, rows, blob) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (series, grain, start) DO UPDATE SET rows = excluded.rows, blob = excluded.blob`,
    ),
  ])

  function saveChunk(source: Source, series: number, start: number, frame: Frame): void {
    save.run(series, GRAIN_MS[source], start, frame.at.length, encodeChunk(frame))
  }

  return {
    hourToSeal(series, now) {
      const row = archive.read(() => oldest.get(series))
      if (row === undefined) return null
      const hour = startOf(Number(row.at), HOUR_MS)
      return hour + HOUR_MS + OPEN_MS <= now ? hour : null
    },

    seal(series, hour) {
      const end = hour + HOUR_MS
      const sealedBefore = archive.chunk('raw', series, hour)
      const raw = mergeFrames([sealedBefore ?? EMPTY_FRAME, archive.openRows(series, hour, end, null)])

      const minuteStart = startOf(hour, CHUNK_MS.minute)
      const minutesBefore = archive.chunk('minute', series, minuteStart) ?? EMPTY_FRAME
      const minutes = combine({
        before: minutesBefore,
        now: rollUp(raw, MINUTE_MS),
        isWhole: sealedBefore !== null || sliceFrame(minutesBefore, hour, end).at.length === 0,
      })

      const hourStart = startOf(hour, CHUNK_MS.hour)
      const hoursBefore = archive.chunk('hour', series, hourStart) ?? EMPTY_FRAME
      const hours = combine({
        before: hoursBefore,
        now: rollUp(sliceFrame(minutes, hour, end), HOUR_MS),
        isWhole: minutesBefore.at.length > 0 || sliceFrame(hoursBefore, hour, end).at.length === 0,
      })

      archive.write(() => {
        saveChunk('raw', series, hour, raw)
        saveChunk('minute', series, minuteStart, minutes)
        saveChunk('hour', series, hourStart, hours)
        archive.clearOpenRows(series, hour, end)
      })
    },
  }
}

/**
 * @param part.isWhole whether `now` was made of everything that is known of its time. Where the finer rows are past their
 * retention it was made of late observations only, and what was rolled up then counts.
 */
function combine(part: { before: Frame; now: Frame; isWhole: boolean }): Frame {
  return mergeFrames(part.isWhole ? [part.before, part.now] : [part.now, part.before])
}
