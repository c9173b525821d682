/** What becomes of it that one is wanted to pause, in words. Pure. */
import type { Operation, OperationText } from '#shared/model/operation.ts'
import type { Reason } from '#shared/model/reason.ts'
import { stepsLeft } from './decide.ts'

/** @returns `null`: nobody wants that, or it waits by now */
export function pauseOf({ willPause, steps }: Pick<Operation, 'willPause' | 'steps'>): Reason | null {
  if (!willPause) return null
  const running = steps.find(({ state }) => state === 'running')
  if (running === undefined || running.nature === 'resumable') return said('pauses-soon')
  const isLast = stepsLeft(steps).length === 1
  return said(isLast ? 'ends-before-pause' : 'pauses-after-step', { step: running.id })
}

function said(code: OperationText, params: Reason['params'] = {}): Reason {
  return { code, params }
}
