import { describe, expect, it } from 'vitest'
import { decideRetry } from '../../../../../src/main/engine/reach/retry-policy.ts'

const at = 'PostgreSQL db:5432'
const target = { recovery: 'by-itself', on: 'target', hop: at } as const
const bastion = { recovery: 'by-itself', on: 'path', hop: 'ops@bastion:22' } as const
const lowest = () => 0
const highest = () => 0.999_999

describe('when to try again', () => {
  it.each([
    { failures: 0, least: 250, most: 500 },
    { failures: 1, least: 500, most: 1_000 },
    { failures: 2, least: 1_000, most: 2_000 },
    { failures: 3, least: 2_000, most: 4_000 },
  ])('backs off exponentially with jitter after failure $failures in a row', ({ failures, least, most }) => {
    expect(decideRetry(target, at, failures, lowest)).toEqual({
      kind: 'backoff',
      waitMs: least,
      failures: failures + 1,
    })
    expect(decideRetry(target, at, failures, highest)).toEqual({
      kind: 'backoff',
      waitMs: most,
      failures: failures + 1,
    })
  })

  it.each([
    [4, 10_000],
    [5, 20_000],
    [6, 40_000],
    [7, 60_000],
    [50, 60_000],
  ])('opens the breaker after failure %i in a row for %i ms, then tries once', (failures, openMs) => {
    expect(decideRetry(target, at, failures, lowest)).toEqual({
      kind: 'breaker',
      waitMs: openMs,
      failures: failures + 1,
    })
    expect(decideRetry(target, at, failures, highest)).toMatchObject({
      kind: 'breaker',
      waitMs: openMs * 1.1,
    })
  })

  it('never tries again by itself what waits for a person', () => {
    expect(decideRetry({ ...target, recovery: 'person' }, at, 0, lowest)).toEqual({
      kind: 'person',
      failures: 1,
    })
  })

  it('counts a cut way against the hop that is cut, not against what lies behind it', () => {
    expect(decideRetry(bastion, at, 4, lowest)).toMatchObject({ kind: 'way', failures: 4 })
    expect(decideRetry({ ...bastion, recovery: 'person' }, at, 0, lowest)).toMatchObject({
      kind: 'way',
      failures: 0,
    })
    expect(decideRetry(bastion, bastion.hop, 4, lowest)).toMatchObject({ kind: 'breaker', failures: 5 })
    expect(decideRetry({ ...bastion, recovery: 'person' }, bastion.hop, 0, lowest)).toMatchObject({
      kind: 'person',
    })
  })
})
