import { expect, it } from 'vitest'
import { createAlertScene } from '../../../../support/alert-scene.ts'

const names = ['shop', 'blog', 'wiki']

async function firing() {
  const scene = await createAlertScene(names)
  for (let round = 0; round < 3; round += 1) {
    for (const deployment of names) {
      scene.look({ deployment, probe: 'pool', values: { db_pool_utilization: 95 } })
    }
    await scene.clock.advance(5_000)
  }
  return scene
}

it('acknowledges several at once, durably, and says which were over or never there', async () => {
  const scene = await firing()
  const ids = scene
    .alerts()
    .active(null)
    .map(({ id }) => id)
  expect(ids.length).toBe(3)
  const [gone = '', ...left] = ids
  scene.remove(scene.alerts().active(null)[0]?.deployment ?? '')
  const became = await scene.alerts().acknowledgeAll([...ids, 'none', ...ids], 'Anna', 'on it')
  expect(became).toEqual({ done: left, over: [gone], unknown: ['none'], stillTrue: [] })
  await scene.kill()
  expect(scene.alerts().active(null)).toMatchObject(
    left.map((id) => ({ id, state: 'acknowledged', acknowledgedBy: 'Anna', note: 'on it' })),
  )
  await scene.close()
})

it('keeps several quiet, each for as long as it gets no worse, and resolves none that is still true', async () => {
  const scene = await firing()
  const ids = scene
    .alerts()
    .active(null)
    .map(({ id }) => id)
  const request = { until: scene.clock.now() + 600_000, by: 'Anna', note: null }
  expect(await scene.alerts().silenceAll(ids, request)).toMatchObject({ done: ids, over: [] })
  expect(await scene.alerts().resolveAll(ids, 'Anna')).toMatchObject({ done: [], stillTrue: ids })
  await scene.kill()
  expect(
    scene
      .alerts()
      .active(null)
      .map(({ state }) => state),
  ).toEqual(ids.map(() => 'silenced'))
  expect(
    scene
      .alerts()
      .silences()
      .map(({ matchers }) => matchers.alert),
  ).toEqual(ids)
  // They end by themselves, each over its own alert.
  await scene.clock.advance(600_000)
  expect(
    scene
      .alerts()
      .active(null)
      .map(({ state }) => state),
  ).toEqual(ids.map(() => 'firing'))
  await scene.close()
})
