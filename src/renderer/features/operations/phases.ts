/** Where each step of an operation lies in the time that was worked at it: pure. */

interface Timed {
  /** How long it ran by now, and since when it runs; what passed while nobody worked at it is no part of either. */
  readonly tookMs: number | null
  readonly runningSince: string | null
}

export interface Phase {
  /** Milliseconds; of one that runs, until now. `null`: it did not begin. */
  readonly tookMs: number | null
  /** Percent of the whole operation. */
  readonly offset: number
  readonly width: number
}

/** So that a step of a moment is seen beside one of an hour, percent. */
const NARROWEST = 0.8

/** @param now milliseconds since the epoch; where steps that have not ended are drawn to */
export function phasesOf(steps: readonly Timed[], now: number): Phase[] {
  const times = steps.map(({ tookMs, runningSince }) =>
    runningSince === null ? tookMs : (tookMs ?? 0) + Math.max(0, now - Date.parse(runningSince)),
  )
  const whole = times.reduce<number>((sum, ms) => sum + (ms ?? 0), 0)
  const percent = (ms: number) => (whole <= 0 ? 0 : (ms / whole) * 100)
  let before = 0
  return times.map((tookMs) => {
    if (tookMs === null) return { tookMs, offset: 0, width: 0 }
    const width = whole <= 0 ? 100 : Math.max(NARROWEST, percent(tookMs))
    const offset = Math.min(percent(before), 100 - width)
    before += tookMs
    return { tookMs, offset, width }
  })
}
