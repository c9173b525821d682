/** Operations on a deployment: that one began, that it waits for somebody, and how it ended. */
import { isOver, type Operation } from '#shared/model/operation.ts'
import { titleOf } from '#shared/model/operation-title.ts'
import type { EventCode } from '#shared/model/timeline.ts'
import type { Draft } from '../draft.ts'

/** @param before the same operation as it was; `null`: it was just asked for */
export function watchOperation(before: Operation | null, now: Operation, at: number): Draft[] {
  if (before?.state === now.state) return []
  const { state, actor, startedAt } = now
  const wasOver = before !== null && isOver(before.state)
  const code: EventCode | null =
    before === null || (wasOver && !isOver(state))
      ? state === 'undoing'
        ? 'operation-undoing'
        : 'operation-began'
      : state === 'interrupted'
        ? 'operation-interrupted'
        : isOver(state)
          ? `operation-${state as 'succeeded' | 'failed' | 'cancelled' | 'undone'}`
          : null
  if (code === null) return []
  const seconds = Math.max(0, Math.round((at - (startedAt ?? at)) / 1_000))
  const params = { said: `did-${titleOf(now)}`, by: actor, seconds }
  return [{ at, kind: 'operation', probe: null, target: null, reason: { code, params }, status: null }]
}
