// Somebody sets the clock of the console's machine: nothing is blamed for it, and no look is left out or made in a burst.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { until } from '../../../support/until.ts'
import { countPostgres, countRedis, type Site, startConsole, startSite, untilHealthy } from '../engine-kit.ts'
import { countHeld, TARGETS } from './held.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const PROBES = ['health', 'pool', 'redis'] as const
let site: Site

beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site?.stop())

it.each([
  ['an hour ahead', HOUR],
  ['an hour back', -HOUR],
  ['a day ahead', DAY],
  ['a day back', -DAY],
])(
  'goes on looking when the clock is set %s, and calls nothing bad',
  async (_how, jumpMs) => {
    const { engine, clock } = await startConsole({
      secrets: site.secrets,
      // How soon a busy machine answers is not what is looked at.
      profiles: [site.profile('shop', { limits: { redis_latency_ms: { warning: 3_000 } } })],
    })
    await untilHealthy(engine, 'shop', PROBES.length)
    const postgres = await countPostgres(site.postgres)
    const held = countHeld()
    for (const target of TARGETS) held.watch('shop', target, site[target].port)
    const ringOf = (probe: (typeof PROBES)[number], target: string) => engine.live.ring('shop', probe, target)
    const latest = () => engine.live.latest('shop')
    const targets = new Map(latest().map(({ probe, target }) => [probe, target]))
    const seen = () => PROBES.map((probe) => ringOf(probe, targets.get(probe) ?? ''))
    const known = new Set(seen().flat())
    const looks = engine.condition().then(({ looks: { total } }) => total)
    const before = await looks
    const monotonic = performance.now()

    clock.leap(jumpMs)
    const made = () => seen().map((ring) => ring.filter((one) => !known.has(one)))
    await until(() => made().every((ring) => ring.filter(({ status }) => status === 'HEALTHY').length >= 2), {
      timeoutMs: 25_000,
      what: 'two looks of each since the clock was set',
    }).catch((error: unknown) => {
      throw new Error(JSON.stringify(seen().map((ring) => ring.map(({ at, status }) => [at, status]))), {
        cause: error,
      })
    })
    // A clock set ahead cannot be told from a sleep in which monotonic time stood: nothing was observed meanwhile, is said.
    const allowed = new Set(jumpMs > 0 ? ['HEALTHY', 'UNOBSERVED'] : ['HEALTHY'])
    expect(
      made()
        .flat()
        .filter(({ status }) => !allowed.has(status)),
    ).toEqual([])
    const elapsed = performance.now() - monotonic
    const total = (await engine.condition()).looks.total - before
    // One look of each an interval at most, the one that was due, and that nothing was observed.
    expect(total).toBeLessThanOrEqual(PROBES.length * (Math.ceil(elapsed / 4_750) + 2))
    expect(
      latest().every(({ at }) => Math.abs(at - clock.now()) < 10_000),
      JSON.stringify(latest().map(({ at }) => at - clock.now())),
    ).toBe(true)
    expect(await held.excess()).toEqual([])

    await engine.stop()
    await until(async () => (await postgres()) === 0 && (await countRedis(site.redis)) === 0)
    await until(() => site.service.connections() === 0)
    expect(clock.timers()).toBe(0)
  },
  45_000,
)
