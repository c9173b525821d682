import { expect, it } from 'vitest'
import { awaitInTurns, inTurns } from '../../../../src/main/engine/in-turns.ts'

/** As long as a turn may take, so that each is one. */
function holdTheThread() {
  const until = performance.now() + 11
  while (performance.now() < until);
}

it.each([
  ['goes through many', (all: number[], work: (one: number) => number) => inTurns(all, work)],
  // A promise of what is there leaves nobody a turn by itself.
  [
    'waits for what is there at once',
    (all: number[], work: (one: number) => number) => awaitInTurns(all, async (one) => work(one)),
  ],
])('lets others have their turn while it %s, and keeps the order', async (_, go) => {
  const all = Array.from({ length: 50 }, (_, index) => index)
  let others = 0
  let isDone = false
  const others_ = () => {
    others += 1
    if (!isDone) setImmediate(others_)
  }
  setImmediate(others_)
  const done = await go(all, (one) => {
    holdTheThread()
    return one * 2
  })
  isDone = true
  expect(done).toEqual(all.map((one) => one * 2))
  expect(others).toBeGreaterThan(all.length / 2)
})

it('is done with none at once', async () => {
  expect(await inTurns([], () => 1)).toEqual([])
  expect(await awaitInTurns([], () => Promise.resolve(1))).toEqual([])
})
