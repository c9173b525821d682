/** From counters to rates: what people read is "how many a minute", never "how many since boot". */
import type { Columns } from './series.ts'

/** A rate is taken over the minute before each point: one event in a look of 5 s is not twelve a minute. */
const OVER_MS = 60_000
/** Less than this behind a point says too little to be made a rate of. */
const AT_LEAST_MS = 25_000

interface Count {
  readonly at: number
  readonly value: number
}

/**
 * The increase per minute, over the minute before each point. A counter that went backwards restarted, and a stretch
 * longer than `gapMs` was not observed: neither says how fast it grew, so the rate is `null` until enough was seen again.
 *
 * @param counter the counter's columns; its `max` is the last value of each step, since a counter only grows
 * @param gapMs the longest distance between two points that still belong together
 */
export function ratePerMinute(counter: Columns, gapMs: number): Columns {
  let run: Count[] = []
  const mean = counter.at.map((at, index) => {
    const value = counter.max[index] ?? null
    const last = run.at(-1)
    if (value === null || (last !== undefined && (at - last.at > gapMs || value < last.value))) run = []
    if (value === null) return null
    run.push({ at, value })
    while (run.length > 2 && at - (run[1]?.at ?? at) >= OVER_MS) run.shift()
    return increase(run[0], { at, value })
  })
  return { at: counter.at, min: mean, mean, max: mean }
}

function increase(from: Count | undefined, to: Count): number | null {
  if (from === undefined || to.at - from.at < AT_LEAST_MS) return null
  return ((to.value - from.value) / (to.at - from.at)) * 60_000
}
