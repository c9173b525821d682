import { expect, it } from 'vitest'
import { endingAt } from '../../../../../src/renderer/features/alerts/handover/period.ts'

it('a shift ends now', () => {
  expect(endingAt('8h', 30_000_000)).toEqual({ from: 30_000_000 - 8 * 3_600_000, to: 30_000_000 })
})
