import { expect, it } from 'vitest'
import { askedPauseMs } from '../../../../../src/main/engine/probes/retry-after.ts'

const NOW = Date.UTC(2026, 10, 21, 6, 0, 0)

it.each([
  [429, '40', 40_000],
  [429, ' 7 ', 7_000],
  [429, 'Sat, 21 Nov 2026 06:01:30 GMT', 90_000],
  [429, 'Sat, 21 Nov 2026 05:00:00 GMT', 1_000],
  [429, undefined, 30_000],
  [429, '', 30_000],
  [429, 'soon', 30_000],
  [429, '0', 1_000],
  [429, '99999999999999999999', 600_000],
  [429, 'Sat, 21 Nov 2999 06:00:00 GMT', 600_000],
  [503, '20', 20_000],
  [503, '3600', 30_000],
  [503, undefined, null],
  [500, '20', null],
  [200, '20', null],
])('%i with Retry-After: %s asks to be left alone for %s ms', (status, header, expected) => {
  const headers: Record<string, string> = header === undefined ? {} : { 'retry-after': header }
  expect(askedPauseMs({ status, headers }, NOW)).toBe(expected)
})
