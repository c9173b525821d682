import { expect, it } from 'vitest'
import type { MirroredSilence } from '../../../../../../src/main/engine/alerts/silences/mirrored-silences.ts'
import { type AlertScene, createAlertScene } from '../../../../../support/alert-scene.ts'

const PATHS = Array.from({ length: 50 }, (_, index) => `/orders/${index}`)
const MINUTE_MS = 60_000

function look(scene: AlertScene): void {
  const values = Object.fromEntries(PATHS.map((path) => [`http_path_duration_p95_ms{path="${path}"}`, 9_000]))
  scene.look({ deployment: 'shop', probe: 'traffic', values })
}

/** Fifty alerts of one incident, with the one that there are so many, and from now on what is told of them. */
async function firing() {
  const scene = await createAlertScene(['shop'])
  for (let round = 0; round < 4; round += 1) {
    look(scene)
    await scene.clock.advance(5_000)
  }
  const alerts = scene.alerts().active('shop')
  const paths = alerts.flatMap(({ subject }) => subject.labels.path ?? [])
  expect(paths.toSorted()).toEqual(PATHS.toSorted())
  expect(alerts).toHaveLength(PATHS.length + 1)
  expect(new Set(alerts.map(({ incident }) => incident)).size).toBe(1)
  await scene.clock.advance(MINUTE_MS)
  const before = scene.handedOn.length
  const since = () =>
    scene.handedOn
      .slice(before)
      .map(({ kind, alerts: told, moreAlerts }) => `${kind} of ${told.length + moreAlerts}`)
  return { scene, alerts, since }
}

async function run(scene: AlertScene, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    look(scene)
    await scene.clock.advance(MINUTE_MS)
  }
}

it('announces the end of fifty silences that were set together once, and reminds once of what is still there', async () => {
  const { scene, alerts, since } = await firing()
  try {
    const request = { until: scene.clock.now() + 40 * MINUTE_MS, by: 'Anna', note: null }
    await scene.alerts().silenceAll(
      alerts.map(({ id }) => id),
      request,
    )
    await run(scene, 30)
    expect(since()).toEqual(['silence-ending of 51'])
    await run(scene, 15)
    expect(since()).toEqual(['silence-ending of 51', 'reminder of 51'])
    for (const { id } of alerts) {
      const trace = await scene.alerts().trace(id)
      expect(trace.filter(({ because }) => because === 'silence-ending')).toHaveLength(1)
    }
  } finally {
    await scene.close()
  }
})

it('reminds once of what many silences of another place kept quiet, when they are mirrored no more', async () => {
  const { scene, since } = await firing()
  try {
    const there = PATHS.map((path): MirroredSilence => {
      const matcher = { name: 'path', value: path, isEqual: true, isRegex: false }
      const until = scene.clock.now() + 240 * MINUTE_MS
      return { id: path, labels: [matcher], until, by: 'Anna', note: null }
    })
    scene.alerts().mirrored.mirror('am', there)
    await run(scene, 5)
    const silenced = scene
      .alerts()
      .active('shop')
      .filter(({ state }) => state === 'silenced')
    expect(silenced).toHaveLength(PATHS.length)
    scene.alerts().mirrored.mirror('am', [])
    await run(scene, 5)
    expect(since()).toEqual(['reminder of 51'])
  } finally {
    await scene.close()
  }
})

it('asks what it is over when an alert turns, and not every second', async () => {
  const { scene } = await firing()
  try {
    let asked = 0
    const matcher = { name: 'path', value: '/orders/7', isEqual: true, isRegex: false }
    const counting = () => {
      asked += 1
      return '/orders/7'
    }
    // Whoever compares a label with it reads it.
    const read = { enumerable: true, get: counting }
    const until = scene.clock.now() + 240 * MINUTE_MS
    const labels = [Object.defineProperty(matcher, 'value', read)]
    scene.alerts().mirrored.mirror('am', [{ id: 'one', labels, until, by: 'Anna', note: null }])
    await scene.clock.advance(5_000)
    expect(asked).toBeGreaterThanOrEqual(PATHS.length)
    asked = 0
    for (let round = 0; round < 5; round += 1) {
      look(scene)
      await scene.clock.advance(5_000)
    }
    expect(asked).toBe(0)
    scene.look({ deployment: 'shop', probe: 'redis', values: { redis_connected: 0 } })
    await scene.clock.advance(5_000)
    scene.look({ deployment: 'shop', probe: 'redis', values: { redis_connected: 0 } })
    await scene.clock.advance(5_000)
    expect(asked).toBeGreaterThanOrEqual(PATHS.length)
  } finally {
    await scene.close()
  }
})
