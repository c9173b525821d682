import { describe, expect, it } from 'vitest'
import { createKeepAlive } from '../../../../../../src/main/engine/reach/links/keep-alive.ts'
import { createDrivenClock } from '../../../../../support/driven-clock.ts'

/** The far side of the one request that keep-alive makes: it answers after a while, or not at all. */
function farSide(alive = { intervalMs: 15_000, missedAtMost: 3 }) {
  const clock = createDrivenClock()
  const side = {
    answersAfterMs: 5 as number | null,
    asked: 0,
    dead: [] as number[],
    heardAfter: [] as number[],
  }
  const client = {
    unforwardIn(_address: string, _port: number, done: () => void) {
      side.asked += 1
      if (side.answersAfterMs !== null) clock.after(side.answersAfterMs, done)
      return client
    },
  }
  const keepAlive = createKeepAlive({
    client: client as never,
    clock,
    alive,
    onHeard: (ms) => side.heardAfter.push(ms),
    onDead: (ms) => side.dead.push(ms),
  })
  return { clock, side, keepAlive }
}

describe('keep-alive', () => {
  it('asks at every interval, and knows the latest round trip', async () => {
    const { clock, side, keepAlive } = farSide()
    expect(keepAlive.latencyMs()).toBe(null)
    await clock.advance(62_000)
    expect(side).toMatchObject({ asked: 5, dead: [] })
    expect(keepAlive.latencyMs()).toBe(5)
    keepAlive.stop()
    expect(clock.waiting()).toBe(0)
  })

  it('gives up after three that stayed unanswered', async () => {
    const { clock, side } = farSide()
    await clock.advance(20_000)
    side.answersAfterMs = null
    await clock.advance(54_000)
    expect(side.dead).toEqual([])
    await clock.advance(2_000)
    expect(side.dead).toHaveLength(1)
    expect(clock.waiting()).toBe(0)
  })

  it('has the interval and the patience that it is given', async () => {
    const { clock, side } = farSide({ intervalMs: 1_000, missedAtMost: 1 })
    side.answersAfterMs = null
    await clock.advance(1_900)
    expect(side).toMatchObject({ asked: 2, dead: [] })
    await clock.advance(200)
    expect(side.dead).toHaveLength(1)
  })

  it.each([
    ['asks once where it is switched off', { intervalMs: 0, missedAtMost: 3 }, 1],
    ['never gives up where nothing may be missing', { intervalMs: 15_000, missedAtMost: 0 }, 41],
  ])('%s', async (_name, alive, asked) => {
    const { clock, side, keepAlive } = farSide(alive)
    side.answersAfterMs = null
    await clock.advance(600_000)
    expect(side).toMatchObject({ asked, dead: [] })
    keepAlive.suspect()
    await clock.advance(5_000)
    expect(side.dead).toHaveLength(1)
  })

  it('goes on when an answer was only late', async () => {
    const { clock, side } = farSide()
    side.answersAfterMs = 20_000
    await clock.advance(300_000)
    expect(side.dead).toEqual([])
  })

  it('is proven or given up within 5 s once it is suspected', async () => {
    const { clock, side, keepAlive } = farSide()
    await clock.advance(1_000)
    keepAlive.suspect()
    keepAlive.suspect()
    await clock.advance(6_000)
    expect(side).toMatchObject({ asked: 2, dead: [] })
    side.answersAfterMs = null
    keepAlive.suspect()
    await clock.advance(5_000)
    expect(side.dead).toHaveLength(1)
  })

  it('knows for how long it has been asked in vain, from the first question on', async () => {
    const { clock, side, keepAlive } = farSide()
    await clock.advance(3_000)
    expect(keepAlive.silentMs()).toBe(0)
    side.answersAfterMs = null
    await clock.advance(13_000)
    expect(keepAlive.silentMs()).toBe(1_000)
    keepAlive.suspect()
    await clock.advance(2_000)
    expect(keepAlive.silentMs()).toBe(3_000)
  })

  it('takes anything that comes for a sign of life, and tells how long there was none', async () => {
    const { clock, side, keepAlive } = farSide({ intervalMs: 15_000, missedAtMost: 1 })
    await clock.advance(1_000)
    side.answersAfterMs = null
    keepAlive.suspect()
    await clock.advance(4_000)
    keepAlive.heard()
    expect(keepAlive.silentMs()).toBe(0)
    expect(side.heardAfter).toEqual([5, 4_000])
    await clock.advance(4_900)
    expect(side.dead).toEqual([])
    keepAlive.heard()
    // What came may have been on its way before it fell silent: it is given as long again, and no longer.
    await clock.advance(4_900)
    expect(side.dead).toEqual([])
    await clock.advance(200)
    expect(side.dead).toHaveLength(1)
    keepAlive.heard()
    expect(side.heardAfter).toEqual([5, 4_000, 4_900])
    expect(clock.waiting()).toBe(0)
  })
})
