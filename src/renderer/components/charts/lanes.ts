/** Flags over time as runs of one state: what a lane paints. */
import type { Columns, Stretch } from './series.ts'

/** `partly`: both were seen within one step. */
export type LaneState = 'yes' | 'no' | 'partly' | 'unknown'

export interface LaneRun extends Stretch {
  readonly state: LaneState
}

/**
 * Runs of one state. Each point speaks until the next one, and at most `gapMs`: beyond that nobody looked, and there is
 * no run.
 *
 * @param flags 1 and 0 as columns; a mean between them is of a step in which both were seen
 */
export function laneRuns(flags: Columns, gapMs: number, stepMs: number): LaneRun[] {
  const runs: { state: LaneState; from: number; to: number }[] = []
  flags.at.forEach((from, index) => {
    const next = flags.at[index + 1]
    const to = next !== undefined && next - from <= gapMs ? next : from + stepMs
    const state = stateOf(flags.min[index] ?? null, flags.max[index] ?? null)
    const last = runs.at(-1)
    if (last !== undefined && last.state === state && last.to >= from) last.to = to
    else runs.push({ state, from, to })
  })
  return runs
}

function stateOf(min: number | null, max: number | null): LaneState {
  if (min === null || max === null) return 'unknown'
  if (min >= 1) return 'yes'
  return max < 1 ? 'no' : 'partly'
}
