import { expect, it } from 'vitest'
import { createPatience } from '../../../../../../src/main/engine/reach/links/patience.ts'
import { createDrivenClock } from '../../../../../support/driven-clock.ts'

it('runs out while nothing is heard, not while a person is asked, and once', async () => {
  const clock = createDrivenClock()
  const over: number[] = []
  const patience = createPatience(clock, 1_000, (ms) => over.push(ms))
  await clock.advance(900)
  patience.restart(2_000)
  await clock.advance(1_900)
  patience.pause()
  await clock.advance(600_000)
  expect(over).toEqual([])
  patience.restart()
  await clock.advance(1_999)
  expect(over).toEqual([])
  await clock.advance(1)
  expect(over).toEqual([2_000])
  patience.restart()
  await clock.advance(60_000)
  expect(over).toEqual([2_000])
  expect(clock.waiting()).toBe(0)
})

it('waits for nothing once it is stopped', () => {
  const clock = createDrivenClock()
  const patience = createPatience(clock, 1_000, () => {})
  patience.stop()
  patience.restart()
  expect(clock.waiting()).toBe(0)
})
