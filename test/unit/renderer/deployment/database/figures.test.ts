import { describe, expect, it } from 'vitest'
import type { StatementFigures, TopStatements } from '#shared/model/database/statements.ts'
import {
  callsPerMinute,
  coverageOf,
  hitShareOf,
  shareOf,
} from '../../../../../src/renderer/features/deployment/database/statements/figures.ts'

const MINUTE = 60_000
const NOW = 100 * 60 * MINUTE

const all = (given: Partial<TopStatements>): TopStatements => ({
  at: NOW,
  missing: null,
  remedy: null,
  since: NOW - 60 * MINUTE,
  minutes: 60,
  totalMs: 1_000,
  totalCalls: 10,
  statements: [],
  restarted: false,
  cost: { ms: 1, rows: 1, bytes: 1 },
  ...given,
})
const one = (given: Partial<StatementFigures>): StatementFigures => ({
  id: '1/1',
  user: 'shop',
  statement: 'SELECT $1',
  calls: 120,
  totalMs: 250,
  meanMs: 2,
  maxMs: null,
  rows: 1,
  blocksHit: 90,
  blocksRead: 10,
  tempBlocksWritten: 0,
  walBytes: 0,
  ...given,
})

describe('the figures of a statement', () => {
  it.each([
    ['whole', { since: NOW - 60 * MINUTE }],
    ['whole', { since: NOW - 58 * MINUTE }],
    ['part', { since: NOW - 8 * MINUTE }],
    ['counts', { minutes: null }],
    ['unknown', { minutes: null, since: null }],
  ] as const)('cover: %s', (coverage, given) => {
    expect(coverageOf(all(given))).toBe(coverage)
  })

  it('are a share of the time of all statements, and none where none took any', () => {
    expect(shareOf(one({}), all({}))).toBe(25)
    expect(shareOf(one({}), all({ totalMs: 0 }))).toBeNull()
  })

  it('say calls per minute of the time that was watched, not of the window', () => {
    expect(callsPerMinute(one({}), all({}))).toBe(2)
    expect(callsPerMinute(one({}), all({ since: NOW - 8 * MINUTE }))).toBe(15)
    expect(callsPerMinute(one({}), all({ since: null }))).toBeNull()
    expect(callsPerMinute(one({}), all({ since: NOW }))).toBeNull()
  })

  it('say which share of the blocks was in memory, and nothing where none were wanted', () => {
    expect(hitShareOf(one({}))).toBe(90)
    expect(hitShareOf(one({ blocksHit: 0, blocksRead: 0 }))).toBeNull()
  })
})
