// A console that slept for eight hours: nothing it held stands any more, and nothing is blamed for that.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type SshServer, startSshd } from '../../../../demo/servers/sshd.ts'
import { startWeather, type Weather } from '../../../../demo/servers/weather.ts'
import type { Observation } from '../../../../src/shared/model/observation.ts'
import { until } from '../../../support/until.ts'
import {
  afterwards,
  type Console,
  countPostgres,
  countRedis,
  hopOf,
  type Site,
  startConsole,
  startSite,
  timesIn,
  untilHealthy,
} from '../engine-kit.ts'
import { countHeld, type Held, TARGETS } from './held.ts'

const HOUR = 3_600_000
const NAMES = ['direct', 'tunnelled'] as const
let site: Site
let bastion: SshServer

beforeAll(async () => {
  ;[site, bastion] = await Promise.all([startSite(), startSshd()])
})
afterAll(async () => {
  await Promise.all([site?.stop(), bastion?.stop()])
})

/** How soon a busy machine answers is not what is looked at. */
const PATIENT = { limits: { redis_latency_ms: { warning: 3_000 } } }

/** A console that watches one deployment directly and one through a bastion, all through weather. */
async function start(): Promise<{ console: Console; weathers: Weather[] }> {
  const weatherOf = async (port: number): Promise<Weather> => {
    const weather = await startWeather({ to: { host: '127.0.0.1', port } })
    afterwards(() => weather.stop())
    return weather
  }
  const [postgres, redis, service, ssh] = [
    await weatherOf(site.postgres.port),
    await weatherOf(site.redis.port),
    await weatherOf(site.service.port),
    await weatherOf(bastion.port),
  ]
  const console = await startConsole({
    secrets: site.secrets,
    profiles: [
      site.profile('direct', {
        services: [{ name: 'api', url: `http://127.0.0.1:${service.port}`, metrics: null }],
        postgres: { url: `postgresql://postgres@127.0.0.1:${postgres.port}/postgres`, password: 'secret:pg' },
        redis: [{ name: 'cache', url: `redis://127.0.0.1:${redis.port}/0`, password: 'secret:redis' }],
        ...PATIENT,
      }),
      site.profile('tunnelled', { ssh: { hops: [{ ...hopOf(bastion), port: ssh.port }] }, ...PATIENT }),
    ],
  })
  await console.engine.hostKeys.accept(`127.0.0.1:${ssh.port}`, bastion.hostFingerprint)
  await allHealthy(console)
  return { console, weathers: [postgres, redis, service, ssh] }
}

async function allHealthy({ engine }: Console): Promise<void> {
  await Promise.all(NAMES.map((name) => untilHealthy(engine, name, 3)))
}

/** The one that is reached directly by the weather before each server, the other by what the bastion dials for it. */
function watchBoth(held: Held, weathers: readonly Weather[]): void {
  for (const [at, target] of TARGETS.entries()) {
    held.watch('direct', target, weathers[at]?.port ?? 0)
    held.watch('tunnelled', target, site[target].port, 'tunnels')
  }
}

/** Everything that is observed from now on. */
function follow({ engine }: Console): () => Observation[] {
  const since = new Map<string, number>()
  for (const name of NAMES) {
    for (const { probe, at } of engine.live.latest(name)) since.set(`${name} ${probe}`, at)
  }
  return () =>
    NAMES.flatMap((name) =>
      engine.live
        .latest(name)
        .flatMap(({ probe, target }) => engine.live.ring(name, probe, target))
        .filter(({ probe, at }) => at > (since.get(`${name} ${probe}`) ?? 0)),
    )
}

it.each([
  ['as the desktop hears of it', true],
  ['as nobody tells a headless console', false],
])(
  'notices after eight hours of sleep that its connections are dead, and blames nothing: %s',
  async (_how, isTold) => {
    const { console, weathers } = await start()
    const { engine, clock } = console
    const postgres = await countPostgres(site.postgres)
    await until(async () => (await postgres()) === NAMES.length)
    const observed = follow(console)
    const held = countHeld()
    watchBoth(held, weathers)

    if (isTold) engine.slept()
    for (const weather of weathers) weather.abandon()
    await until(async () => (await postgres()) === 0 && (await countRedis(site.redis)) === 0)
    const taken = weathers.map((weather) => weather.taken())
    clock.leap(8 * HOUR)
    if (isTold) engine.woke()

    const awake = performance.now()
    await until(
      () =>
        NAMES.every((name) =>
          ['pool', 'redis', 'health'].every((probe) =>
            observed().some(
              (one) => one.deployment === name && one.probe === probe && one.status === 'HEALTHY',
            ),
          ),
        ),
      { timeoutMs: 30_000, what: 'every probe healthy again' },
    )
    // The gap itself, and then that all is well: no false alarm between the two.
    const said = observed().map(({ status, reason }) => `${status} ${reason.code}`)
    expect(new Set(observed().map(({ status }) => status)), said.join('; ')).toEqual(
      new Set(['UNOBSERVED', 'HEALTHY']),
    )
    // Within the time in which a sleep is noticed, a round of looks, and no time-out on top.
    expect(performance.now() - awake).toBeLessThan(15_000)
    expect(await held.excess()).toEqual([])
    await until(
      async () => (await postgres()) === NAMES.length && (await countRedis(site.redis)) === NAMES.length,
    )
    // Up to two for the service (live and ready are asked for at once), one each for the others: nothing was dialled in
    // vain, or twice.
    const dialled = weathers.map((weather, index) => weather.taken() - (taken[index] ?? 0))
    expect(dialled).toEqual([1, 1, dialled[2], 1])
    expect(dialled[2]).toBeLessThanOrEqual(2)
    expect(bastion.sessions()).toBe(1)

    await engine.stop()
    await until(async () => (await postgres()) === 0)
    expect(clock.timers()).toBe(0)
    expect(weathers.map((weather) => weather.connections())).toEqual([0, 0, 0, 0])
  },
  60_000,
)

it('goes on with what it holds where it was stopped for a moment only', async () => {
  const { console, weathers } = await start()
  const taken = weathers.map((weather) => weather.taken())
  const observed = follow(console)
  const held = countHeld()
  watchBoth(held, weathers)
  console.clock.leap(30_000)
  await until(() => observed().some(({ status }) => status === 'UNOBSERVED'))
  await allHealthy(console)
  expect(weathers.map((weather) => weather.taken())).toEqual(taken)
  expect(await held.excess()).toEqual([])
}, 60_000)

it('sends no rejected credentials again because it slept', async () => {
  const console = await startConsole({
    secrets: { ...site.secrets, pg: 'wr0ng' },
    profiles: [site.profile('direct')],
  })
  const { engine } = console
  const refused = () => engine.live.latestOf('direct', 'pool')?.reason.code === 'postgres-password-wrong'
  await until(refused)
  engine.slept()
  console.clock.leap(8 * HOUR)
  engine.woke()
  const woke = console.clock.now()
  await until(() => (engine.live.latestOf('direct', 'pool')?.at ?? 0) > woke && refused())
  expect(engine.connection('direct').hops.find(({ kind }) => kind === 'postgres')).toMatchObject({
    status: 'REFUSED',
  })
  expect(timesIn(site.postgres.logFile, 'password authentication failed')).toBe(1)
}, 60_000)
