// A tunnel with 300 ms of latency and 5 % of loss at once: everything is seen as it is, and nothing is dialled anew.
import { expect, it } from 'vitest'
import { startSshd } from '../../../../demo/servers/sshd.ts'
import { startWeather } from '../../../../demo/servers/weather.ts'
import { until } from '../../../support/until.ts'
import { afterwards, hopOf, startConsole, startSite, untilHealthy } from '../engine-kit.ts'
import { countHeld, TARGETS } from './held.ts'
import { allObserved } from './observed.ts'

const PROBES = ['pool', 'redis', 'health'] as const
/** A minute of looking, or a little less. */
const LOOKS = 30

it('raises no alarm through a slow and lossy tunnel, and keeps its connections', async () => {
  const site = await startSite()
  afterwards(() => site.stop())
  const bastion = await startSshd()
  afterwards(() => bastion.stop())
  const weather = await startWeather({ to: { host: '127.0.0.1', port: bastion.port } })
  afterwards(() => weather.stop())
  const profile = site.profile('shop', {
    ssh: { hops: [{ ...hopOf(bastion), port: weather.port }] },
    // That Redis is 300 ms away is true, and not what is looked at here.
    limits: { redis_latency_ms: { warning: 3_000 } },
  })
  const { engine, clock } = await startConsole({ secrets: site.secrets, profiles: [profile], idle: true })
  await engine.hostKeys.accept(`127.0.0.1:${weather.port}`, bastion.hostFingerprint)
  await engine.start()
  await untilHealthy(engine, 'shop', PROBES.length)

  const taken = weather.taken()
  weather.latency(300)
  weather.loss(0.05)
  const held = countHeld()
  for (const target of TARGETS) held.watch('shop', target, site[target].port)
  const observed = allObserved(engine, 'shop')
  await until(() => observed().length >= LOOKS, { timeoutMs: 120_000 })
  expect(
    observed()
      .filter(({ status }) => status !== 'HEALTHY')
      .map(({ probe, status, reason }) => `${probe} ${status} ${reason.code}`),
  ).toEqual([])
  expect(weather.taken()).toBe(taken)
  expect(await held.excess()).toEqual([])
  await engine.stop()
  await until(() => weather.connections() === 0 && site.service.connections() === 0)
  expect(clock.timers()).toBe(0)
}, 150_000)
