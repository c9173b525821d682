import { describe, expect, it } from 'vitest'
import { boundEvidence, EVIDENCE_BYTES } from '../../../../../src/main/engine/probes/evidence.ts'
import { increase, percentOf, perSecond, round } from '../../../../../src/main/engine/probes/figures.ts'
import { retryAfterMs } from '../../../../../src/main/engine/probes/retry-after.ts'

describe('rates', () => {
  it.each([
    ['grows', 10, 60, 5_000, 10],
    ['stands', 10, 10, 5_000, 0],
    ['went backwards: a restart', 60, 10, 5_000, null],
    ['is not known before', null, 10, 5_000, null],
    ['is not known now', 10, null, 5_000, null],
    ['has no time between', 10, 20, 0, null],
    ['has a clock set back between', 10, 20, -1_000, null],
    ['has minutes between', 10, 20, 121_000, null],
  ])('of a counter that %s', (_, before, now, elapsed, rate) => {
    expect(perSecond(before, now, elapsed)).toBe(rate)
  })

  it('knows no increase without a first reading', () => {
    expect(increase(undefined, 5)).toBeNull()
  })

  it('has no share of nothing', () => {
    expect([percentOf(1, 0), percentOf(null, 5), percentOf(1, 3)]).toEqual([null, null, 33.33])
    expect(round(2.345, 1)).toBe(2.3)
  })
})

describe('evidence', () => {
  const statement = (pid: number) => ({
    pid,
    user: 'app',
    application: null,
    state: 'active',
    waiting: null,
    blockedBy: [],
    durationMs: 1,
    statement: 'x'.repeat(600),
  })

  it('stays within its bound, keeping the first statements', () => {
    const statements = Array.from({ length: 60 }, (_, pid) => statement(pid))
    const bounded = boundEvidence({ statements, facts: { version: '15' } })
    expect(Buffer.byteLength(JSON.stringify(bounded))).toBeLessThanOrEqual(EVIDENCE_BYTES)
    expect(bounded.statements?.[0]?.pid).toBe(0)
    expect(bounded.facts).toEqual({ version: '15' })
  })

  it('gives up a part that is too large by itself', () => {
    const redisInfo = { server: { x: 'y'.repeat(20_000) } }
    expect(boundEvidence({ redisInfo, facts: { a: 'b' } })).toEqual({ facts: { a: 'b' } })
  })
})

describe('Retry-After', () => {
  const now = Date.UTC(2026, 0, 1)
  it.each([
    ['120', 120_000],
    ['Thu, 01 Jan 2026 00:00:45 GMT', 45_000],
    ['Thu, 01 Jan 2025 00:00:00 GMT', 1_000],
    ['86400', 600_000],
    ['0', 1_000],
    ['soon', 30_000],
    [undefined, 30_000],
  ])('%s', (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms)
  })
})
