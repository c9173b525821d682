import { describe, expect, test } from 'vitest'
import { byNeed, needOf } from '../../../../src/renderer/features/backups/by-need.ts'

type Standing = Parameters<typeof needOf>[0]

const NOW = Date.parse('2026-11-28T12:00:00Z')
const daysAgo = (days: number) => new Date(NOW - days * 86_400_000).toISOString()

const WELL = {
  ...{ deployment: 'shop', configured: true, place: '/backups', count: 1, bytes: 1, faulty: 0 },
  ...{ lastComplete: null, lastProven: { provenAt: daysAgo(29) }, lastDrill: null, recoveryMs: 1 },
  recoveryPoint: { ageSeconds: 1, limitSeconds: 86_400, isStale: false },
  ...{ next: { backup: null, drill: null }, notBegun: [] },
} as unknown as Standing
const of = (deployment: string, changes: object): Standing =>
  ({ ...WELL, deployment, ...changes }) as Standing

const STALE = { recoveryPoint: { ageSeconds: 1e6, limitSeconds: 86_400, isStale: true } }
const FAILED = {
  lastDrill: { at: '', backup: 'b', recoveryMs: null, problem: { code: 'x', params: {}, text: '' } },
}

const MISSED = { notBegun: [{ waits: false }] }

describe('what backups need', () => {
  test.each([
    ['well', {}],
    ['stale', STALE],
    // What would be lost goes before what is not known to work.
    ['stale', { ...STALE, ...FAILED }],
    ['none-yet', { recoveryPoint: { ageSeconds: null, limitSeconds: 86_400, isStale: false } }],
    ['drill-failed', FAILED],
    ['drill-failed', { ...FAILED, ...MISSED }],
    ['missed', MISSED],
    ['missed', { ...MISSED, faulty: 1 }],
    // It begins by itself.
    ['well', { notBegun: [{ waits: true }] }],
    ['faulty', { faulty: 1 }],
    ['not-proven', { lastProven: null }],
    ['proven-long-ago', { lastProven: { provenAt: daysAgo(31) } }],
    ['not-configured', { configured: false, ...STALE }],
  ])('%s', (need, changes) => {
    expect(needOf(of('shop', changes), NOW)).toBe(need)
  })

  test('the worst stand first, equals by name, and those without backups last', () => {
    const rows = [
      of('a', { configured: false }),
      of('b', {}),
      of('d', STALE),
      of('c', STALE),
      of('e', { lastProven: null }),
      of('f', FAILED),
      of('g', { lastProven: { provenAt: daysAgo(420) } }),
      of('h', MISSED),
      of('i', { faulty: 2 }),
    ]
    expect(
      byNeed(rows, NOW)
        .map(({ deployment }) => deployment)
        .join(''),
    ).toBe('cdfhiegba')
  })
})
