import { expect, it } from 'vitest'
import { inTurns } from '../../../../src/main/engine/in-turns.ts'

it('lets others have their turn while it goes through many, and keeps the order', async () => {
  const all = Array.from({ length: 50 }, (_, index) => index)
  let others = 0
  let isDone = false
  const others_ = () => {
    others += 1
    if (!isDone) setImmediate(others_)
  }
  setImmediate(others_)
  const done = await inTurns(all, (one) => {
    // As long as a turn may take, so that each is one.
    const until = performance.now() + 11
    while (performance.now() < until);
    return one * 2
  })
  isDone = true
  expect(done).toEqual(all.map((one) => one * 2))
  expect(others).toBeGreaterThan(all.length / 2)
})

it('is done with none at once', async () => {
  expect(await inTurns([], () => 1)).toEqual([])
})
