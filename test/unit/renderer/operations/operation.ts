/** An operation as the console tells of it. */
import type { Outputs } from '../../../../src/renderer/client/client.ts'
import { NO_PROGRESS } from '../../../../src/shared/model/operation.ts'

type Told = Outputs['operations']['get']

/** A restore that waits on its way back, but for what a test says. */
export function operationOf(rest: Partial<Told> = {}): Told {
  return {
    ...{ id: 'one', kind: 'restore', deployment: 'shop', effect: 'destroys', state: 'interrupted' },
    ...{ heading: 'undone', undo: 'available', target: 'changed', options: {}, actor: 'anna', reason: null },
    ...{ title: 'Restore', error: null, pause: null, result: null, log: [] },
    ...{ startedAt: null, endedAt: null, tookMs: null },
    ...{ steps: [], progress: { ...NO_PROGRESS, heldSince: null } },
    createdAt: '2026-11-28T10:00:00Z',
    ...rest,
  }
}
