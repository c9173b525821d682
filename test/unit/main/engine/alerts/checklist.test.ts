import { expect, it } from 'vitest'
import { AlertRuleSettings, builtInRule } from '../../../../../src/shared/model/alert-rule.ts'
import { createAlertScene } from '../../../../support/alert-scene.ts'

const RULE = 'db-pool-utilization-high'
const CHECKLIST = 'https://wiki.example.com/pool'

it('the checklist of a rule goes with what fires, to whoever is told of it and over a restart', async () => {
  const scene = await createAlertScene(['shop'])
  try {
    const { enabled, levels, fireAfter, clearAfter, cooldownSeconds, scope, channels } = builtInRule(RULE)
    const settings = { enabled, levels, fireAfter, clearAfter, cooldownSeconds, scope, channels }
    await scene.alerts().configureRule(RULE, AlertRuleSettings.parse({ ...settings, checklist: CHECKLIST }))
    for (let look = 0; look < 3; look += 1) {
      scene.look({ deployment: 'shop', probe: 'pool', values: { db_up: 1, db_pool_utilization: 95 } })
      await scene.clock.advance(5_000)
    }
    expect(scene.handedOn.map(({ alerts }) => alerts[0]?.checklist)).toEqual([CHECKLIST])
    await scene.restart()
    expect(scene.alerts().active('shop')).toMatchObject([{ rule: RULE, checklist: CHECKLIST }])
  } finally {
    await scene.close()
  }
})
