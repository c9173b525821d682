import { expect, it } from 'vitest'
import {
  groupsOf,
  shareOfKeys,
  shareOfMemory,
} from '../../../../../../src/main/engine/inspect/redis/estimates.ts'
import type { Sampled } from '../../../../../../src/main/engine/inspect/redis/sample-keys.ts'

const key = (name: string, bytes: number | null): Sampled => ({
  key: name,
  type: 'string',
  bytes,
  ttlMs: null,
})

/** Numbers that look random and are the same each time (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

it('has no doubt where all keys were looked at', () => {
  expect(shareOfKeys(3, 4, true)).toEqual({ percent: 75, margin: 0 })
  const all = [key('a', 10), key('b', 30)]
  expect(shareOfMemory(all.slice(1), all, true)).toEqual({ percent: 75, margin: 0 })
})

it('doubts also what it saw nothing else of', () => {
  expect(shareOfKeys(10, 10, false).margin).toBeGreaterThan(10)
  expect(shareOfKeys(1_000, 1_000, false).margin).toBeLessThan(0.5)
})

it('knows nothing of sizes that were not told', () => {
  expect(shareOfMemory([key('a', null)], [key('a', null)], false)).toBeNull()
})

it('is right about 95 times in 100, of keys and of memory', () => {
  const random = createRandom(7)
  // Three in ten are large, with sizes that vary.
  const population = Array.from({ length: 20_000 }, (_, index) =>
    index % 10 < 3 ? key('large', 500 + 1_000 * random()) : key('small', 50 + 100 * random()),
  )
  const sumOf = (keys: readonly Sampled[]) => keys.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0)
  const isLarge = (one: Sampled) => one.key === 'large'
  const ofMemory = (100 * sumOf(population.filter(isLarge))) / sumOf(population)
  const right = { keys: 0, memory: 0 }
  for (let round = 0; round < 400; round += 1) {
    const sampled = Array.from(
      { length: 300 },
      () => population[Math.floor(random() * population.length)] ?? key('', 0),
    )
    const groups = groupsOf(
      { sampled, whole: false },
      sampled.map((one) => one.key),
    )
    const large = groups.find(({ name }) => name === 'large')
    if (large?.ofMemory == null) throw new Error('there are large ones')
    if (Math.abs(large.ofKeys.percent - 30) <= large.ofKeys.margin) right.keys += 1
    if (Math.abs(large.ofMemory.percent - ofMemory) <= large.ofMemory.margin) right.memory += 1
  }
  for (const of of [right.keys, right.memory]) {
    expect(of).toBeGreaterThan(0.92 * 400)
    expect(of).toBeLessThan(0.985 * 400)
  }
})
