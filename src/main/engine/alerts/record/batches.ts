/** Thousands of rows of the record, a batch at a time: one statement for all of them would hold the thread for as long as it reads. */
import { setImmediate } from 'node:timers/promises'

/** Some milliseconds of reading. */
export const BATCH = 1_000

/** Where a row stands in the order of the record. */
interface Place {
  readonly since: number
  readonly id: string
}

/** Before the newest. */
const BEGINNING: Place = { since: Number.MAX_SAFE_INTEGER, id: '' }

/** @param read the newest rows that stand behind a place, as many at most */
export async function inBatches<T extends Place>(
  limit: number,
  read: (behind: Place, most: number) => Promise<readonly T[]>,
): Promise<T[]> {
  const all: T[] = []
  let behind = BEGINNING
  while (all.length < limit) {
    const most = Math.min(BATCH, limit - all.length)
    const rows = await read(behind, most)
    all.push(...rows)
    const last = rows.at(-1)
    if (last === undefined || rows.length < most) break
    behind = last
    await setImmediate()
  }
  return all
}
