// One target whose packets vanish while the way to it is well: it alone is blamed, in words, and it comes back by itself.
import { join } from 'node:path'
import type { Client } from 'pg'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type SshServer, startSshd } from '../../../../demo/servers/sshd.ts'
import { createTemporaryDirectory } from '../../../../demo/servers/temporary-directory.ts'
import { startWeather, type Weather } from '../../../../demo/servers/weather.ts'
import type { ProbeId } from '../../../../src/shared/catalogue/probes.ts'
import type { Observation } from '../../../../src/shared/model/observation.ts'
import { createConnectionCounter, moreThan } from '../../../support/connection-counter.ts'
import { until } from '../../../support/until.ts'
import {
  type Console,
  countRedis,
  hopOf,
  openConsole,
  type Site,
  startSite,
  untilHealthy,
} from '../engine-kit.ts'
import { allObserved } from './observed.ts'

const NAMES = ['direct', 'tunnelled'] as const
const PROBES = ['health', 'pool', 'redis'] as const satisfies ProbeId[]
type Target = (typeof PROBES)[number]
/** What a console may hold to each of them, for two deployments. */
const MOST: Readonly<Record<Target, number>> = { health: 8, pool: 4, redis: 2 }
const counter = createConnectionCounter()
let site: Site
let bastion: SshServer
let weathers: Readonly<Record<Target, Weather>>
let console: Console
let admin: Client
let removeData: () => unknown

beforeAll(async () => {
  ;[site, bastion] = await Promise.all([startSite(), startSshd()])
  admin = await site.postgres.connect()
  const before = (port: number) => startWeather({ to: { host: '127.0.0.1', port } })
  weathers = {
    health: await before(site.service.port),
    pool: await before(site.postgres.port),
    redis: await before(site.redis.port),
  }
  const ends = {
    services: [{ name: 'api', url: `http://127.0.0.1:${weathers.health.port}`, metrics: null }],
    postgres: {
      url: `postgresql://postgres@127.0.0.1:${weathers.pool.port}/postgres`,
      password: 'secret:pg',
    },
    redis: [{ name: 'cache', url: `redis://127.0.0.1:${weathers.redis.port}/0`, password: 'secret:redis' }],
    // How soon a busy machine answers is not what is looked at.
    limits: { redis_latency_ms: { warning: 3_000 } },
  }
  const home = createTemporaryDirectory('silent-target')
  removeData = () => home.remove()
  console = await openConsole({
    dataDirectory: join(home.path, 'data'),
    secrets: site.secrets,
    profiles: [
      site.profile('direct', ends),
      site.profile('tunnelled', { ...ends, ssh: { hops: [hopOf(bastion)] } }),
    ],
    idle: true,
  })
  await console.engine.hostKeys.accept(`127.0.0.1:${bastion.port}`, bastion.hostFingerprint)
  await console.engine.start()
  await allHealthy()
})
afterAll(async () => {
  await console?.engine.stop()
  await counter.stop()
  await admin?.end()
  await Promise.all(Object.values(weathers ?? {}).map((weather) => weather.stop()))
  await Promise.all([site?.stop(), bastion?.stop()])
  removeData?.()
})
afterEach(async () => {
  for (const weather of Object.values(weathers)) await weather.fair()
})

const allHealthy = () => Promise.all(NAMES.map((name) => untilHealthy(console.engine, name, PROBES.length)))

async function postgres(): Promise<number> {
  const { rowCount } = await admin.query("SELECT FROM pg_stat_activity WHERE application_name = 'vakhta'")
  return rowCount ?? 0
}

const told = (observed: readonly Observation[]) =>
  observed.map(({ deployment, probe, status, reason }) => `${deployment} ${probe} ${status} ${reason.code}`)

it.each([
  ['health', 'DOWN http-silent'],
  ['pool', 'CRITICAL postgres-answer-missing'],
  ['redis', 'DISCONNECTED redis-answer-missing'],
] as const)(
  'of %s: it alone is blamed, directly and behind a hop that is well, and it comes back by itself',
  async (target, expected) => {
    const { engine } = console
    const observed = NAMES.map((name) => allObserved(engine, name))
    const sessions = bastion.sessions()
    for (const probe of PROBES) counter.watch(weathers[probe].port)
    weathers[target].blackhole()
    const failing = (): string[] =>
      told(observed.flatMap((seen) => seen()).filter(({ status }) => status !== 'HEALTHY'))
    await until(
      () =>
        NAMES.every((name) => failing().filter((one) => one === `${name} ${target} ${expected}`).length >= 2),
      { timeoutMs: 30_000, what: 'two looks at what is silent' },
    ).catch((error: unknown) => {
      throw new Error(failing().join('; '), { cause: error })
    })
    // Nothing else is said of anybody. But once in a while the statements' history is just being read over the session of
    // the probes: the first look behind that is still waiting for its turn when its time is over, and knows nothing.
    for (const name of NAMES) {
      const said = failing().filter((one) => one.startsWith(`${name} `))
      const isWaiting = target === 'pool' && said[0] === `${name} pool UNKNOWN postgres-session-busy`
      expect(new Set(said.slice(isWaiting ? 1 : 0))).toEqual(new Set([`${name} ${target} ${expected}`]))
    }
    // Others are looked at all the while.
    for (const seen of observed) {
      for (const probe of PROBES)
        expect(
          seen().some((one) => one.probe === probe),
          probe,
        ).toBe(true)
    }
    expect(engine.connection('tunnelled').hops.find(({ kind }) => kind === 'ssh')?.status).toBe('CONNECTED')

    await weathers[target].fair()
    await allHealthy()
    expect(bastion.sessions()).toBe(sessions)
    const counted = await counter.taken()
    for (const probe of PROBES) {
      const here = counted.filter(({ port }) => port === weathers[probe].port)
      expect(moreThan(MOST[probe], here), probe).toEqual([])
    }
    await until(
      async () => (await postgres()) === NAMES.length && (await countRedis(site.redis)) === NAMES.length,
    )
  },
  60_000,
)

it('leaves nothing open in the end', async () => {
  await console.engine.stop()
  await until(async () => (await postgres()) === 0 && (await countRedis(site.redis)) === 0)
  expect(console.clock.timers()).toBe(0)
  await until(() => bastion.sessions() === 0)
  await until(() => Object.values(weathers).every((weather) => weather.connections() === 0))
})
