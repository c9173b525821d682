import { afterEach, beforeEach, expect, it } from 'vitest'
import { keyOf } from '../../../../../src/main/engine/alerts/notify/keys.ts'
import { type AlertScene, createAlertScene, type SeenLook } from '../../../../support/alert-scene.ts'

let scene: AlertScene
beforeEach(async () => {
  scene = await createAlertScene(['shop'])
})
afterEach(() => scene.close())

async function looks(look: Omit<SeenLook, 'deployment'>, times = 3) {
  for (let time = 0; time < times; time += 1) {
    scene.look({ deployment: 'shop', ...look })
    await scene.clock.advance(5_000)
  }
}

async function acknowledgeAll() {
  const ids = scene
    .alerts()
    .active('shop')
    .map(({ id }) => id)
  await scene.alerts().acknowledgeAll(ids, 'anna', null)
}

const POOL = { probe: 'pool', values: { db_up: 1, db_pool_utilization: 95 } } as const
const REDIS = { probe: 'redis', values: { redis_connected: 0 } } as const
const HEALTH = { probe: 'health', values: { health_live: 0, health_ready: 0 } } as const

it('what rises to the same severity again has a key of its own, over a restart, until all of it is over', async () => {
  await looks(POOL)
  await looks(REDIS)
  await acknowledgeAll()
  await scene.restart()
  // As urgent as what was taken up: it joins, and rings.
  await looks({ ...HEALTH, target: 'api' })
  const told = scene.handedOn.filter(({ kind }) => kind === 'firing' || kind === 'raised')
  expect(told.map(({ kind, severity, raises }) => [kind, severity, raises])).toEqual([
    ['firing', 'CRITICAL', 0],
    ['raised', 'EMERGENCY', 1],
    ['raised', 'EMERGENCY', 2],
  ])
  const keys = told.map(({ incident, kind, ...notification }) => keyOf({ incident, kind, notification }, 255))
  expect(new Set(keys).size).toBe(3)
})
