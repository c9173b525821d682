import { describe, expect, it } from 'vitest'
import { silentLog } from '../../../../../src/main/engine/log.ts'
import {
  type Begun,
  createScheduleClock,
  type Scheduled,
} from '../../../../../src/main/engine/schedules/clock.ts'
import { createDrivenClock } from '../../../../support/driven-clock.ts'

const HOUR_MS = 3_600_000
/** The driven clock's first moment. */
const MIDNIGHT = Date.UTC(2026, 0, 1)

/** Deployments that are backed up at 02:00, and a begin that is told what comes of it. */
function scene(
  names: readonly string[],
  refused: Begun<string> | { readonly current: Begun<string> | null } | null = null,
  {
    timeOf = () => '02:00',
    hangs = () => false,
  }: { timeOf?: (name: string) => `${number}:${number}`; hangs?: (name: string) => boolean } = {},
) {
  const clock = createDrivenClock(MIDNIGHT)
  const seen = new Map<string, number>()
  const begun: { name: string; due: string }[] = []
  const missed: string[] = []
  const waiting: { name: string; why: string | null; since: number }[] = []
  const all = names.map(
    (deployment): Scheduled => ({
      ...{ deployment, what: 'backup' },
      schedule: { kind: 'daily', zone: 'UTC', times: [timeOf(deployment)] },
    }),
  )
  const ends: (() => void)[] = []
  const start = () => {
    const one = createScheduleClock<string>({
      ...{ clock, log: silentLog, scheduled: () => all },
      seenTo: async ({ deployment }) => seen.get(deployment) ?? null,
      async see({ deployment }, at) {
        seen.set(deployment, at)
      },
      async begin({ deployment }, due) {
        begun.push({ name: deployment, due: new Date(due).toISOString().slice(0, 16) })
        if (hangs(deployment)) await new Promise<never>(() => {})
        const answer = refused !== null && 'current' in refused ? refused.current : refused
        return answer ?? { kind: 'begun', ended: new Promise<void>((resolve) => ends.push(resolve)) }
      },
      waitsSince: async ({ deployment }) => waiting.find(({ name }) => name === deployment)?.since ?? null,
      async waiting({ deployment }, _, since, why) {
        waiting.push({ name: deployment, why, since })
      },
      async missed(_, __, why) {
        missed.push(why)
      },
    })
    one.start()
    return one
  }
  return {
    clock,
    seen,
    begun,
    missed,
    waiting,
    start,
    end() {
      for (const each of ends.splice(0)) each()
    },
  }
}

/** Past 02:00 and whatever things are spread by. */
const AFTER_TWO = 2 * HOUR_MS + 6 * 60_000

describe('the clock of schedules', () => {
  it('begins each once at its time, and nothing that was due before anybody looked', async () => {
    const { clock, begun, start, end } = scene(['shop'])
    const running = start()
    await clock.advance(HOUR_MS)
    expect(begun).toEqual([])
    await clock.advance(AFTER_TWO)
    expect(begun).toEqual([{ name: 'shop', due: '2026-01-01T02:00' }])
    end()
    await clock.advance(24 * HOUR_MS)
    expect(begun.map(({ due }) => due)).toEqual(['2026-01-01T02:00', '2026-01-02T02:00'])
    await running.stop()
    await clock.advance(48 * HOUR_MS)
    expect(begun).toHaveLength(2)
  })

  it('makes up once for what was missed while it was stopped or slept', async () => {
    const { clock, seen, begun, start, end } = scene(['shop'])
    seen.set('shop', MIDNIGHT - 10 * 24 * HOUR_MS)
    await clock.advance(AFTER_TWO)
    const running = start()
    await clock.advance(60_000)
    expect(begun).toEqual([{ name: 'shop', due: '2026-01-01T02:00' }])
    end()
    clock.jump(5 * 24 * HOUR_MS)
    await clock.advance(60_000)
    expect(begun.map(({ due }) => due)).toEqual(['2026-01-01T02:00', '2026-01-06T02:00'])
    await running.stop()
  })

  it('has two under way at the most, and the others follow', async () => {
    const { clock, begun, start, end } = scene(['a', 'b', 'c', 'd', 'e'])
    const running = start()
    await clock.advance(AFTER_TWO)
    expect(begun).toHaveLength(2)
    end()
    await clock.advance(60_000)
    expect(begun).toHaveLength(4)
    end()
    await clock.advance(60_000)
    expect(begun.map(({ name }) => name).sort()).toEqual(['a', 'b', 'c', 'd', 'e'])
    await running.stop()
  })

  it('does not begin those of one moment all at once', async () => {
    const { clock, begun, start } = scene(
      Array.from({ length: 30 }, (_, index) => `shop-${index}`),
      { kind: 'begun', ended: Promise.resolve() },
    )
    const running = start()
    await clock.advance(2 * HOUR_MS + 60_000)
    expect(begun.length).toBeGreaterThan(0)
    expect(begun.length).toBeLessThan(25)
    await clock.advance(5 * 60_000)
    expect(begun).toHaveLength(30)
    await running.stop()
  })

  it('tries again for an hour what could not be begun, then tells it and waits for the next time', async () => {
    const { clock, begun, missed, start } = scene(['shop'], {
      kind: 'not-begun',
      why: 'unreachable',
      retry: true,
    })
    const running = start()
    await clock.advance(AFTER_TWO + 2 * HOUR_MS)
    expect(begun.length).toBeGreaterThan(10)
    expect(begun.length).toBeLessThan(15)
    expect(missed).toEqual(['unreachable'])
    await clock.advance(18 * HOUR_MS)
    expect(missed).toEqual(['unreachable'])
    await running.stop()
  })

  it('waits for what is in its way, asks no sooner than that is over, and then begins', async () => {
    let over = () => {}
    const free = new Promise<void>((resolve) => {
      over = resolve
    })
    const refused: { current: Begun<string> | null } = {
      current: { kind: 'not-begun', why: 'busy', retry: true, busy: { free } },
    }
    const { clock, begun, waiting, missed, start, end } = scene(['shop'], refused)
    const running = start()
    await clock.advance(AFTER_TWO)
    expect(waiting[0]).toMatchObject({ name: 'shop', why: 'busy' })
    const asked = begun.length
    refused.current = null
    over()
    await clock.advance(10_000)
    expect(begun).toHaveLength(asked + 1)
    expect(missed).toEqual([])
    end()
    await running.stop()
  })

  it('waits for half a day, counted over a restart, and then tells that it was missed', async () => {
    const busy = { kind: 'not-begun', why: 'busy', retry: true, busy: { free: null } } as const
    const { clock, missed, start } = scene(['shop'], { current: busy })
    const running = start()
    await clock.advance(AFTER_TWO + 6 * HOUR_MS)
    await running.stop()
    const again = start()
    await clock.advance(5 * HOUR_MS)
    expect(missed).toEqual([])
    await clock.advance(HOUR_MS + 10 * 60_000)
    expect(missed).toEqual(['busy'])
    await again.stop()
  })

  it('tries again for an hour what waited for longer before, and only then tells it', async () => {
    const refused: { current: Begun<string> | null } = {
      current: { kind: 'not-begun', why: 'busy', retry: true, busy: { free: null } },
    }
    const { clock, begun, missed, start } = scene(['shop'], refused)
    const running = start()
    await clock.advance(AFTER_TWO + 3 * HOUR_MS)
    const asked = begun.length
    refused.current = { kind: 'not-begun', why: 'unreachable', retry: true }
    await clock.advance(30 * 60_000)
    expect(begun.length).toBeGreaterThan(asked + 4)
    expect(missed).toEqual([])
    await clock.advance(HOUR_MS)
    expect(missed).toEqual(['unreachable'])
    await running.stop()
  })

  it('says of what waits for others of ours that it does, once', async () => {
    const { clock, waiting, start } = scene(['a', 'b', 'c'])
    const running = start()
    await clock.advance(AFTER_TWO + HOUR_MS)
    expect(waiting).toHaveLength(1)
    expect(waiting[0]).toMatchObject({ why: null })
    await running.stop()
  })

  it('tells at once what cannot be begun', async () => {
    const { clock, begun, missed, start } = scene(['shop'], {
      kind: 'not-begun',
      why: 'paused',
      retry: false,
    })
    const running = start()
    await clock.advance(AFTER_TWO)
    expect(begun).toHaveLength(1)
    expect(missed).toEqual(['paused'])
    await running.stop()
  })

  it('goes on where its moments were seen to by a clock that was a year ahead', async () => {
    const { clock, seen, begun, start, end } = scene(['shop'])
    seen.set('shop', MIDNIGHT + 365 * 24 * HOUR_MS)
    const running = start()
    await clock.advance(AFTER_TWO)
    expect(begun).toEqual([{ name: 'shop', due: '2026-01-01T02:00' }])
    end()
    await running.stop()
  })

  it('begins first what is due longest, wherever it stands in the list', async () => {
    const { clock, seen, begun, start, end } = scene(['a', 'b', 'c'], null, {
      timeOf: (name) => (name === 'c' ? '01:00' : '02:00'),
    })
    for (const name of ['a', 'b', 'c']) seen.set(name, MIDNIGHT)
    await clock.advance(AFTER_TWO)
    const running = start()
    await clock.advance(0)
    expect(begun.map(({ name }) => name)).toEqual(['c', 'a'])
    end()
    await running.stop()
  })

  it('is not held up by what does not come to its beginning', async () => {
    const { clock, begun, start } = scene(['a', 'b'], null, { hangs: () => true })
    start()
    await clock.advance(AFTER_TWO)
    expect(begun.map(({ name }) => name).sort()).toEqual(['a', 'b'])
  })

  it('says of nothing that is just being begun that it waits for others', async () => {
    const { clock, begun, waiting, start } = scene(['a'], null, { hangs: () => true })
    start()
    await clock.advance(AFTER_TWO)
    expect(begun).toHaveLength(1)
    await clock.advance(60_000)
    expect([begun.length, waiting]).toEqual([1, []])
  })
})
