import { expect, it } from 'vitest'
import { createLive } from '../../../../../src/main/engine/live/create-live.ts'
import type { Status } from '../../../../../src/shared/catalogue/statuses.ts'
import { createDrivenClock } from '../../../../support/driven-clock.ts'

it('says since when a target has not been well, whatever its statuses were meanwhile', () => {
  const live = createLive({ clock: createDrivenClock(), limitsOf: () => ({}) })
  const look = (at: number, status: Status) =>
    live.record({
      deployment: 'shop',
      probe: 'pool',
      target: 'postgres',
      at,
      status,
      reason: { code: 'pool-healthy', params: {} },
      values: {},
      cost: { ms: 1, rows: 1, bytes: 1 },
    })
  const since = () => live.since('shop', 'pool', 'postgres')

  expect(since()).toBeNull()
  look(1, 'HEALTHY')
  expect(since()).toBeNull()
  look(2, 'WARNING')
  look(3, 'CRITICAL')
  look(4, 'UNKNOWN')
  expect(since()).toBe(2)
  look(5, 'UNOBSERVED')
  expect(since()).toBeNull()
  look(6, 'CRITICAL')
  expect(since()).toBe(6)
  look(7, 'HEALTHY')
  expect(since()).toBeNull()
})
