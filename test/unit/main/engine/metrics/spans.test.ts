import { expect, test } from 'vitest'
import type { Status } from '#shared/catalogue/statuses.ts'
import { spansOf } from '../../../../../src/main/engine/metrics/spans.ts'
import { statusCode } from '../../../../../src/main/engine/metrics/status-codes.ts'

const SHORT: Record<string, Status> = { H: 'HEALTHY', C: 'CRITICAL', U: 'UNOBSERVED', '?': 'UNKNOWN' }

/** Rows as `H10 C15`: a status and when, in seconds; spans as `H10-15`. Looks are every 5 s, between 0 and 60. */
function spans(rows: string): string {
  const parsed = rows
    .split(' ')
    .filter((row) => row !== '')
    .map((row) => ({ status: SHORT[row.charAt(0)] ?? 'UNKNOWN', at: Number(row.slice(1)) }))
  const frame = {
    at: Float64Array.from(parsed, ({ at }) => at),
    status: Uint8Array.from(parsed, ({ status }) => statusCode(status)),
    columns: new Map(),
  }
  return spansOf(frame, { from: 0, to: 60, rowMs: 5, slackMs: 7.5, failingSlackMs: 30 })
    .map(
      ({ status, from, to }) => `${Object.keys(SHORT).find((short) => SHORT[short] === status)}${from}-${to}`,
    )
    .join(' ')
}

const every = (step: number, from: number, to: number, status = 'H') =>
  Array.from(
    { length: Math.floor((to - from) / step) + 1 },
    (_, index) => `${status}${from + index * step}`,
  ).join(' ')

test.each([
  ['nobody ever looked', '', 'U0-60'],
  ['looked all the time', every(5, 0, 60), 'H0-60'],
  ['looked since before', every(5, -5, 58), 'H0-60'],
  ['one late look is no hole', 'H0 H12.5 H20 H30 H40 H50', 'H0-60'],
  ['a hole from when the last look was due', 'H0 H5 H18 H23 H33 H43 H53', 'H0-10 U10-18 H18-60'],
  ['the status changes with the look', 'H0 H10 C20 C30 H40 H50', 'H0-20 C20-40 H40-60'],
  ['before the first look', every(5, 30, 60), 'U0-30 H30-60'],
  ['a first look that was just due', every(5, 7, 60), 'H0-60'],
  ['after the last look', every(5, 0, 40), 'H0-45 U45-60'],
  ['the last look was just now', every(5, 0, 50), 'H0-60'],
  ['paused: the look says so', `${every(5, 0, 20)} U25 ${every(5, 50, 60)}`, 'H0-25 U25-50 H50-60'],
  ['asleep, and told so after', `${every(5, 0, 20)} U50 ${every(5, 51, 60)}`, 'H0-25 U25-51 H51-60'],
  ['not known is observed', every(5, 0, 60, '?'), '?0-60'],
  ['what fails is looked at more rarely', 'H0 ?5 ?10 ?15 ?25 ?55', 'H0-5 ?5-60'],
  ['what fails, and then nobody looks at', 'H0 C5 H45 H55', 'H0-5 C5-10 U10-45 H45-60'],
  ['looks after the end do not count', 'H70', 'U0-60'],
  ['only looks before the beginning', 'H-30', 'U0-60'],
])('%s', (_, rows, expected) => {
  expect(spans(rows)).toBe(expected)
})
