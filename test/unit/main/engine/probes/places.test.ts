import { expect, it } from 'vitest'
import { createPlaces } from '../../../../../src/main/engine/probes/places.ts'

const many = (count: number, failing: boolean) => Array.from({ length: count }, () => ({ failing }))

it('lets 32 begin, and then one for each that ends, in the order in which they came', () => {
  const places = createPlaces<{ failing: boolean }>()
  const all = many(34, false)
  expect(all.map(places.take).filter(Boolean)).toHaveLength(32)
  expect(places.taken()).toBe(32)
  expect(places.free(all[0] ?? { failing: false })).toBe(all[32])
  expect(places.waits(all[33] ?? { failing: false })).toBe(true)
})

it('keeps half of the places from what failed, however much of it there is', () => {
  const places = createPlaces<{ failing: boolean }>()
  const failing = many(40, true)
  expect(failing.map(places.take).filter(Boolean)).toHaveLength(16)
  const well = many(16, false)
  expect(well.map(places.take).filter(Boolean)).toHaveLength(16)
  const late = { failing: false }
  expect(places.take(late)).toBe(false)
  // A place of what is well goes to what is well, though much that fails has waited longer.
  expect(places.free(well[0] ?? late)).toBe(late)
  // A place of what failed goes to the next that failed, which may have recovered meanwhile.
  const first = failing[0] ?? late
  first.failing = false
  expect(places.free(first)).toBe(failing[16])
})

it('forgets whoever leaves the line', () => {
  const places = createPlaces<{ failing: boolean }>()
  const [one = { failing: false }, ...rest] = many(33, false)
  const last = { failing: false }
  for (const each of [one, ...rest, last]) places.take(each)
  for (const each of rest) places.leave(each)
  places.leave(last)
  expect(places.free(one)).toBeNull()
})
