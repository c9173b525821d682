import { describe, expect, it } from 'vitest'
import type { Log } from '../../../../src/main/engine/log.ts'
import { createReleases } from '../../../../src/main/engine/releases.ts'

const forEver = () => new Promise<void>(() => {})

function setUp() {
  const warned: object[] = []
  const log: Log = { debug() {}, info() {}, error() {}, warn: (fields) => void warned.push(fields) }
  const released: string[] = []
  const releases = createReleases(log)
  return {
    releases,
    released,
    warned,
    add: (name: string) => releases.add(name, () => void released.push(name)),
  }
}

describe('releases', () => {
  it('are made last in, first out, also past one that fails or hangs', async () => {
    const { releases, released, warned, add } = setUp()
    add('first')
    releases.add('broken', () => Promise.reject(new Error('it broke')))
    releases.add('hung', forEver)
    add('last')
    await releases.releaseAll(20)
    expect(released).toEqual(['last', 'first'])
    expect(warned).toEqual([
      { resource: 'hung', timeoutMs: 20 },
      { resource: 'broken', err: new Error('it broke') },
    ])
  })

  it('are bounded together; those that wait for nothing are made all the same', async () => {
    const { releases, released, add } = setUp()
    add('first')
    for (let hung = 0; hung < 4; hung += 1) releases.add('hung', forEver)
    const began = performance.now()
    await releases.releaseAll(400, 500)
    expect(released).toEqual(['first'])
    // The whole bound, and a moment for each of those that came after it.
    expect(performance.now() - began).toBeLessThan(4 * 400)
  })

  it('end at the same time for everybody who asks', async () => {
    const { releases, released, add } = setUp()
    add('first')
    releases.add('slow', () => new Promise((resolve) => setTimeout(resolve, 30)))
    await Promise.all([1, 2].map(() => releases.releaseAll().then(() => expect(released).toEqual(['first']))))
    await releases.releaseAll()
    expect(released).toEqual(['first'])
  })
})
