/** Backups and drills by a schedule, and the alerts where there is no backup in time or none can be restored: whole consoles, their clocks set ahead. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { until } from '../../support/until.ts'
import { type BackedUp, failureOf, startBackedUp } from './operation-kit.ts'

const HOUR_MS = 3_600_000

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres()
}, 60_000)
afterAll(() => server?.stop())

/** Due in half a day, and once more half a day later: after a day and some minutes one of them was. */
const TIMES = [12, 24].map((hours) => new Date(Date.now() + hours * HOUR_MS).toISOString().slice(11, 16))
const TWICE_A_DAY = { kind: 'daily' as const, zone: 'UTC', times: TIMES }
const AHEAD_MS = 24 * HOUR_MS + 7 * 60_000

/** The one that the schedule began of this kind since the one before, once it is over. */
async function begunBySchedule(
  { engine }: BackedUp,
  kind: 'backup' | 'drill',
  before: readonly string[] = [],
) {
  return until(
    async () => {
      const query = { deployment: 'shop', kinds: [kind], states: null, before: null, limit: 10 }
      const { operations } = await engine.operations.list(query)
      return operations.find(
        ({ id, actor, endedAt }) => actor === 'schedule' && endedAt !== null && !before.includes(id),
      )
    },
    { what: `the scheduled ${kind}`, timeoutMs: 40_000 },
  )
}

it('rings where no backup is made in time; the schedule makes one, and that ends it', {
  timeout: 90_000,
}, async () => {
  const console = await startBackedUp(server, { wanted: { schedule: TWICE_A_DAY } })
  const { engine, clock } = console
  const alert = () => engine.alerts.active('shop').find(({ rule }) => rule === 'backup-stale')
  // What is due counts from the first look of the schedules' clock.
  await until(async () => (await engine.backups.summary('shop'))?.next.backup !== null, {
    what: 'a schedule',
  })
  await until(() => engine.fleetRow('shop')?.backups.isConfigured === true, { what: 'a row' })
  clock.leap(AHEAD_MS)
  await until(() => alert()?.state === 'firing', { what: 'the alert', timeoutMs: 30_000 })
  expect(engine.fleetRow('shop')?.backups).toMatchObject({ lastGoodAt: null, isStale: true })
  const made = await begunBySchedule(console, 'backup')
  expect(made).toMatchObject({ state: 'succeeded', effect: 'reads' })
  // The thread of a backup goes by the machine's own clock: its moment is a day old by ours.
  clock.leap(-AHEAD_MS)
  await until(() => alert() === undefined, { what: 'the end of the alert', timeoutMs: 40_000 })
  expect(engine.fleetRow('shop')?.backups.isStale).toBe(false)
  const records = await engine.audit.list({ limit: 50 })
  expect(records.filter(({ actor }) => actor.id === 'schedule').map(({ outcome }) => outcome)).toEqual(
    expect.arrayContaining(['asked', 'succeeded']),
  )
})

it('rings where a drill that the schedule began cannot restore its backup; one that can ends that', {
  timeout: 180_000,
}, async () => {
  const console = await startBackedUp(server, { wanted: { drills: TWICE_A_DAY } })
  const { engine, clock } = console
  const alert = () => engine.alerts.active('shop').find(({ rule }) => rule === 'drill-failed')
  const { result } = await console.run('backup')
  const file = join(console.kept, String(result?.backup), 'database-1.dump.age')
  const content = readFileSync(file)
  const at = content.length - 1_000
  content[at] = (content[at] ?? 0) ^ 1
  writeFileSync(file, content)
  await until(async () => (await engine.backups.summary('shop'))?.next.drill !== null, {
    what: 'a schedule',
  })
  clock.leap(AHEAD_MS)
  const failed = await begunBySchedule(console, 'drill')
  expect(failed).toMatchObject({ state: 'failed', effect: 'reads', target: 'unchanged' })
  expect(failureOf(failed)).toBe('file-altered')
  await until(() => alert()?.state === 'firing', { what: 'the alert', timeoutMs: 30_000 })
  expect(alert()).toMatchObject({ severity: 'CRITICAL' })

  const { state, result: next } = await console.run('backup')
  expect(state).toBe('succeeded')
  clock.leap(12 * HOUR_MS)
  const drilled = await begunBySchedule(console, 'drill', [failed.id])
  expect(drilled).toMatchObject({ state: 'succeeded', result: { backup: next?.backup } })
  await until(() => alert() === undefined, { what: 'the end of the alert', timeoutMs: 40_000 })
  expect(await engine.backups.summary('shop')).toMatchObject({ lastProven: { id: next?.backup } })
})
