import { expect, it } from 'vitest'
import { standingOf } from '../../../../../src/main/engine/alerts/standing-of.ts'
import { anAlert } from '../../../renderer/support/alert.ts'

it('counts what is open, what waits for somebody, and says who has the rest', () => {
  const open = [
    anAlert({ id: 'waits' }),
    anAlert({ id: 'behind', severity: 'EMERGENCY', inhibitedBy: 'waits' }),
    anAlert({ id: 'quiet', severity: 'WARNING', state: 'silenced' }),
    anAlert({ id: 'ada', state: 'acknowledged', acknowledgedBy: 'ada', acknowledgedAt: 1 }),
    anAlert({ id: 'bob', state: 'acknowledged', acknowledgedBy: 'bob', acknowledgedAt: 3 }),
    // Silenced, and still somebody's.
    anAlert({ id: 'ada-2', state: 'silenced', acknowledgedBy: 'ada', acknowledgedAt: 2 }),
  ]
  expect(standingOf(open)).toEqual({
    open: { INFO: 0, WARNING: 1, CRITICAL: 4, EMERGENCY: 1 },
    waiting: { INFO: 0, WARNING: 0, CRITICAL: 1, EMERGENCY: 0 },
    acknowledgedBy: ['bob', 'ada'],
  })
})
