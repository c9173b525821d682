/**
 * Turns alerts of two hundred deployments on and off as fast as it can, those of another run in its own way, and prints what was handed
 * on: a line for each notification, once it is durable.
 */
import { createAlerts } from '../../../src/main/engine/alerts/create-alerts.ts'
import { systemClock } from '../../../src/main/engine/clock.ts'
import { silentLog } from '../../../src/main/engine/log.ts'
import { openStore } from '../../../src/main/engine/store/open-store.ts'

const [directory = '', run = '0'] = process.argv.slice(2)
const store = openStore({ dataDirectory: directory, log: silentLog })
const names = Array.from({ length: 200 }, (_, index) => `shop-${run}-${index}`)
const alerts = await createAlerts({
  ...{ store, clock: systemClock, log: silentLog },
  sink: {
    decided(told) {
      for (const { id, incident, kind } of told) process.stdout.write(`${id} ${incident} ${kind}\n`)
    },
    undurable() {
      throw new Error('the disk is well')
    },
  },
  deployments: names.map((name) => ({
    profile: { name, environment: 'production', tags: [], limits: {} },
    targets: { redis: ['cache'] },
  })),
  latestOf: () => [],
  connectionOf: () => ({ status: 'CONNECTED', hops: [] }),
  causesOf: () => [],
  range: () => Promise.reject(new Error('there is no history here')),
  onTurn() {},
  onSilence() {},
})

for (let turn = 0; ; turn += 1) {
  for (const [index, deployment] of names.entries()) {
    // Each has its own beat: at any moment some of them fire, clear, or are pending.
    const isDown = turn >= index && Math.floor((turn - index) / 4) % 2 === 0
    alerts.observe({
      ...{ deployment, probe: 'redis', target: 'cache', at: Date.now(), status: 'CRITICAL' },
      values: { redis_connected: isDown ? 0 : 1 },
      reason: { code: 'redis-healthy', params: {} },
      cost: { ms: 1, rows: 0, bytes: 0 },
    })
  }
  await new Promise((resolve) => setTimeout(resolve, 5))
}
