// A tunnel whose packets vanish: the way is to blame, from the first look on, and never what is behind it.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type SshServer, startSshd } from '../../../../demo/servers/sshd.ts'
import { startWeather, type Weather } from '../../../../demo/servers/weather.ts'
import type { Observation } from '../../../../src/shared/model/observation.ts'
import type { DeploymentProfileInput } from '../../../../src/shared/model/profile/deployment.ts'
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
  untilHealthy,
  untilSeen,
} from '../engine-kit.ts'
import { countHeld, TARGETS } from './held.ts'
import { allObserved } from './observed.ts'

const PROBES = ['pool', 'redis', 'health'] as const
/** How soon a busy machine answers is not what is looked at. */
const PATIENT = { limits: { redis_latency_ms: { warning: 3_000 } } }
let site: Site
let bastions: SshServer[]

beforeAll(async () => {
  const [first, ...others] = await Promise.all([startSite(), startSshd(), startSshd()])
  site = first
  bastions = others
})
afterAll(async () => {
  await Promise.all([site?.stop(), ...(bastions ?? []).map((bastion) => bastion.stop())])
})

async function weatherBefore(bastion: SshServer): Promise<Weather> {
  const weather = await startWeather({ to: { host: '127.0.0.1', port: bastion.port } })
  afterwards(() => weather.stop())
  return weather
}

/** A console that watches through as many bastions as are given, each behind weather of its own. */
async function watching(through: readonly SshServer[]): Promise<{ console: Console; weathers: Weather[] }> {
  const weathers = await Promise.all(through.map(weatherBefore))
  const hops = through.map((bastion, at) => ({ ...hopOf(bastion), port: weathers[at]?.port ?? 0 }))
  const profile: DeploymentProfileInput = site.profile('shop', { ssh: { hops }, ...PATIENT })
  const console = await startConsole({ secrets: site.secrets, profiles: [profile], idle: true })
  for (const [at, bastion] of through.entries()) {
    await console.engine.hostKeys.accept(`127.0.0.1:${weathers[at]?.port}`, bastion.hostFingerprint)
  }
  await console.engine.start()
  await untilHealthy(console.engine, 'shop', PROBES.length)
  return { console, weathers }
}

/** What blames a target rather than the way to it. */
function blaming(observed: readonly Observation[]): Observation[] {
  return observed.filter(
    ({ status, values }) =>
      status === 'CRITICAL' ||
      status === 'DOWN' ||
      status === 'DEGRADED' ||
      values.redis_connected === 0 ||
      values.db_up === 0,
  )
}

const told = (observed: readonly Observation[]) =>
  observed.map(({ probe, status, reason }) => `${probe} ${status} ${reason.code}`)

it.each([
  ['the only hop', 1, 0],
  ['the first of two hops', 2, 0],
  ['the second of two hops', 2, 1],
])(
  'is told at %s by every probe, nothing behind it is blamed, and all is well when packets arrive again',
  async (_which, hops, silent) => {
    const { console, weathers } = await watching(bastions.slice(0, hops))
    const { engine } = console
    const postgres = await countPostgres(site.postgres)
    const observed = allObserved(engine, 'shop')
    const held = countHeld()
    for (const target of TARGETS) held.watch('shop', target, site[target].port)
    weathers[silent]?.blackhole()
    // Two looks of each: one over what stood, and one over what is being made anew.
    await until(
      () =>
        PROBES.every(
          (probe) =>
            observed().filter((one) => one.probe === probe && one.reason.code.startsWith('ssh-')).length >= 2,
        ),
      { timeoutMs: 30_000, what: 'every probe tells of the way, twice' },
    )
    expect(told(blaming(observed()))).toEqual([])
    const failures = observed().filter(({ reason }) => reason.code.startsWith('ssh-'))
    const port = `:${weathers[silent]?.port}`
    expect(
      failures.map(({ reason }) => String(reason.params.hop)).filter((hop) => !hop.endsWith(port)),
    ).toEqual([])
    expect(new Set(failures.map(({ probe, status }) => `${probe} ${status}`))).toEqual(
      new Set(['pool UNKNOWN', 'redis DISCONNECTED', 'health UNKNOWN']),
    )

    await weathers[silent]?.fair()
    await untilHealthy(engine, 'shop', PROBES.length)
    expect(told(blaming(observed()))).toEqual([])
    expect(await held.excess()).toEqual([])
    await until(async () => (await postgres()) === 1 && (await countRedis(site.redis)) === 1)
    await engine.stop()
    await until(async () => (await postgres()) === 0 && (await countRedis(site.redis)) === 0)
    expect(console.clock.timers()).toBe(0)
    expect(weathers.map((weather) => weather.connections())).toEqual(weathers.map(() => 0))
  },
  60_000,
)

it('that is silent for a moment only is not given up, and what waited for it goes on at once', async () => {
  const { console, weathers } = await watching(bastions.slice(0, 1))
  const { engine } = console
  const observed = allObserved(engine, 'shop')
  const taken = weathers[0]?.taken()
  const held = countHeld()
  for (const target of TARGETS) held.watch('shop', target, site[target].port)
  weathers[0]?.blackhole()
  await until(() => observed().some(({ reason }) => reason.code === 'ssh-unanswered'), { timeoutMs: 15_000 })
  await weathers[0]?.fair()
  const back = performance.now()
  await untilHealthy(engine, 'shop', PROBES.length)
  expect(performance.now() - back).toBeLessThan(12_000)
  expect(weathers[0]?.taken()).toBe(taken)
  expect(await held.excess()).toEqual([])
  expect(told(blaming(observed()))).toEqual([])
}, 60_000)

it('is not blamed where what is behind it hangs', async () => {
  const { console } = await watching(bastions.slice(0, 1))
  const { engine } = console
  const held = countHeld()
  for (const target of TARGETS) held.watch('shop', target, site[target].port)
  site.redis.freeze()
  afterwards(() => site.redis.thaw())
  const seen = await untilSeen(engine, 'shop', 'redis', ({ status }) => status === 'DISCONNECTED')
  expect(seen).toMatchObject({ reason: { code: 'redis-answer-missing' }, values: { redis_connected: 0 } })
  site.redis.thaw()
  await untilHealthy(engine, 'shop', PROBES.length)
  expect(await held.excess()).toEqual([])
}, 60_000)
