import { expect, it } from 'vitest'
import {
  type Known,
  leaseOf,
  stateOf,
  voiceOf,
} from '../../../../../../src/main/engine/alerts/lease/lease.ts'
import { failed } from '../../../../../../src/main/engine/reach/failed.ts'

const NOW = 1_000_000
const known = (rest: Partial<Known> = {}): Known => ({
  ...{ place: 'redis', startedAt: NOW - 60_000, answered: null, failure: null, isUnheard: false },
  ...rest,
})
const FAILURE = failed({ hop: 'Redis', on: 'target' }, 'tcp', 'tcp-silent', {
  host: 'redis',
  port: 6379,
  seconds: 2,
}).failure
const mine = (at: number) => known({ answered: { at, found: { kind: 'mine' } } })
const theirs = (at: number) => known({ answered: { at, found: { kind: 'theirs', holder: 'anna' } } })
const impossible = known({ answered: { at: NOW, found: { kind: 'impossible', problem: 'pooled' } } })

it.each([
  ['none is asked for', null, 'alone', true, false],
  ['it was just begun', known({ startedAt: NOW - 9_000 }), 'starting', false, null],
  ['nothing was ever answered', known(), 'unsure', true, true],
  ['it is ours', mine(NOW - 9_999), 'holds', true, false],
  [
    'it is ours, and just now nothing was answered',
    { ...mine(NOW - 3_000), failure: FAILURE },
    'holds',
    true,
    true,
  ],
  ['it was ours, and nothing is known since', mine(NOW - 10_000), 'unsure', true, true],
  ['another console has it', theirs(NOW - 3_000), 'waits', false, null],
  ['another had it, and nothing is known since', theirs(NOW - 10_000), 'unsure', true, true],
  ['the clock was set back', theirs(NOW + 1), 'unsure', true, true],
  ['it cannot be held there', impossible, 'unsure', true, true],
  ['nobody hears this console', { ...theirs(NOW), isUnheard: true }, 'aside', true, true],
] as const)('where %s', (_, one, state, tells, doubled) => {
  expect(stateOf(one, NOW)).toBe(state)
  expect(voiceOf(one, NOW)).toMatchObject(tells ? { tells, doubled } : { tells })
})

it('asks again when what is known of another console ends', () => {
  expect(voiceOf(theirs(NOW - 3_000), NOW)).toEqual({ tells: false, holder: 'anna', until: NOW + 7_000 })
})

it('says who tells, and why it cannot be agreed on', () => {
  expect(leaseOf(mine(NOW), 'boris', 5, NOW)).toMatchObject({ state: 'holds', holder: 'boris', since: 5 })
  expect(leaseOf(theirs(NOW), 'boris', 5, NOW)).toMatchObject({ state: 'waits', holder: 'anna' })
  expect(leaseOf(impossible, 'boris', 5, NOW)).toMatchObject({ holder: null, problem: 'pooled' })
})
