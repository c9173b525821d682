import { expect, test } from 'vitest'
import { createUnlocks, UNLOCKED_MS } from '../../../../../src/main/engine/policy/unlocks.ts'
import { createDrivenClock } from '../../../../support/driven-clock.ts'

test('holds for a quarter of an hour, for one deployment and one actor', async () => {
  const clock = createDrivenClock()
  const unlocks = createUnlocks({ clock })
  unlocks.unlock('shop', 'anna')
  await clock.advance(UNLOCKED_MS - 1)
  expect(unlocks.isUnlocked('shop', 'anna')).toBe(true)
  expect(unlocks.isUnlocked('shop', 'boris')).toBe(false)
  expect(unlocks.isUnlocked('billing', 'anna')).toBe(false)
  await clock.advance(1)
  expect(unlocks.isUnlocked('shop', 'anna')).toBe(false)
})

test('does not outlast a night that the machine slept through, nor a clock that was set back', async () => {
  const clock = createDrivenClock()
  const unlocks = createUnlocks({ clock })
  unlocks.unlock('shop', 'anna')
  clock.jump(8 * 3_600_000)
  expect(unlocks.isUnlocked('shop', 'anna')).toBe(false)
  unlocks.unlock('shop', 'anna')
  clock.jump(-8 * 3_600_000)
  await clock.advance(UNLOCKED_MS)
  expect(unlocks.isUnlocked('shop', 'anna')).toBe(false)
})
