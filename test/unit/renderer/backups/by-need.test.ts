import { describe, expect, test } from 'vitest'
import { byNeed, needOf } from '../../../../src/renderer/features/backups/by-need.ts'

type Standing = Parameters<typeof needOf>[0]

const WELL = {
  ...{ deployment: 'shop', configured: true, place: '/backups', count: 1, bytes: 1, faulty: 0 },
  ...{ lastComplete: null, lastProven: {}, lastDrill: null, recoveryMs: 1 },
  recoveryPoint: { ageSeconds: 1, limitSeconds: 86_400, isStale: false },
  next: { backup: null, drill: null },
} as unknown as Standing
const of = (deployment: string, changes: object): Standing =>
  ({ ...WELL, deployment, ...changes }) as Standing

const STALE = { recoveryPoint: { ageSeconds: 1e6, limitSeconds: 86_400, isStale: true } }
const FAILED = {
  lastDrill: { at: '', backup: 'b', recoveryMs: null, problem: { code: 'x', params: {}, text: '' } },
}

describe('what backups need', () => {
  test.each([
    ['well', {}],
    ['stale', STALE],
    // What would be lost goes before what is not known to work.
    ['stale', { ...STALE, ...FAILED }],
    ['none-yet', { recoveryPoint: { ageSeconds: null, limitSeconds: 86_400, isStale: false } }],
    ['drill-failed', FAILED],
    ['not-proven', { lastProven: null }],
    ['not-configured', { configured: false, ...STALE }],
  ])('%s', (need, changes) => {
    expect(needOf(of('shop', changes))).toBe(need)
  })

  test('the worst stand first, equals by name, and those without backups last', () => {
    const rows = [
      of('a', { configured: false }),
      of('b', {}),
      of('d', STALE),
      of('c', STALE),
      of('e', { lastProven: null }),
      of('f', FAILED),
    ]
    expect(byNeed(rows).map(({ deployment }) => deployment)).toEqual(['c', 'd', 'f', 'e', 'b', 'a'])
  })
})
