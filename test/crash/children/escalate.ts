/**
 * A whole minute goes by in each second: deployments break one after the other and stay so, half of them within a maintenance window;
 * nobody takes anything up, so that all of it goes on to a second channel. Prints a line for each notification that is durable.
 */
import { createAlerts } from '../../../src/main/engine/alerts/create-alerts.ts'
import { createNotify } from '../../../src/main/engine/alerts/notify/notify.ts'
import { createAttempt } from '../../../src/main/engine/alerts/notify/registry.ts'
import { createOutbox } from '../../../src/main/engine/alerts/record/outbox.ts'
import { type Clock, systemClock } from '../../../src/main/engine/clock.ts'
import { silentLog } from '../../../src/main/engine/log.ts'
import { openStore } from '../../../src/main/engine/store/open-store.ts'
import { EscalationPolicy } from '../../../src/shared/model/escalation.ts'
import { MaintenanceWindow } from '../../../src/shared/model/window.ts'
import { BREAKS_EVERY_MS, nameOf, TIMES, WINDOW_MS } from './escalating.ts'

const [dataDirectory = '', url = '', began = '0', count = '0'] = process.argv.slice(2)
const startsAt = Number(began)
// The same for every process that goes on with it.
const clock: Clock = {
  now: () => startsAt + (systemClock.now() - startsAt) * TIMES,
  monotonic: () => systemClock.monotonic() * TIMES,
  after: (ms, task) => systemClock.after(ms / TIMES, task),
}
const deployments = Array.from({ length: Number(count) }, (_, index) => ({
  profile: { name: nameOf(index), environment: 'production' as const, tags: [], limits: {} },
  targets: { redis: ['cache'] },
}))
const store = openStore({ dataDirectory, log: silentLog })
const notify = await createNotify({
  ...{ store, clock, log: silentLog, random: Math.random },
  outbox: createOutbox({ store }),
  attempt: createAttempt({
    ...{ clock, log: silentLog, desktop: null },
    resolveSecret: () => Promise.reject(new Error('no secrets here')),
  }),
})
const alerts = await createAlerts({
  ...{ store, clock, log: silentLog, deployments },
  sink: {
    decided(told) {
      for (const { id } of told) process.stdout.write(`${id}\n`)
      notify.decided(told)
    },
    undurable() {
      throw new Error('the disk is well')
    },
  },
  latestOf: () => [],
  connectionOf: () => ({ status: 'CONNECTED', hops: [] }),
  causesOf: () => [],
  range: () => Promise.reject(new Error('there is no history here')),
  onTurn() {},
  onSilence() {},
})
if (notify.channels.list().length === 0) {
  await notify.channels.save({ kind: 'webhook', name: 'hook', url: `${url}/hook` }, null)
  await notify.channels.save({ kind: 'webhook', name: 'pager', url: `${url}/pager`, everything: false }, null)
  const steps = [{ afterMinutes: 1, to: [{ kind: 'channel', channel: 'pager' }] }]
  await alerts.policies.save(EscalationPolicy.parse({ name: 'all', matchers: {}, steps }), null)
  const schedule = {
    ...{ kind: 'once', zone: 'UTC' },
    from: new Date(startsAt).toISOString(),
    to: new Date(startsAt + WINDOW_MS).toISOString(),
  }
  const quiet = deployments.map(({ profile }) => profile.name).filter((_, index) => index % 2 === 1)
  const window = MaintenanceWindow.parse({ name: 'upgrade', schedule, matchers: { deployments: quiet } })
  await alerts.windows.save(window, null, 'Anna')
}
await notify.start()

for (;;) {
  for (const [index, { profile }] of deployments.entries()) {
    const isDown = clock.now() - startsAt > index * BREAKS_EVERY_MS
    alerts.observe({
      ...{ deployment: profile.name, probe: 'redis', target: 'cache', at: clock.now() },
      ...{ status: isDown ? 'DISCONNECTED' : 'HEALTHY', values: { redis_connected: isDown ? 0 : 1 } },
      reason: { code: 'redis-healthy', params: {} },
      cost: { ms: 1, rows: 0, bytes: 0 },
    })
  }
  // Kept alive by this alone: the engine's timers keep nothing alive.
  await new Promise((resolve) => setTimeout(resolve, 5_000 / TIMES))
}
