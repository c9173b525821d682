import { describe, expect, it } from 'vitest'
import { askAgainAfter } from '../../../../../src/renderer/features/deployment/database/polling.ts'

const NOW = 1_700_000_000_000

describe('when a question is asked again by itself', () => {
  it.each([
    {
      of: 'an answer',
      error: null,
      dataUpdatedAt: NOW,
      errorUpdatedAt: 0,
      errorUpdateCount: 0,
      after: 5_000,
    },
    {
      of: 'an answer after failures',
      error: null,
      dataUpdatedAt: NOW,
      errorUpdatedAt: NOW - 1_000,
      errorUpdateCount: 4,
      after: 5_000,
    },
    {
      of: 'the very first failure',
      error: {},
      dataUpdatedAt: 0,
      errorUpdatedAt: NOW,
      errorUpdateCount: 1,
      after: 5_000,
    },
    {
      of: 'the second without an answer',
      error: {},
      dataUpdatedAt: 0,
      errorUpdatedAt: NOW,
      errorUpdateCount: 2,
      after: 10_000,
    },
    {
      of: 'the thirtieth without an answer',
      error: {},
      dataUpdatedAt: 0,
      errorUpdatedAt: NOW,
      errorUpdateCount: 30,
      after: 30_000,
    },
    {
      of: 'the first failure after answers',
      error: {},
      dataUpdatedAt: NOW - 5_100,
      errorUpdatedAt: NOW,
      errorUpdateCount: 7,
      after: 5_100,
    },
    {
      of: 'failures for a quarter of a minute',
      error: {},
      dataUpdatedAt: NOW - 15_000,
      errorUpdatedAt: NOW,
      errorUpdateCount: 2,
      after: 15_000,
    },
    {
      of: 'failures for an hour',
      error: {},
      dataUpdatedAt: NOW - 3_600_000,
      errorUpdatedAt: NOW,
      errorUpdateCount: 99,
      after: 30_000,
    },
  ])('after $of: $after ms', ({ of: _, after, ...asking }) => {
    expect(askAgainAfter(5_000, asking)).toBe(after)
  })

  it('is never sooner than where all is well', () => {
    const failed = { error: {}, dataUpdatedAt: 0, errorUpdatedAt: NOW, errorUpdateCount: 1 }
    expect(askAgainAfter(30_000, failed)).toBe(30_000)
  })
})
