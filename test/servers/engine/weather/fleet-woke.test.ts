// A hundred deployments that wake at once, after eight hours: looked at again within a stated time, in no burst, none of
// them blamed for the sleep.
import { expect, it } from 'vitest'
import { startSshd } from '../../../../demo/servers/sshd.ts'
import { until } from '../../../support/until.ts'
import { afterwards, countRedis, hopOf, startConsole, startSite, timesIn } from '../engine-kit.ts'
import { countHeld, type Doors, openDoors, watchDoors } from './held.ts'
import { allObserved } from './observed.ts'

const HOUR = 3_600_000
const FLEET = 100
const PROBES = 2
/** The longest interval of what is looked at, and time to connect everything on two busy cores. */
const FRESH_WITHIN_MS = 15_000
/** First looks begin 50 a second; those that a second look follows soon, or that wait for a tunnel, may end together. */
const LOOKS_PER_SECOND = 75

it('takes a fleet up again without a burst: one login at its bastion, and nobody called down', async () => {
  const [site, bastion] = await Promise.all([startSite(), startSshd({ maxStartups: '10:30:100' })])
  afterwards(() => Promise.all([site.stop(), bastion.stop()]))
  const names = Array.from({ length: FLEET }, (_, at) => `shop-${at}`)
  const doors = new Map<string, Doors>()
  for (const name of names) doors.set(name, await openDoors(site))
  const { engine, clock } = await startConsole({
    secrets: site.secrets,
    profiles: names.map((name, at) => {
      const { postgres: _none, ...rest } = site.profile(name, {
        ...doors.get(name)?.targets(),
        limits: { redis_latency_ms: { warning: 10_000 } },
        ...(at % 2 === 0 ? {} : { ssh: { hops: [hopOf(bastion)] } }),
      })
      return rest
    }),
    idle: true,
  })
  await engine.hostKeys.accept(`127.0.0.1:${bastion.port}`, bastion.hostFingerprint)
  await engine.start()
  const latest = () => names.flatMap((name) => engine.live.latest(name))
  const areHealthy = (since: number) => () =>
    latest().filter(({ at, status }) => at > since && status === 'HEALTHY').length === FLEET * PROBES
  await until(areHealthy(0), { timeoutMs: 60_000, what: 'health of the fleet' })
  const observed = names.map((name) => allObserved(engine, name))
  const logins = timesIn(bastion.logFile, 'Accepted publickey')
  const held = countHeld()
  for (const [name, its] of doors) watchDoors(held, name, its)

  engine.slept()
  clock.leap(8 * HOUR)
  engine.woke()
  const woke = clock.now()
  await until(areHealthy(woke), { timeoutMs: 60_000, what: 'health of the fleet after its sleep' })
  expect(clock.now() - woke).toBeLessThan(FRESH_WITHIN_MS)

  const seen = observed.flatMap((one) => one())
  const said = new Set(seen.map(({ status, reason }) => `${status} ${reason.code}`))
  expect([...said].filter((one) => !one.startsWith('HEALTHY'))).toEqual(['UNOBSERVED console-slept'])
  const perSecond = new Map<number, number>()
  for (const { at, status } of seen) {
    if (status !== 'HEALTHY') continue
    const second = Math.floor((at - woke) / 1_000)
    perSecond.set(second, (perSecond.get(second) ?? 0) + 1)
  }
  expect(Math.max(...perSecond.values()), JSON.stringify([...perSecond])).toBeLessThanOrEqual(
    LOOKS_PER_SECOND,
  )
  expect(timesIn(bastion.logFile, 'Accepted publickey')).toBe(logins + 1)
  expect(timesIn(bastion.logFile, 'MaxStartups')).toBe(0)
  expect(bastion.sessions()).toBe(1)
  await until(async () => (await countRedis(site.redis)) === FLEET)
  expect(await held.excess()).toEqual([])

  await engine.stop()
  expect(clock.timers()).toBe(0)
  await until(async () => (await countRedis(site.redis)) === 0 && site.service.connections() === 0)
  await until(() => bastion.sessions() === 0)
  await until(() => [...doors.values()].every((its) => its.connections() === 0))
}, 150_000)
