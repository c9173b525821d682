import { expect, it } from 'vitest'
import {
  endingAt,
  localMoment,
  localText,
} from '../../../../../src/renderer/features/alerts/handover/period.ts'

it('a shift ends now', () => {
  expect(endingAt('8h', 30_000_000)).toEqual({ from: 30_000_000 - 8 * 3_600_000, to: 30_000_000 })
})

it.each([Date.UTC(2026, 10, 28, 12, 30), Date.UTC(2026, 6, 1), Date.UTC(2026, 2, 29, 3)])(
  'a moment to the minute (%i) is written by the local clock and read back',
  (at) => {
    expect(localMoment(localText(at))).toBe(at)
  },
)

it('what is no time is none', () => {
  expect(localMoment('')).toBeNull()
})
