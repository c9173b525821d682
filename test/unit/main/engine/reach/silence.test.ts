import { describe, expect, it } from 'vitest'
import { failed } from '../../../../../src/main/engine/reach/failed.ts'
import { ReachError } from '../../../../../src/main/engine/reach/reach.ts'
import { suspectSoon, withinWay } from '../../../../../src/main/engine/reach/silence.ts'
import type { Failure } from '../../../../../src/shared/model/failure.ts'
import { createDrivenClock } from '../../../../support/driven-clock.ts'

const silentHop = failed({ hop: 'ops@bastion:22', on: 'path' }, 'ssh-authentication', 'ssh-unanswered', {
  seconds: 3,
}).failure
const missing = () =>
  failed({ hop: 'Redis cache:6379', on: 'target' }, 'protocol', 'redis-answer-missing', {
    command: 'INFO',
    seconds: 4,
  })

function waiting(timeoutMs: number) {
  const clock = createDrivenClock()
  const way = { askedAt: [] as number[], cut: null as Failure | null }
  const answer = Promise.withResolvers<string>()
  const outcome = withinWay(
    { clock, way: { suspect: () => way.askedAt.push(clock.monotonic()), down: () => way.cut } },
    { signal: new AbortController().signal, timeoutMs },
    missing,
    () => answer.promise,
  ).catch((error: unknown) => (error instanceof ReachError ? error.failure.code : String(error)))
  return { clock, way, answer, outcome }
}

describe('an answer that does not come', () => {
  it.each([
    ['the way, which is silent too', silentHop, 'ssh-unanswered'],
    ['what was asked, where the way stands', null, 'redis-answer-missing'],
  ])('is the fault of %s', async (_whose, cut, code) => {
    const { clock, way, outcome } = waiting(4_000)
    way.cut = cut
    await clock.advance(4_000)
    expect(await outcome).toBe(code)
    expect(clock.waiting()).toBe(0)
  })

  it.each([
    [4_000, 1_000],
    [2_000, 2_000 / 3],
  ])('of %d ms makes the way be asked after %d ms, once', async (timeoutMs, askedAt) => {
    const { clock, way } = waiting(timeoutMs)
    await clock.advance(timeoutMs)
    expect(way.askedAt).toEqual([askedAt])
  })
})

it('nobody asks the way where the answer is there in time', async () => {
  const { clock, way, answer, outcome } = waiting(4_000)
  await clock.advance(900)
  answer.resolve('PONG')
  expect(await outcome).toBe('PONG')
  await clock.advance(10_000)
  expect(way.askedAt).toEqual([])
  expect(clock.waiting()).toBe(0)
  suspectSoon({ clock, way: { suspect: () => way.askedAt.push(0) } }, 3_000)()
  expect(clock.waiting()).toBe(0)
})
