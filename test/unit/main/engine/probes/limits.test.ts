import { describe, expect, it } from 'vitest'
import { type HeldLimits, judgeLimits } from '../../../../../src/main/engine/probes/limits.ts'
import { limitOf } from '../../../../../src/shared/catalogue/limits.ts'

const judge = (values: Record<string, number | null>, held: HeldLimits = {}, overrides = {}) =>
  judgeLimits({ values, overrides, held })

describe('limits', () => {
  it('lets a profile override one side and keeps the other', () => {
    expect(limitOf('db_pool_utilization', { db_pool_utilization: { warning: 50 } })).toEqual({
      direction: 'above',
      warning: 50,
      critical: 90,
    })
  })

  it.each([
    [75, []],
    [75.1, ['WARNING']],
    [90, ['WARNING']],
    [90.1, ['CRITICAL']],
    [null, []],
  ])('judges a utilization of %s', (value, statuses) => {
    expect(judge({ db_pool_utilization: value }).findings.map(({ status }) => status)).toEqual(statuses)
  })

  it('judges what is bad when low', () => {
    expect(judge({ db_pool_available: 2 }).findings).toEqual([])
    expect(judge({ db_pool_available: 1 }).findings[0]).toEqual({
      status: 'CRITICAL',
      reason: { code: 'pool-available-low', params: { value: 1, limit: 2 } },
    })
  })

  it('holds a crossed limit until the value is 5 % back, so that the status does not flap', () => {
    let held: HeldLimits = {}
    const seen = [91, 89, 86, 85, 74, 72, 71, 74].map((value) => {
      const judged = judge({ db_pool_utilization: value }, held)
      held = judged.held
      return judged.findings[0]?.status ?? 'HEALTHY'
    })
    expect(seen).toEqual([
      ...['CRITICAL', 'CRITICAL', 'CRITICAL', 'WARNING', 'WARNING', 'WARNING', 'HEALTHY', 'HEALTHY'],
    ])
  })

  it('does not hold on to counts: two free connections are two', () => {
    const { held } = judge({ db_pool_available: 1 })
    expect(judge({ db_pool_available: 2 }, held).findings).toEqual([])
  })

  it('puts the worst first', () => {
    const { findings } = judge({ db_pool_waiting: 3, db_xid_age_percent: 80, db_pool_utilization: 80 })
    expect(findings.map(({ reason }) => reason.code)).toEqual([
      'pool-xid-age-high',
      'pool-utilization-high',
      'pool-clients-waiting',
    ])
  })
})
