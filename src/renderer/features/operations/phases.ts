/** Where each step of an operation lies in its time: pure. */

interface Timed {
  readonly startedAt: string | null
  readonly endedAt: string | null
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
  const spans = steps.map(({ startedAt, endedAt }) => {
    if (startedAt === null) return null
    const from = Date.parse(startedAt)
    return { from, to: Math.max(from, endedAt === null ? now : Date.parse(endedAt)) }
  })
  const begun = spans.filter((span) => span !== null)
  const first = Math.min(...begun.map(({ from }) => from))
  const whole = Math.max(...begun.map(({ to }) => to)) - first
  const percent = (ms: number) => (whole <= 0 ? 0 : (ms / whole) * 100)
  return spans.map((span) => {
    if (span === null) return { tookMs: null, offset: 0, width: 0 }
    const tookMs = span.to - span.from
    const width = whole <= 0 ? 100 : Math.max(NARROWEST, percent(tookMs))
    return { tookMs, offset: Math.min(percent(span.from - first), 100 - width), width }
  })
}
