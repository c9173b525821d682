import { expect, it } from 'vitest'
import { counts, recoveryPoint, summaryOf } from '../../../../../src/main/engine/backups/standing.ts'
import { Backups } from '../../../../../src/shared/model/profile/backups.ts'
import { backupsOf, DAY_MS, NOW } from './backups-of.ts'

const wanted = Backups.parse({ store: { kind: 'local', directory: '/kept' }, recoveryPointHours: 24 })
const DAY = 86_400

/** As the catalogue gives them: newest first. */
function knownOf(text: string) {
  return {
    ...{ deployment: 'shop', wanted, wantedSince: NOW - 50 * DAY_MS, backups: backupsOf(text).reverse() },
    ...{ lastDrill: null, next: { backup: null, drill: null }, notBegun: [] },
  }
}

it.each([
  ['the newest good one', '-9, -3, -1 faulty', 3],
  ['none that a clock that was ahead dated', '-9, -3, 300', 3],
  ['the wish for one, where there is none', '-9 faulty', 50],
])('what could be restored is as old as %s', (_, backups, days) => {
  const known = knownOf(backups)
  expect(recoveryPoint(known, NOW)?.age).toBe(days * DAY)
  expect(summaryOf(known, NOW).recoveryPoint.isStale).toBe(true)
})

it('shows as the last one, and as the last proven one, what is of a time that has been', () => {
  const { lastComplete, lastProven } = summaryOf(knownOf('-9 proven, -3, 300 proven'), NOW)
  expect([lastComplete?.id, lastProven?.id]).toEqual(['-3', '-9'])
})

it('says how many count beside how many there are', () => {
  const known = knownOf('-9 partial, -7 faulty, -5 another, -3, -1, 300')
  expect(summaryOf(known, NOW)).toMatchObject({ count: 6, good: 3, faulty: 1, lastComplete: { id: '-1' } })
})

it('takes clocks that differ by minutes for right', () => {
  const known = knownOf('-3, 0')
  expect(recoveryPoint(known, NOW - 60_000)?.age).toBe(0)
})

it.each([
  ['its own, once it is whole', '-1', 'complete', true],
  ["another console's, which nobody here has read", '-1 another', 'complete', false],
  ["another console's, once it was read back", '-1 another', 'verified', true],
  ['a part', '-1 partial', 'verified', false],
  ['one that is of no use', '-1 faulty', 'verified', false],
] as const)('counts %s', (_, text, state, expected) => {
  const [backup] = backupsOf(text)
  expect(backup !== undefined && counts({ ...backup, state }, NOW)).toBe(expected)
})

it.each([
  ['a new one', '-1', 50, 1, false],
  ['one that is too old', '-2', 50, 2, true],
  ['none yet', '-1 partial', 0, null, false],
  ['none, for longer than is allowed', '-1 partial', 2, null, true],
])('is stale alike for whoever asks: %s', (_, text, wantedDays, ageDays, isStale) => {
  const known = { ...knownOf(text), wantedSince: NOW - wantedDays * DAY_MS }
  const point = recoveryPoint(known, NOW)
  expect(summaryOf(known, NOW).recoveryPoint).toEqual({
    ...{ ageSeconds: ageDays === null ? null : ageDays * DAY, limitSeconds: DAY, isStale },
  })
  expect(point !== null && point.age > point.limit).toBe(isStale)
})
