/** A real Alertmanager hears again and again of what fires, and what is silenced there is silenced here. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createTemporaryDirectory } from '../../../demo/servers/temporary-directory.ts'
import {
  type AlertmanagerTies,
  createAlertmanagerTies,
  READ_EVERY_MS,
} from '../../../src/main/engine/alerts/notify/alertmanager/ties.ts'
import { createChannelRepository } from '../../../src/main/engine/alerts/notify/channels.ts'
import { createAttempt } from '../../../src/main/engine/alerts/notify/registry.ts'
import { systemClock } from '../../../src/main/engine/clock.ts'
import { silentLog } from '../../../src/main/engine/log.ts'
import { openStore } from '../../../src/main/engine/store/open-store.ts'
import { type AlertScene, createAlertScene } from '../../support/alert-scene.ts'
import { type RunningAlertmanager, startAlertmanager } from '../../support/alertmanager.ts'
import { until } from '../../support/until.ts'
import { afterwards, resolverOf } from './notify-kit.ts'

/** The driven clock runs ahead of the server's by what a test waits; it begins so far behind that it does not overtake it. */
const BEHIND_MS = 180_000

let server: RunningAlertmanager
let scene: AlertScene
beforeEach(async () => {
  server = await startAlertmanager()
  scene = await createAlertScene(['shop', 'billing'], { startsAt: Date.now() - BEHIND_MS })
})
afterEach(async () => {
  await scene.close()
  await server.stop()
})

async function tied(mirrorSilences = true) {
  const directory = createTemporaryDirectory('ties')
  const store = openStore({ dataDirectory: directory.path, log: silentLog })
  const { clock } = scene
  const channels = await createChannelRepository({ store, clock, log: silentLog })
  await channels.save({ kind: 'alertmanager', name: 'am', server: server.url, mirrorSilences }, null)
  const ties = createAlertmanagerTies({
    ...{ channels, clock, log: silentLog, alerts: scene.alerts(), deployments: () => ['shop', 'billing'] },
    // Answers take their time in earnest.
    attempt: createAttempt({
      clock: systemClock,
      log: silentLog,
      desktop: null,
      resolveSecret: resolverOf({}),
    }),
  })
  afterwards(async () => {
    ties.stop()
    await store.close()
    await directory.remove()
  })
  return { ties, channels }
}

/** Turns until something is so; a turn is over once its answers are there. */
async function turns<T>(probe: () => T | Promise<T>) {
  return until(
    async () => {
      await scene.clock.advance(500)
      return probe()
    },
    { timeoutMs: 20_000 },
  )
}

async function fire(deployment: string): Promise<void> {
  for (let look = 0; look < 2; look += 1) {
    scene.look({ deployment, probe: 'pool', values: { db_up: 1, db_pool_utilization: 95 } })
    await scene.clock.advance(5_000)
  }
}

async function clear(deployment: string): Promise<void> {
  for (let look = 0; look < 3; look += 1) {
    scene.look({ deployment, probe: 'pool', values: { db_up: 1, db_pool_utilization: 5 } })
    await scene.clock.advance(5_000)
  }
}

const state = (deployment: string) => scene.alerts().active(deployment)[0]?.state ?? 'none'
const equal = (name: string, value: string) => ({ name, value, isRegex: false, isEqual: true })

function read(ties: AlertmanagerTies) {
  return ties.standing('am').read
}

it('is told again of what fires, a few turns ahead, until it is over', async () => {
  const { ties } = await tied()
  await fire('shop')
  ties.start()
  const first = await until(async () => (await server.alerts())[0])
  expect(first.labels).toMatchObject({ alertname: 'db-pool-utilization-high', deployment: 'shop' })
  expect(Date.parse(first.endsAt)).toBeLessThanOrEqual(scene.clock.now() + 240_000)
  const again = await turns(async () => {
    const [found] = await server.alerts()
    return found !== undefined && found.endsAt > first.endsAt ? found : null
  })
  expect(Date.parse(again.endsAt) - Date.parse(first.endsAt)).toBeGreaterThanOrEqual(60_000)
  await clear('shop')
  await turns(async () => (await server.alerts()).length === 0)
  expect(ties.standing('am').pushed?.failure).toBeNull()
})

it('is not told of what nobody was told of', async () => {
  const { ties } = await tied()
  const matchers = {
    ...{ alert: null, deployments: ['shop'], rules: null, severities: null, labels: null },
  }
  await scene.alerts().silence({ matchers, until: scene.clock.now() + 3_600_000, by: 'Boris', note: null })
  await fire('shop')
  await fire('billing')
  ties.start()
  await until(() => ties.standing('am').pushed?.at)
  expect((await server.alerts()).map(({ labels }) => labels.deployment)).toEqual(['billing'])
})

it('silences here what is silenced there, until it ends there', async () => {
  const { ties } = await tied()
  await fire('shop')
  await fire('billing')
  const matchers = [
    { name: 'alertname', value: 'db-.*', isRegex: true, isEqual: true },
    { name: 'deployment', value: 'billing', isRegex: false, isEqual: false },
  ]
  const id = await server.silence(matchers, Date.now() + 3_600_000, 'moving house')
  await server.silence([equal('alertname', 'HostDown')], Date.now() + 3_600_000)
  await server.silence([equal('job', 'node')], Date.now() + 3_600_000)
  ties.start()
  await until(() => state('shop') === 'silenced')
  expect(state('billing')).toBe('firing')
  expect(scene.alerts().silences()).toMatchObject([
    { origin: { channel: 'am', id }, createdBy: 'Anna', note: 'moving house' },
  ])
  const [mine] = scene.alerts().silences()
  expect(await scene.alerts().unsilence(mine?.id ?? '')).toEqual({ ok: false, why: 'ends-at-its-origin' })

  await server.expire(id)
  await turns(() => state('shop') === 'firing')
  expect(scene.alerts().silences()).toEqual([])
})

it('keeps what it knew until its own end while the server is away, and says so', async () => {
  const { ties } = await tied()
  await fire('shop')
  await server.silence([equal('deployment', 'shop')], scene.clock.now() + BEHIND_MS + 120_000)
  ties.start()
  await until(() => state('shop') === 'silenced')
  await server.stop()
  await turns(() => read(ties)?.failure)
  expect(read(ties)).toMatchObject({ failure: { code: 'tcp-refused' }, at: expect.any(Number) })
  expect(state('shop')).toBe('silenced')
  await scene.clock.advance(READ_EVERY_MS + BEHIND_MS + 120_000)
  expect(state('shop')).toBe('firing')
})

it('mirrors no more once that is switched off', async () => {
  const { ties, channels } = await tied()
  await fire('shop')
  await server.silence([equal('deployment', 'shop')], Date.now() + 3_600_000)
  ties.start()
  await until(() => state('shop') === 'silenced')
  await channels.save({ kind: 'alertmanager', name: 'am', server: server.url, mirrorSilences: false }, 'am')
  expect(state('shop')).toBe('firing')
})

it('says of which silences it cannot follow the pattern', async () => {
  const { ties } = await tied()
  const matchers = [{ name: 'deployment', value: '(?i)SHOP', isRegex: true, isEqual: true }]
  await server.silence(matchers, Date.now() + 3_600_000, 'by its name')
  ties.start()
  const found = await until(() => read(ties)?.notMirrored.length && read(ties))
  expect(found?.notMirrored).toMatchObject([
    { why: 'pattern', by: 'Anna', note: 'by its name', matcher: 'deployment=~"(?i)SHOP"' },
  ])
  expect(scene.alerts().silences()).toEqual([])
})
