// A bastion that restarts with five deployments behind it, and one that it refuses: the bastion is told of, nothing behind
// it; all come back by themselves, but for the one that waits for a person.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type SshServer, startSshd } from '../../../../demo/servers/sshd.ts'
import { createConnectionCounter, moreThan } from '../../../support/connection-counter.ts'
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
import { countHeld, type Doors, openDoors, watchDoors } from './held.ts'
import { allObserved } from './observed.ts'

const HOUR = 3_600_000
const NAMES = ['a', 'b', 'c', 'd', 'e'].map((letter) => `shop-${letter}`)
const REFUSED = 'refused'
const PROBES = ['health', 'pool', 'redis']
let site: Site
let bastion: SshServer

beforeAll(async () => {
  ;[site, bastion] = await Promise.all([startSite(), startSshd()])
})
afterAll(async () => {
  await Promise.all([site?.stop(), bastion?.stop()])
})

async function start(): Promise<{ console: Console; doors: ReadonlyMap<string, Doors> }> {
  const doors = new Map<string, Doors>()
  for (const name of [...NAMES, REFUSED]) doors.set(name, await openDoors(site))
  const profileOf = (name: string, password: string) =>
    site.profile(name, {
      ...doors.get(name)?.targets(password),
      ssh: { hops: [hopOf(bastion)] },
      // How soon a busy machine answers is not what is looked at.
      limits: { redis_latency_ms: { warning: 3_000 } },
    })
  const console = await startConsole({
    secrets: { ...site.secrets, wrong: 'wr0ng' },
    profiles: [...NAMES.map((name) => profileOf(name, 'secret:pg')), profileOf(REFUSED, 'secret:wrong')],
    idle: true,
  })
  await console.engine.hostKeys.accept(`127.0.0.1:${bastion.port}`, bastion.hostFingerprint)
  await console.engine.start()
  await allHealthy(console)
  await until(() => isRefused(console))
  return { console, doors }
}

const allHealthy = ({ engine }: Console) =>
  Promise.all(NAMES.map((name) => untilHealthy(engine, name, PROBES.length)))

const isRefused = ({ engine }: Console) =>
  engine.live.latestOf(REFUSED, 'pool')?.reason.code === 'postgres-password-wrong' &&
  engine.live.latestOf(REFUSED, 'redis')?.status === 'HEALTHY' &&
  engine.live.latestOf(REFUSED, 'health')?.status === 'HEALTHY'

const rejections = () => timesIn(site.postgres.logFile, 'password authentication failed')
const logins = () => timesIn(bastion.logFile, 'Accepted publickey')

it('is told of by all of them, and entered once when it is back', async () => {
  const rejected = rejections()
  const { console, doors } = await start()
  const { engine } = console
  expect(rejections()).toBe(rejected + 1)
  expect(bastion.sessions()).toBe(1)
  const postgres = await countPostgres(site.postgres)
  const observed = [...NAMES, REFUSED].map((name) => allObserved(engine, name))
  const held = countHeld()
  for (const [name, its] of doors) watchDoors(held, name, its)
  const counter = createConnectionCounter()
  afterwards(() => counter.stop())
  counter.watch(bastion.port)
  const before = logins()

  await bastion.halt()
  const failing = () => observed.map((seen) => seen().filter(({ status }) => status !== 'HEALTHY'))
  await until(
    () =>
      failing()
        .slice(0, NAMES.length)
        .every((seen) => PROBES.every((probe) => seen.some((one) => one.probe === probe))),
    { timeoutMs: 30_000, what: 'every probe of every deployment tells of the bastion' },
  )
  await bastion.restart()
  const back = performance.now()
  await allHealthy(console)
  await until(() => isRefused(console), { timeoutMs: 30_000 })
  expect(performance.now() - back).toBeLessThan(30_000)

  const said = failing().flat()
  expect(new Set(said.map(({ probe, status, reason }) => `${probe} ${status} ${reason.code}`))).toEqual(
    new Set([
      'health UNKNOWN tcp-refused',
      'pool UNKNOWN tcp-refused',
      'redis DISCONNECTED tcp-refused',
      // What waits for a person says so all the while.
      'pool UNKNOWN postgres-password-wrong',
    ]),
  )
  const hops = said
    .filter(({ reason }) => reason.code === 'tcp-refused')
    .map(({ reason }) => reason.params.hop)
  expect(hops.filter((hop) => !String(hop).endsWith(`:${bastion.port}`))).toEqual([])
  expect(logins() - before).toBe(1)
  expect(bastion.sessions()).toBe(1)
  expect(rejections()).toBe(rejected + 1)
  expect(moreThan(1, await counter.taken())).toEqual([])
  expect(await held.excess()).toEqual([])
  for (const [name, its] of doors) watchDoors(held, name, its)

  engine.slept()
  console.clock.leap(8 * HOUR)
  engine.woke()
  const woke = console.clock.now()
  await until(
    () =>
      NAMES.every((name) =>
        engine.live.latest(name).every(({ at, status }) => at > woke && status === 'HEALTHY'),
      ) && isRefused(console),
    { timeoutMs: 30_000, what: 'all that is not refused is well after a sleep' },
  )
  expect(rejections()).toBe(rejected + 1)
  expect(bastion.sessions()).toBe(1)
  expect(await held.excess()).toEqual([])

  await engine.stop()
  await until(() => [...doors.values()].every((its) => its.connections() === 0))
  await until(async () => (await postgres()) === 0 && (await countRedis(site.redis)) === 0)
  await until(() => bastion.sessions() === 0)
  expect(console.clock.timers()).toBe(0)
}, 90_000)
