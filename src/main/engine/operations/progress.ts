/** How far a step is, and how fast: from the bytes that it tells, over the last seconds. */
import { NO_PROGRESS, type OperationProgress } from '#shared/model/operation.ts'
import type { Done } from './kind.ts'

/** The rate is of so long; shorter it jumps, longer it lags. */
const WINDOW_MS = 10_000

export interface Meter {
  begin(phase: string): OperationProgress
  told(done: Done): OperationProgress
}

/** @param monotonic milliseconds */
export function createMeter(monotonic: () => number): Meter {
  let phase: string | null = null
  let samples: { at: number; bytes: number }[] = []
  let held: number | null = null

  return {
    begin(step) {
      phase = step
      samples = []
      held = null
      return { ...NO_PROGRESS, phase }
    },
    told({ bytes, totalBytes = null, heldSince = held }) {
      held = heldSince
      const now = monotonic()
      samples = [...samples.filter(({ at }) => now - at <= WINDOW_MS), { at: now, bytes }]
      const first = samples[0]
      const seconds = first === undefined ? 0 : (now - first.at) / 1_000
      const rate = first === undefined || seconds <= 0 ? null : Math.round((bytes - first.bytes) / seconds)
      const left =
        totalBytes === null || rate === null || rate <= 0 ? null : Math.max(0, totalBytes - bytes) / rate
      const secondsLeft = left === null ? null : Math.round(left)
      return { phase, bytes, totalBytes, rate, secondsLeft, heldSince }
    },
  }
}
