/** The three kinds of rows that history keeps, and how long a stretch of each lies in one chunk. */

export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000

export const SOURCES = ['raw', 'minute', 'hour'] as const
export type Source = (typeof SOURCES)[number]

/** Milliseconds of a row's step; 0 for observations as they were. It is what `chunks.grain` holds. */
export const GRAIN_MS: Record<Source, number> = { raw: 0, minute: MINUTE_MS, hour: HOUR_MS }

/** Chunks begin at multiples of this since the epoch. Longer ones would be written again too often as hours are added. */
export const CHUNK_MS: Record<Source, number> = { raw: HOUR_MS, minute: 6 * HOUR_MS, hour: 10 * DAY_MS }

/** Observations stay rows until their hour has been over for this long: most late ones have come by then. */
export const OPEN_MS = HOUR_MS

export function startOf(moment: number, stepMs: number): number {
  return Math.floor(moment / stepMs) * stepMs
}
