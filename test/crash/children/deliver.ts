/** Decides notifications for ever and has them delivered; prints the number of each that is durable in the outbox. */
import { createNotify } from '../../../src/main/engine/alerts/notify/notify.ts'
import { createAttempt } from '../../../src/main/engine/alerts/notify/registry.ts'
import { createOutbox, putIntoOutbox } from '../../../src/main/engine/alerts/record/outbox.ts'
import { systemClock } from '../../../src/main/engine/clock.ts'
import { silentLog } from '../../../src/main/engine/log.ts'
import { openStore } from '../../../src/main/engine/store/open-store.ts'
import { notificationOf } from '../../support/notification.ts'

const [dataDirectory = '', url = '', first = '0', most = '0'] = process.argv.slice(2)
const store = openStore({ dataDirectory, log: silentLog })
const notify = await createNotify({
  ...{ store, clock: systemClock, log: silentLog, random: Math.random },
  outbox: createOutbox({ store }),
  attempt: createAttempt({
    clock: systemClock,
    log: silentLog,
    desktop: null,
    resolveSecret: () => Promise.reject(new Error('no secrets here')),
  }),
})
await notify.channels.save({ kind: 'webhook', name: 'hook', url }, null)
await notify.start()
for (let number = Number(first); number < Number(most); number += 1) {
  // Three of an incident each, so that order can be told.
  const decided = notificationOf({
    ...{ id: String(number), incident: `i${Math.floor(number / 3)}`, decidedAt: Date.now() },
  })
  await store.write((database) => putIntoOutbox(database, [decided]))
  process.stdout.write(`${number}\n`)
  notify.decided([decided])
  await new Promise((resolve) => setTimeout(resolve, 3))
}
// Kept alive by this alone: the engine's timers keep nothing alive.
setInterval(() => {}, 1_000)
