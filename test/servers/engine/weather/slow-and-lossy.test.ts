/**
 * A tunnel with 300 ms of latency and 5 % of loss at once: everything is seen as it is, and nothing is dialled anew. That holds for
 * what comes later by less than a look waits. So losses are spread: three of one packet in a row, which pure chance has once in
 * twenty of these minutes, would be three and a half seconds for every look at once, and looks would rightly say that they waited in vain.
 */
import { expect, it } from 'vitest'
import { startSshd } from '../../../../demo/servers/sshd.ts'
import { startWeather } from '../../../../demo/servers/weather.ts'
import { until } from '../../../support/until.ts'
import { afterwards, hopOf, startConsole, startSite, untilHealthy } from '../engine-kit.ts'
import { countHeld, TARGETS } from './held.ts'
import { allObserved } from './observed.ts'

const LOSS = 0.05
const PROBES = ['pool', 'redis', 'health'] as const
/** One draw in twenty is a loss, as for pure chance, with some way from one to the next; now and then a packet is lost twice. */
function spreadLosses(): () => number {
  let fairDraws = 0
  let losses = 0
  let isAgain = false
  return () => {
    if (!isAgain && fairDraws > 0) {
      fairDraws -= 1
      return LOSS
    }
    if (!isAgain) losses += 1
    isAgain = !isAgain && losses % 10 === 0
    fairDraws = 12 + Math.floor(Math.random() * 17)
    return 0
  }
}

/** A minute of looking, or a little less. */
const LOOKS = 30

it('raises no alarm through a slow and lossy tunnel, and keeps its connections', async () => {
  const site = await startSite()
  afterwards(() => site.stop())
  const bastion = await startSshd()
  afterwards(() => bastion.stop())
  const weather = await startWeather({
    to: { host: '127.0.0.1', port: bastion.port },
    random: spreadLosses(),
  })
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
  weather.loss(LOSS)
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
