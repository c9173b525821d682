import { expect, it } from 'vitest'
import { unwatched, watchingStage } from '../../../../../src/main/engine/backups/staging/watch.ts'
import { createDrivenClock } from '../../../../support/driven-clock.ts'

const MINUTE = 60_000
const NEVER = new Promise<never>(() => {})
const STUCK = { failure: { code: 'staging-stuck', params: { directory: '/nfs', seconds: 1_800 } } }

const settled = (work: Promise<unknown>) => {
  const seen: { outcome: unknown } = { outcome: 'waits' }
  work.then(
    (value) => {
      seen.outcome = value
    },
    (error: unknown) => {
      seen.outcome = error
    },
  )
  return seen
}

function watching(ask: (path: string) => Promise<void>) {
  const clock = createDrivenClock()
  const exit = Promise.withResolvers<string>()
  const watch = watchingStage('/nfs/stage', '/nfs', clock, ask)(exit.promise)
  return { clock, exit, watch, waits: settled(watch.unless(exit.promise)) }
}

it('waits for as long as a program takes where the disk answers, be it with an error', async () => {
  const asked: string[] = []
  const { clock, exit, watch, waits } = watching(async (path) => {
    asked.push(path)
    if (asked.length % 2 === 0) throw new Error('ENOSPC')
  })
  await clock.advance(5 * 60 * MINUTE)
  expect(watch.silent.aborted).toBe(false)
  expect([asked[0], asked.length]).toEqual(['/nfs/stage/asked', 601])
  exit.resolve('ended')
  await clock.advance(MINUTE)
  expect(waits.outcome).toBe('ended')
  expect([asked.length, clock.waiting()]).toEqual([601, 0])
})

it('says after half an hour of silence that the disk hangs, and some seconds later lets go of a program that cannot be ended', async () => {
  let answers = 0
  const { clock, watch, waits } = watching(() => {
    answers += 1
    return answers > 3 ? NEVER : Promise.resolve()
  })
  await clock.advance(30 * MINUTE)
  expect(watch.silent.aborted).toBe(false)
  // It is asked once, and not again before it has answered.
  expect(answers).toBe(4)
  await clock.advance(2 * MINUTE)
  expect(watch.silent.reason).toMatchObject(STUCK)
  expect(waits.outcome).toMatchObject(STUCK)
})

it('gives a program that can be ended the seconds to do so', async () => {
  const { clock, exit, watch, waits } = watching(() => NEVER)
  watch.silent.addEventListener('abort', () => clock.after(3_000, () => exit.resolve('killed')))
  await clock.advance(31 * MINUTE)
  expect([watch.silent.aborted, waits.outcome]).toEqual([true, 'killed'])
})

it('says nothing of a disk that hangs once the program has ended', async () => {
  const { clock, exit, watch, waits } = watching(() => NEVER)
  await clock.advance(29 * MINUTE)
  exit.resolve('ended')
  await clock.advance(60 * MINUTE)
  expect([watch.silent.aborted, waits.outcome, clock.waiting()]).toEqual([false, 'ended', 0])
})

it('of what lies nowhere nothing is asked', async () => {
  const { silent, unless } = unwatched(NEVER)
  expect([silent.aborted, await unless(Promise.resolve('done'))]).toEqual([false, 'done'])
})
