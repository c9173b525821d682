/** Backups by a schedule, and the alert where there is none in time: a whole console, its clock set ahead. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { until } from '../../support/until.ts'
import { startBackedUp } from './operation-kit.ts'

const HOUR_MS = 3_600_000

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres()
}, 60_000)
afterAll(() => server?.stop())

it('rings where no backup is made in time; the schedule makes one, and that ends it', {
  timeout: 90_000,
}, async () => {
  // Due in half a day, and once more half a day later: after a day and some minutes one of them was.
  const times = [12, 24].map((hours) => new Date(Date.now() + hours * HOUR_MS).toISOString().slice(11, 16))
  const wanted = { schedule: { kind: 'daily' as const, zone: 'UTC', times } }
  const console = await startBackedUp(server, { wanted })
  const { engine, clock } = console
  const alert = () => engine.alerts.active('shop').find(({ rule }) => rule === 'backup-stale')
  // What is due counts from the first look of the schedules' clock.
  await until(async () => (await engine.backups.summary('shop'))?.next.backup !== null, {
    what: 'a schedule',
  })
  await until(() => engine.fleetRow('shop')?.backups.isConfigured === true, { what: 'a row' })
  const aheadMs = 24 * HOUR_MS + 7 * 60_000
  clock.leap(aheadMs)
  await until(() => alert()?.state === 'firing', { what: 'the alert', timeoutMs: 30_000 })
  expect(engine.fleetRow('shop')?.backups).toMatchObject({ lastGoodAt: null, isStale: true })
  const made = await until(
    async () => {
      const query = { deployment: 'shop', kinds: ['backup' as const], states: null, before: null, limit: 10 }
      const { operations } = await engine.operations.list(query)
      return operations.find(({ state }) => state === 'succeeded')
    },
    { what: 'the scheduled backup', timeoutMs: 40_000 },
  )
  expect(made).toMatchObject({ actor: 'schedule', effect: 'reads' })
  // The thread of a backup goes by the machine's own clock: its moment is a day old by ours.
  clock.leap(-aheadMs)
  await until(() => alert() === undefined, { what: 'the end of the alert', timeoutMs: 40_000 })
  expect(engine.fleetRow('shop')?.backups.isStale).toBe(false)
  const records = await engine.audit.list({ limit: 50 })
  expect(records.filter(({ actor }) => actor.id === 'schedule').map(({ outcome }) => outcome)).toEqual(
    expect.arrayContaining(['asked', 'succeeded']),
  )
})
