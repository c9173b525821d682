import { expect, it } from 'vitest'
import { recoveryPoint, summaryOf } from '../../../../../src/main/engine/backups/standing.ts'
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

it('takes clocks that differ by minutes for right', () => {
  const known = knownOf('-3, 0')
  expect(recoveryPoint(known, NOW - 60_000)?.age).toBe(0)
})
