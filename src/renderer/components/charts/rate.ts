/** From counters to rates: what people read is "how many a minute", never "how many since boot". */
import type { Columns } from './series.ts'

/**
 * The increase per minute between neighbouring points. A counter that went backwards restarted, and a stretch longer
 * than `gapMs` was not observed: neither says how fast it grew, so both are `null`.
 *
 * @param counter the counter's columns; its `max` is the last value of each step, since a counter only grows
 * @param gapMs the longest distance between two points that still belong together
 */
export function ratePerMinute(counter: Columns, gapMs: number): Columns {
  const at: number[] = []
  const mean: (number | null)[] = []
  let before: { at: number; value: number } | null = null
  counter.at.forEach((moment, index) => {
    const value = counter.max[index] ?? null
    if (value === null) {
      at.push(moment)
      mean.push(null)
      before = null
      return
    }
    const rate = before === null ? null : increase(before, { at: moment, value }, gapMs)
    if (before !== null) {
      at.push(moment)
      mean.push(rate)
    }
    before = { at: moment, value }
  })
  return { at, min: mean, mean, max: mean }
}

function increase(
  before: { at: number; value: number },
  now: { at: number; value: number },
  gapMs: number,
): number | null {
  const elapsedMs = now.at - before.at
  if (elapsedMs <= 0 || elapsedMs > gapMs || now.value < before.value) return null
  return ((now.value - before.value) / elapsedMs) * 60_000
}
