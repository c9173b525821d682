import { expect, it } from 'vitest'
import { BATCH, inBatches } from '../../../../../../src/main/engine/alerts/record/batches.ts'

/** Newest first, several within a moment. */
const record = Array.from({ length: 3_500 }, (_, index) => ({
  id: String(9_999 - index),
  since: 9_999 - (index >> 2),
}))

it.each([
  [10_000, 3_500, [1_000, 1_000, 1_000, 500]],
  [3_000, 3_000, [1_000, 1_000, 1_000]],
  [1_200, 1_200, [1_000, 200]],
  [0, 0, []],
])(
  'reads %i of them in batches, each once, and leaves the thread to others in between',
  async (limit, count, sizes) => {
    const read: number[] = []
    let others = 0
    let isOver = false
    function meanwhile() {
      others += 1
      if (!isOver) setImmediate(meanwhile)
    }
    setImmediate(meanwhile)
    const rows = await inBatches(limit, async (behind, most) => {
      const found = record
        .filter(({ since, id }) => since < behind.since || (since === behind.since && id < behind.id))
        .slice(0, most)
      read.push(found.length)
      return found
    })
    isOver = true
    expect(rows).toEqual(record.slice(0, count))
    expect(read).toEqual(sizes)
    expect(Math.max(0, ...read)).toBeLessThanOrEqual(BATCH)
    expect(others).toBeGreaterThanOrEqual(sizes.length - 1)
  },
)
