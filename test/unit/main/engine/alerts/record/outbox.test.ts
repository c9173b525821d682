import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createOutbox, putIntoOutbox } from '../../../../../../src/main/engine/alerts/record/outbox.ts'
import { silentLog } from '../../../../../../src/main/engine/log.ts'
import { openStore } from '../../../../../../src/main/engine/store/open-store.ts'
import type { Store } from '../../../../../../src/main/engine/store/store.ts'
import type { Notification } from '../../../../../../src/shared/model/notification.ts'

let directory: string
let store: Store
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vakhta-outbox-'))
  store = openStore({ dataDirectory: directory, log: silentLog })
})
afterEach(async () => {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

function notification(id: string): Notification {
  return {
    ...{ id, incident: 'incident', kind: 'firing', deployment: 'shop', environment: 'production' },
    ...{
      severity: 'CRITICAL',
      alerts: [],
      moreAlerts: 0,
      inhibited: 0,
      channels: [],
      silence: null,
      escalation: null,
    },
    ...{
      decidedAt: 1_000,
      possibleRepeat: false,
      doubled: null,
      way: null,
      raises: 0,
      calls: 0,
      reminders: 0,
    },
  }
}

test('what was decided is read in its order, from where somebody left off', async () => {
  const outbox = createOutbox({ store })
  await store.write((database) => putIntoOutbox(database, [notification('a'), notification('b')]))
  await store.write((database) => putIntoOutbox(database, [notification('c')]))
  const [first, ...others] = await outbox.after(0, 10)
  expect(first?.notification).toEqual(notification('a'))
  expect(others.map(({ notification: { id } }) => id)).toEqual(['b', 'c'])
  const left = await outbox.after(first?.seq ?? 0, 1)
  expect(left.map(({ notification: { id } }) => id)).toEqual(['b'])
})

test('one that is on record already is not decided again', async () => {
  const outbox = createOutbox({ store })
  await store.write((database) => putIntoOutbox(database, [notification('a')]))
  await store.write((database) => putIntoOutbox(database, [notification('a'), notification('b')]))
  expect((await outbox.after(0, 10)).map(({ notification: { id } }) => id)).toEqual(['a', 'b'])
})

test('what is taken back with its transaction was not decided', async () => {
  const outbox = createOutbox({ store })
  const failed = store.write((database) => {
    putIntoOutbox(database, [notification('a')])
    throw new Error('the alert could not be written')
  })
  await expect(failed).rejects.toThrow('the alert could not be written')
  expect(await outbox.after(0, 10)).toEqual([])
})
