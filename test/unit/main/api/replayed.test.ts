import { expect, it } from 'vitest'
import { MOST_REPLAYED, replayed } from '../../../../src/main/api/replayed.ts'
import { createAlertScene } from '../../../support/alert-scene.ts'

const OF_EACH = 50
const DEPLOYMENTS = Array.from({ length: 100 }, (_, index) => `shop-${index}`)

it('says that there were more alerts than it looks through, and has the newest of them', async () => {
  const scene = await createAlertScene([...DEPLOYMENTS, 'last'])
  const fire = async (names: readonly string[], count: number) => {
    const paths = Array.from({ length: count }, (_, index) => `/orders/${index}`)
    const values = Object.fromEntries(
      paths.map((path) => [`http_path_duration_p95_ms{path="${path}"}`, 9_000]),
    )
    for (let round = 0; round < 3; round += 1) {
      for (const deployment of names) scene.look({ deployment, probe: 'traffic', values })
      await scene.clock.advance(1_000)
    }
  }
  try {
    await fire(DEPLOYMENTS.slice(0, 3), OF_EACH)
    const few = await replayed(scene.alerts(), scene.clock.now())
    expect(few.isCut).toBe(false)
    expect(few.alerts.length).toBeGreaterThanOrEqual(3 * OF_EACH)
    await fire(DEPLOYMENTS.slice(3), OF_EACH)
    await fire(['last'], 1)
    expect(scene.alerts().active(null).length).toBeGreaterThan(MOST_REPLAYED)
    const many = await replayed(scene.alerts(), scene.clock.now())
    expect(many.isCut).toBe(true)
    expect(many.alerts).toHaveLength(MOST_REPLAYED)
    expect(many.alerts[0]?.deployment).toBe('last')
  } finally {
    await scene.close()
  }
}, 60_000)
