/** What of a restore is compared with what was counted when the backup was made. */
import { z } from 'zod'

/** `null`: not counted. */
export const Compared = z.object({
  /** Of which the rows are. */
  tables: z.number(),
  rows: z.number(),
  /** How far each is. */
  sequences: z.number().nullable(),
  largeObjects: z.number().nullable(),
  /** All that there is besides, by kind. */
  objects: z.number().nullable(),
})
export type Compared = z.infer<typeof Compared>

const NOTHING: Compared = { tables: 0, rows: 0, sequences: null, largeObjects: null, objects: null }

/** Of several databases. Pure. */
export function addUp(parts: readonly Compared[]): Compared {
  return parts.reduce(
    (all, one) => ({
      tables: all.tables + one.tables,
      rows: all.rows + one.rows,
      sequences: plus(all.sequences, one.sequences),
      largeObjects: plus(all.largeObjects, one.largeObjects),
      objects: plus(all.objects, one.objects),
    }),
    NOTHING,
  )
}

function plus(one: number | null, other: number | null): number | null {
  return one === null ? other : one + (other ?? 0)
}
