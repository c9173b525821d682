import { describe, expect, it } from 'vitest'
import {
  GIVE_UP_AFTER_MS,
  outcomeOf,
  paceOf,
} from '../../../../../../src/main/engine/alerts/notify/pacing.ts'
import type { DeliveryAnswer } from '../../../../../../src/shared/model/delivery.ts'

const HALF = () => 0.5
const wait = (attempts: number, retryAfterMs: number | null, random = HALF) => {
  const pace = paceOf({ attempts, retryAfterMs, now: 1_000_000, decidedAt: 1_000_000 }, random)
  return pace.kind === 'again' ? pace.at - 1_000_000 : pace.kind
}

describe('the wait before the next attempt', () => {
  it.each([
    [1, null, 1_500],
    [2, null, 3_000],
    [3, null, 6_000],
    [8, null, 192_000],
    [9, null, 225_000],
    [500, null, 225_000],
    // What the other side asked for is the least.
    [1, 90_000, 90_000],
    [9, 1_000, 225_000],
    [1, 0, 1_500],
    [1, GIVE_UP_AFTER_MS + 1, 'give-up'],
  ] as const)('attempt %i, Retry-After %s: %s', (attempts, retryAfterMs, expected) => {
    expect(wait(attempts, retryAfterMs)).toBe(expected)
  })

  it('is spread, and never less than half', () => {
    expect(wait(1, null, () => 0)).toBe(1_000)
    expect(wait(1, null, () => 0.999_999)).toBe(2_000)
  })

  it('is over a day after the decision', () => {
    const decidedAt = 1_000_000 - GIVE_UP_AFTER_MS
    expect(paceOf({ attempts: 300, retryAfterMs: null, now: 1_000_000, decidedAt }, HALF).kind).toBe(
      'give-up',
    )
  })
})

describe('what becomes of a message', () => {
  const failure = (step: 'tcp' | 'protocol') =>
    ({ step, hop: 'x', on: 'target', code: 'x', params: {}, recovery: 'by-itself' }) as const
  const silent: DeliveryAnswer = {
    status: 'retry',
    code: null,
    text: '',
    failure: failure('protocol'),
    ms: 1,
  }
  const taken: DeliveryAnswer = { ...silent, status: 'delivered', code: 200, failure: null }
  const cases: readonly [string, DeliveryAnswer, boolean, string, boolean][] = [
    ['it went out and nothing came back', silent, false, 'waiting', true],
    ['it never got there', { ...silent, failure: failure('tcp') }, false, 'waiting', false],
    ['it was answered "not now"', { ...silent, code: 503 }, false, 'waiting', false],
    ['it was delivered', taken, false, 'delivered', false],
    ['a possible repeat was delivered', taken, true, 'delivered', true],
    ['it was refused', { ...silent, status: 'refused', code: 404 }, false, 'refused', false],
  ]
  it.each(cases)('%s', (_what, answer, before, state, possibleRepeat) => {
    const { nextAt, ...rest } = outcomeOf(
      {
        ...{ answer, retryAfterMs: null, at: 0, now: 1 },
        before: { attempts: 0, possibleRepeat: before, decidedAt: 0 },
      },
      HALF,
    )
    expect(rest).toMatchObject({ state, possibleRepeat, attempt: { at: 0, answer } })
    expect(nextAt).toBe(state === 'waiting' ? 1_501 : null)
  })
})
