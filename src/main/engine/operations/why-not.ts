/** What can be asked of an operation as it is. Pure. */
import { isOver } from '#shared/model/operation.ts'
import { isPastReturn } from './decide.ts'
import type { OperationAct } from './operations.ts'
import type { OperationRecord } from './record.ts'
import type { Refused } from './refused.ts'

/** Why something cannot be asked of an operation as it is; `null`: it can. */
export function whyNot(
  record: Pick<OperationRecord, 'state' | 'willPause' | 'heading' | 'steps' | 'undo'>,
  what: OperationAct,
  isUnderWay: boolean,
  /** To be given up as it is. */
  leave = false,
): Refused | null {
  const refused = (reason: Extract<Refused, { kind: 'state' }>['reason']): Refused => ({
    kind: 'state',
    reason,
  })
  const { state, willPause, heading, steps, undo } = record
  if (what === 'undo') {
    if (isUnderWay) return refused(heading === 'forward' ? 'not-waiting' : 'turning-back')
    return undo === 'available' || undo === 'failed' ? null : refused('nothing-to-undo')
  }
  if (isOver(state)) return refused('over')
  // Nothing is taken back, so it may be past its return; while it runs there is no "as it is".
  if (what === 'cancel' && leave) return isUnderWay ? refused('not-waiting') : null
  // One that is to pause is told not to.
  if (what === 'resume') return isUnderWay && !willPause ? refused('not-waiting') : null
  if (heading !== 'forward')
    return isUnderWay ? refused('turning-back') : what === 'pause' ? refused('not-running') : null
  if (what === 'pause') {
    if (!isUnderWay) return refused('not-running')
    return state === 'cancelling' ? refused('turning-back') : null
  }
  return isPastReturn(steps) ? refused('past-return') : null
}
