/** How the console itself does, for its own `/ready` and `/metrics`. */
import type { HistoryStatistics } from './metrics/history.ts'

/** What the console costs and how it does. */
export interface Condition {
  readonly ready: boolean
  /** Why it is not ready; `null` when it is. */
  readonly reason: string | null
  readonly startedAt: number
  readonly looks: { readonly total: number; readonly unhealthy: number; readonly running: number }
  readonly history: HistoryStatistics
}

export type EngineState = 'idle' | 'started' | 'stopped'

/** Why it cannot do its work; `null` where it can. */
export function whyNotReady(state: EngineState, { rows, failing }: HistoryStatistics): string | null {
  if (state !== 'started') return state === 'idle' ? 'not started' : 'stopped'
  if (rows === null) return 'the history does not answer: its disk is slow or full, the log says more'
  return failing ? 'the history cannot be written: its disk is full, slow or locked, the log says more' : null
}
