/** Two consoles on one deployment and one clock: who tells, also where one dies, is cut off, or the place of the lease is gone. */
import { afterEach, describe, expect, it } from 'vitest'
import type { Found, LeaseSeat } from '../../../../../../src/main/engine/alerts/lease/lease.ts'
import { createLeases, type Leases } from '../../../../../../src/main/engine/alerts/lease/leases.ts'
import { silentLog } from '../../../../../../src/main/engine/log.ts'
import { failed } from '../../../../../../src/main/engine/reach/failed.ts'
import { DeploymentProfile } from '../../../../../../src/shared/model/profile/deployment.ts'
import { type AlertScene, createAlertScene } from '../../../../../support/alert-scene.ts'
import { createDrivenClock, type DrivenClock } from '../../../../../support/driven-clock.ts'

const LASTS_MS = 10_000
const { redis: CACHES, postgres: DATABASE } = DeploymentProfile.parse({
  ...{ name: 'shop', environment: 'staging' },
  redis: [{ name: 'cache', url: 'redis://redis' }],
  postgres: { url: 'postgres://vakhta@db/shop' },
})

/** A place as a Redis is: what is held there ends by itself. */
function createPlace(clock: DrivenClock) {
  let held: { by: string; until: number } | null = null
  let isUp = true
  const cut = new Set<string>()
  const reach = (name: string) => {
    if (!isUp || cut.has(name))
      throw failed({ hop: 'Redis', on: 'target' }, 'tcp', 'tcp-refused', { host: 'redis', port: 6379 })
  }
  return {
    seat: (name: string): LeaseSeat => ({
      async turn(): Promise<Found> {
        reach(name)
        if (held !== null && held.until > clock.now() && held.by !== name) {
          return { kind: 'theirs', holder: held.by }
        }
        held = { by: name, until: clock.now() + LASTS_MS }
        return { kind: 'mine' }
      },
      async leave() {
        reach(name)
        if (held?.by === name) held = null
      },
    }),
    up(is: boolean) {
      isUp = is
    },
    cut: (name: string, is: boolean) => void (is ? cut.add(name) : cut.delete(name)),
  }
}

interface Seated {
  readonly scene: AlertScene
  readonly leases: Leases
  hear(isHeard: boolean): void
  isAlive: boolean
}

const releases: (() => Promise<void>)[] = []
afterEach(async () => {
  for (let release = releases.pop(); release !== undefined; release = releases.pop()) await release()
})

async function startPair() {
  const clock = createDrivenClock()
  const place = createPlace(clock)
  const start = async (name: string): Promise<Seated> => {
    let isHeard = true
    const seat = place.seat(name)
    const leases = createLeases({
      seats: { of: () => seat, forget() {} },
      consoleName: () => name,
      isHeard: async () => isHeard,
      onTurn: (deployment) => scene.alerts().reconsider(deployment),
      ...{ clock, log: silentLog },
    })
    const scene = await createAlertScene(['shop'], { clock, voiceOf: leases.voice })
    leases.edit('shop', { name: 'shop', lease: 'redis', redis: CACHES, postgres: DATABASE })
    leases.start()
    releases.push(async () => {
      await leases.stop()
      await scene.close()
    })
    const hear = (is: boolean) => {
      isHeard = is
    }
    return { scene, leases, hear, isAlive: true }
  }
  const anna = await start('anna')
  await clock.advance(1_000)
  const boris = await start('boris')
  await clock.advance(1_000)
  return { clock, place, anna, boris }
}

type Pair = Awaited<ReturnType<typeof startPair>>

/** Both look for so long, every five seconds. */
async function looks({ clock, anna, boris }: Pair, ms: number, pool: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 5_000) {
    for (const { scene, isAlive } of [anna, boris]) {
      if (!isAlive) continue
      scene.look({ deployment: 'shop', probe: 'pool', values: { db_up: 1, db_pool_utilization: pool } })
    }
    await clock.advance(5_000)
  }
}

/** It ends without a word. */
async function die(one: Seated): Promise<void> {
  one.isAlive = false
  one.leases.edit('shop', null)
}

const told = ({ scene }: Seated) =>
  scene.handedOn.map(({ kind, doubled }) => (doubled === null ? kind : `${kind} (${doubled})`))

describe('of two consoles', () => {
  it('one tells, and the other keeps what it decided', async () => {
    const pair = await startPair()
    await looks(pair, 30_000, 95)
    await looks(pair, 20_000, 5)
    expect([told(pair.anna), told(pair.boris)]).toEqual([['firing', 'resolved'], []])
    const [alert] = await pair.boris.scene
      .alerts()
      .history({ deployment: 'shop', limit: 1, before: null, from: 0 })
    const trace = await pair.boris.scene.alerts().trace(alert?.id ?? '')
    expect(trace).toContainEqual(
      expect.objectContaining({ step: 'held', because: 'told-elsewhere', by: 'anna' }),
    )
    expect(pair.boris.leases.of('shop')).toMatchObject({ state: 'waits', holder: 'anna' })
  })

  it('the other takes over what is open, and says that it may be a repeat', async () => {
    const pair = await startPair()
    await looks(pair, 15_000, 95)
    pair.place.cut('anna', true)
    await die(pair.anna)
    await looks(pair, 15_000, 95)
    expect(told(pair.boris)).toEqual(['firing (took-over)'])
    await looks(pair, 20_000, 5)
    expect(told(pair.boris)).toEqual(['firing (took-over)', 'resolved'])
  })

  it('the one that tells goes on telling where its deployment is edited, but for what the lease goes by', async () => {
    const pair = await startPair()
    await looks(pair, 15_000, 95)
    pair.anna.leases.edit('shop', {
      ...{ name: 'shop', lease: 'redis' },
      redis: CACHES.map((one) => ({ ...one, queues: ['mail'] })),
      postgres: DATABASE && { ...DATABASE, application: { name: 'web' } },
    })
    expect(pair.anna.leases.of('shop').state).toBe('holds')
    await looks(pair, 20_000, 5)
    expect([told(pair.anna), told(pair.boris)]).toEqual([['firing', 'resolved'], []])
  })

  it('what fires anew after that is no repeat', async () => {
    const pair = await startPair()
    pair.place.cut('anna', true)
    await die(pair.anna)
    await pair.clock.advance(20_000)
    await looks(pair, 15_000, 95)
    expect(told(pair.boris)).toEqual(['firing'])
  })

  it('both tell where the place is gone, and say that it may be doubled', async () => {
    const pair = await startPair()
    pair.place.up(false)
    await looks(pair, 25_000, 95)
    expect([told(pair.anna), told(pair.boris)]).toEqual([['firing (unsure)'], ['firing (unsure)']])
    expect(pair.anna.leases.of('shop')).toMatchObject({ state: 'unsure', failure: { code: 'tcp-refused' } })
  })

  it('one that is cut off from the place tells, too: it may be the only one that is heard', async () => {
    const pair = await startPair()
    pair.place.cut('boris', true)
    await looks(pair, 25_000, 95)
    expect([told(pair.anna), told(pair.boris)]).toEqual([['firing'], ['firing (unsure)']])
  })

  it('one that nobody hears leaves it to the other, and goes on trying', async () => {
    const pair = await startPair()
    pair.anna.hear(false)
    await pair.clock.advance(10_000)
    await looks(pair, 15_000, 95)
    expect([told(pair.anna), told(pair.boris)]).toEqual([['firing (unsure)'], ['firing']])
    expect(pair.anna.leases.of('shop').state).toBe('aside')
  })
})

/** A small generator with a seed: what failed can be played again. */
function dice(seed: number) {
  let state = seed
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

describe.each(Array.from({ length: 8 }, (_, index) => index + 1))('whatever happens (%i)', (seed) => {
  it('nothing that stays is never told', async () => {
    const roll = dice(seed)
    const pair = await startPair()
    for (let turn = 0; turn < 10; turn += 1) {
      const name = roll(2) === 0 ? 'anna' : 'boris'
      const happens: Record<number, () => void> = {
        0: () => pair.place.up(false),
        1: () => pair.place.up(true),
        2: () => pair.place.cut(name, true),
        3: () => pair.place.cut(name, false),
        4: () => pair[name].hear(false),
        5: () => pair[name].hear(true),
        6: () => pair.clock.jump(roll(2) === 0 ? 30_000 : -30_000),
      }
      happens[roll(9)]?.()
      const before = [pair.anna, pair.boris].map(({ scene }) => scene.handedOn.length)
      // Two looks, a turn that is known no more, and one for what the clocks did.
      await looks(pair, 40_000, 95)
      const fresh = [pair.anna, pair.boris].flatMap(({ scene }, index) =>
        scene.handedOn.slice(before[index]).filter(({ kind }) => kind === 'firing'),
      )
      expect(fresh.length, `turn ${turn} of ${seed}`).toBeGreaterThan(0)
      await looks(pair, 20_000, 5)
      // Past the time in which it would be the same one.
      await pair.clock.advance(660_000)
    }
  })
})
