import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MOST_EPISODES } from '../../../../../../src/main/engine/alerts/records.ts'
import { type AlertScene, createAlertScene } from '../../../../../support/alert-scene.ts'

const MINUTE = 60_000

async function looks(scene: AlertScene, value: number, count: number): Promise<void> {
  for (let round = 0; round < count; round += 1) {
    scene.look({ deployment: 'shop', probe: 'pool', values: { db_up: 1, db_pool_utilization: value } })
    await scene.clock.advance(5_000)
  }
}

describe('an alert that somebody took, that was over and came back in the next watch', () => {
  let scene: AlertScene
  let change = 0
  let first = 0
  let end = 0

  beforeAll(async () => {
    scene = await createAlertScene(['shop'])
    await looks(scene, 95, 3)
    const [alert] = scene.alerts().active('shop')
    first = alert?.since ?? 0
    await scene.alerts().acknowledge(alert?.id ?? '', 'Anna', 'restarting it')
    await looks(scene, 10, 4)
    change = scene.clock.now()
    await scene.clock.advance(MINUTE)
    await looks(scene, 95, 3)
    await looks(scene, 10, 4)
    end = scene.clock.now()
    // As it is on record: memory knows of it no more than that.
    await scene.restart()
  })
  afterAll(() => scene.close())

  const watch = async (from: number, to: number) => scene.alerts().within({ from, to, limit: 10 })

  it('stands in the watch in which it fired first, with whoever took it then', async () => {
    const [alert, ...others] = await watch(0, change)
    expect(others).toEqual([])
    expect(alert).toMatchObject({ since: first, state: 'resolved', ending: 'cleared', reopened: 0 })
    expect(alert).toMatchObject({ acknowledgedBy: 'Anna', note: 'restarting it' })
    expect(alert?.endedAt).toBeLessThan(change)
  })

  it('stands in the next one as it came back, taken by nobody', async () => {
    const [alert] = await watch(change, end)
    expect(alert).toMatchObject({ acknowledgedBy: null, note: null, reopened: 0 })
    expect(alert?.since).toBeGreaterThan(change)
  })

  it('is one from its first time to its last over both, and none before and between', async () => {
    const [alert, ...others] = await watch(0, end)
    expect(others).toEqual([])
    expect(alert).toMatchObject({ since: first, acknowledgedBy: 'Anna', reopened: 1 })
    expect(alert?.endedAt).toBeGreaterThan(change)
    expect(await watch(0, first)).toEqual([])
    expect(await watch(change, change + MINUTE)).toEqual([])
  })

  it('is counted with both its times', async () => {
    const [found] = await scene.alerts().counted({ deployment: 'shop', from: 0, limit: 10 })
    expect(found?.past).toMatchObject([{ since: first, acknowledgedAt: expect.any(Number) }])
    expect(found?.reopened).toBe(1)
  })
})

it('keeps so many of the times that an alert fired, and counts them all', async () => {
  const scene = await createAlertScene(['shop'])
  try {
    const times = MOST_EPISODES + 6
    for (let time = 0; time < times; time += 1) {
      await looks(scene, 95, 3)
      await looks(scene, 10, 4)
    }
    const [found] = await scene.alerts().counted({ deployment: 'shop', from: 0, limit: 10 })
    expect(found?.reopened).toBe(times - 1)
    expect(found?.past).toHaveLength(MOST_EPISODES)
    const [alert] = await scene.alerts().within({ from: 0, to: scene.clock.now(), limit: 10 })
    expect(alert?.reopened).toBe(times - 1)
  } finally {
    await scene.close()
  }
})
