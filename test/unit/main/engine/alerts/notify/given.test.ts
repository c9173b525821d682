import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  createDeliveryStore,
  type DeliveryStore,
} from '../../../../../../src/main/engine/alerts/notify/delivery-store.ts'
import { silentLog } from '../../../../../../src/main/engine/log.ts'
import { openStore } from '../../../../../../src/main/engine/store/open-store.ts'
import type { Store } from '../../../../../../src/main/engine/store/store.ts'
import type { DeliveryState } from '../../../../../../src/shared/model/delivery.ts'
import type { Notification } from '../../../../../../src/shared/model/notification.ts'
import { notificationOf } from '../../../../../support/notification.ts'

let directory: string
let store: Store
let deliveries: DeliveryStore
let decided = 0
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vakhta-given-'))
  store = openStore({ dataDirectory: directory, log: silentLog })
  deliveries = createDeliveryStore({ store })
})
afterEach(async () => {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

/** Decided, and tried once on each of these channels. */
async function told(rest: Partial<Notification>, channels: readonly string[], state: DeliveryState) {
  decided += 1
  const notification = notificationOf({ id: `n${decided}`, ...rest })
  const receivers = channels.map((name) => ({ name, takes: true }))
  await deliveries.take([{ seq: decided, notification, receivers }])
  const answer = { status: 'delivered', code: 200, text: '', failure: null, ms: 1 } as const
  for (const { row } of await deliveries.heads()) {
    await deliveries.end(row, {
      ...{ state, attempt: { at: decided, answer }, nextAt: null, possibleRepeat: false, handle: null },
    })
  }
}

const numbers = async (channel: string) => {
  const row = Number.MAX_SAFE_INTEGER
  const given = await deliveries.given({ row, channel, incident: 'i1' })
  return given.map(({ kind, raises, calls, reminders }) => `${kind} ${raises}-${calls}-${reminders}`)
}

it('of an incident a channel was given what it was tried on since it was last over there, newest first', async () => {
  await told({ kind: 'escalated', calls: 1 }, ['chat', 'pager'], 'delivered')
  await told({ kind: 'resolved', calls: 1 }, ['chat', 'pager'], 'delivered')
  await told({ kind: 'escalated', calls: 1 }, ['chat'], 'delivered')
  await told({ kind: 'escalated', calls: 2 }, ['pager'], 'delivered')
  await told({ kind: 'escalated', calls: 3, incident: 'i2' }, ['pager'], 'delivered')
  // Nobody answered: it may have arrived.
  await told({ kind: 'escalated', calls: 4 }, ['pager'], 'given-up')
  // Its end was never taken there.
  await told({ kind: 'resolved', calls: 4 }, ['pager'], 'given-up')
  expect(await numbers('chat')).toEqual(['escalated 0-1-0'])
  expect(await numbers('pager')).toEqual(['escalated 0-4-0', 'resolved 0-4-0', 'escalated 0-2-0'])
})

it('no more of a kind is read than the end of an incident asks for', async () => {
  await told({ kind: 'escalated', calls: 7 }, ['pager'], 'delivered')
  for (let raises = 1; raises <= 30; raises += 1) {
    await told({ kind: 'raised', raises, calls: 7 }, ['pager'], 'delivered')
  }
  const given = await numbers('pager')
  expect(given).toHaveLength(1 + 24)
  expect(given).toContain('escalated 0-7-0')
  expect(given).toContain('raised 30-7-0')
})
