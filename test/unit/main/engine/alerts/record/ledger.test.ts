import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createAlertStore } from '../../../../../../src/main/engine/alerts/record/alert-store.ts'
import { createLedger } from '../../../../../../src/main/engine/alerts/record/ledger.ts'
import type { AlertRecord, Incident } from '../../../../../../src/main/engine/alerts/records.ts'
import { silentLog } from '../../../../../../src/main/engine/log.ts'
import { openStore } from '../../../../../../src/main/engine/store/open-store.ts'
import { type Store, StoreError } from '../../../../../../src/main/engine/store/store.ts'
import type { TraceEntry } from '../../../../../../src/shared/model/alert-trace.ts'
import type { Notification } from '../../../../../../src/shared/model/notification.ts'
import { createDrivenClock } from '../../../../../support/driven-clock.ts'
import { notificationOf } from '../../../../../support/notification.ts'

const INCIDENTS = 600

let directory: string
let store: Store
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vakhta-ledger-'))
  store = openStore({ dataDirectory: directory, log: silentLog })
})
afterEach(async () => {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

const count = async (table: string) =>
  (await store.first<{ n: number }>(`SELECT count(*) AS n FROM ${table}`))?.n

it('thousands are written in turns; where the disk fails between them, the rest is told, kept and written in its order', async () => {
  let writes = 0
  let failsFrom = Number.POSITIVE_INFINITY
  const records = createAlertStore({
    store: {
      ...store,
      async write(work) {
        writes += 1
        if (writes >= failsFrom) throw new StoreError('full', 'the disk is full')
        return store.write(work)
      },
    },
  })
  const decided: Notification[] = []
  const undurable: Notification[] = []
  const clock = createDrivenClock()
  const ledger = createLedger({
    ...{ records, clock, log: silentLog },
    sink: { decided: (all) => void decided.push(...all), undurable: (all) => void undurable.push(...all) },
  })
  for (let index = 0; index < INCIDENTS; index += 1) {
    const [id, incident] = [`a${index}`, `i${index}`]
    ledger.alert({ id, incident, deployment: 'shop', rule: 'r', since: 1, endedAt: null } as AlertRecord)
    ledger.incident({ id: incident, alerts: [id], endedAt: null } as Incident)
    for (const at of [1, 2]) ledger.trace(id, { at, step: 'told' } as TraceEntry)
    ledger.notification(notificationOf({ id: `n${index}`, incident }))
  }
  failsFrom = 2
  await expect(ledger.flush()).rejects.toThrow('full')
  const durable = decided.length
  expect(durable).toBeGreaterThan(0)
  expect(undurable).toHaveLength(INCIDENTS - durable)
  expect(undurable.every(({ possibleRepeat }) => possibleRepeat)).toBe(true)
  for (const table of ['alerts', 'incidents', 'outbox']) expect(await count(table)).toBe(durable)

  // Some of it is written, and the disk fails again: of the rest nothing is told once more.
  failsFrom = writes + 2
  await expect(ledger.flush()).rejects.toThrow('full')
  expect(await count('alerts')).toBeGreaterThan(durable)
  expect(undurable).toHaveLength(INCIDENTS - durable)

  failsFrom = Number.POSITIVE_INFINITY
  await ledger.flush()
  for (const table of ['alerts', 'incidents', 'outbox']) expect(await count(table)).toBe(INCIDENTS)
  expect(await count('alert_trace')).toBe(2 * INCIDENTS)
  const rows = await store.all<{ alert: string; at: number }>('SELECT alert, at FROM alert_trace ORDER BY id')
  expect(rows.filter(({ alert }) => alert === 'a599').map(({ at }) => at)).toEqual([1, 2])
  // In the order of their decision, each once on record.
  const told = await store.all<{ id: string }>('SELECT id FROM outbox ORDER BY seq')
  expect(told.map(({ id }) => id)).toEqual(Array.from({ length: INCIDENTS }, (_, index) => `n${index}`))
  expect(undurable).toHaveLength(INCIDENTS - durable)
  await ledger.close()
})

it('what begins while thousands are written goes with the next part, and what changes meanwhile is written as it is by then', async () => {
  let writes = 0
  const records = createAlertStore({
    store: {
      ...store,
      async write(work) {
        writes += 1
        if (writes === 2) {
          put('fresh', 'begins')
          put('a599', 'changed')
        }
        return store.write(work)
      },
    },
  })
  const decided: string[] = []
  const ledger = createLedger({
    ...{ records, clock: createDrivenClock(), log: silentLog },
    sink: {
      decided: (all) => void decided.push(...all.map(({ id }) => id)),
      undurable: () => expect.unreachable(),
    },
  })
  function put(id: string, step: string) {
    const incident = `of-${id}`
    const trace = { at: step === 'changed' ? 2 : 1, step: 'told' } as TraceEntry
    ledger.alert({ id, incident, deployment: 'shop', rule: step, since: 1, endedAt: null } as AlertRecord)
    ledger.incident({ id: incident, alerts: [id], endedAt: null } as Incident)
    ledger.trace(id, trace)
    ledger.notification(notificationOf({ id: `${id} ${step}`, incident }))
  }
  for (let index = 0; index < INCIDENTS; index += 1) put(`a${index}`, 'told')
  await ledger.flush()
  expect(writes).toBeGreaterThan(3)
  expect(decided.indexOf('fresh begins')).toBeLessThan(decided.indexOf('a450 told'))
  expect(decided).toHaveLength(INCIDENTS + 2)
  expect(new Set(decided).size).toBe(INCIDENTS + 2)
  expect(decided.indexOf('a599 told')).toBeLessThan(decided.indexOf('a599 changed'))
  expect(await count('alerts')).toBe(INCIDENTS + 1)
  const rows = await store.all<{ rule: string }>("SELECT rule FROM alerts WHERE id = 'a599'")
  expect(rows).toEqual([{ rule: 'changed' }])
  const trace = await store.all<{ at: number }>("SELECT at FROM alert_trace WHERE alert = 'a599' ORDER BY id")
  expect(trace).toEqual([{ at: 1 }, { at: 2 }])
  await ledger.close()
})
