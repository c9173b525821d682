import { afterEach, beforeEach, expect, it } from 'vitest'
import { REMIND_AFTER_MS } from '../../../../../src/main/engine/alerts/telling/decide-notice.ts'
import { type AlertScene, createAlertScene } from '../../../../support/alert-scene.ts'

let scene: AlertScene
beforeEach(async () => {
  scene = await createAlertScene(['shop'])
})
afterEach(() => scene.close())

async function looks(pool: number, times: number, everyMs: number) {
  for (let time = 0; time < times; time += 1) {
    scene.look({ deployment: 'shop', probe: 'pool', values: { db_up: 1, db_pool_utilization: pool } })
    await scene.clock.advance(everyMs)
  }
}

it('reminders of an incident are counted, over restarts, until all of it is over', async () => {
  const every = 5 * 60_000
  await looks(95, 2, 5_000)
  await looks(95, REMIND_AFTER_MS / every + 1, every)
  await scene.restart()
  await looks(95, REMIND_AFTER_MS / every + 1, every)
  await looks(10, 3, 15_000)
  await scene.clock.advance(3_600_000)
  await looks(95, 2, 5_000)
  expect(scene.handedOn.map(({ kind, reminders }) => [kind, reminders])).toEqual([
    ['firing', 0],
    ['reminder', 1],
    ['reminder', 2],
    ['resolved', 2],
    ['firing', 0],
  ])
})
