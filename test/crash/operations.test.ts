/** SIGKILL to a real console in the middle of an operation, one of each kind and each way of it: the next console looks, goes on, and nothing is left or done twice. */
import { expect, onTestFinished, test, vi } from 'vitest'
import { startPostgres } from '../../demo/servers/postgres.ts'
import { descendantsOf } from '../../demo/servers/process-tree.ts'
import { createTemporaryDirectory } from '../../demo/servers/temporary-directory.ts'
import { OPERATING_ROLES_SQL } from '../support/application-sessions.ts'
import { until } from '../support/until.ts'
import { type ConsoleProcess, startConsoleProcess } from './operations/console.ts'
import { directoryFor, requireNothingLeft } from './operations/kills.ts'
import type { Scenario } from './operations/scenario.ts'
import { begin, ended, isUnderWay, watch } from './operations/scenarios/known.ts'
import { SCENARIOS } from './operations/scenarios.ts'

// Each starts several processes, one after the other.
vi.setConfig({ testTimeout: 480_000, hookTimeout: 60_000 })

async function start(directory: string): Promise<ConsoleProcess> {
  const console = await startConsoleProcess(directory)
  onTestFinished(() => console.child.kill())
  return console
}

const stepOf = (steps: readonly { id: string; state: string }[], { heldIn }: Scenario) =>
  heldIn === undefined ? steps[0] : steps.find(({ id }) => id === heldIn)

test.each(Object.entries(SCENARIOS))('%s', async (_, open) => {
  const server = await startPostgres()
  onTestFinished(() => server.stop())
  await server.query(OPERATING_ROLES_SQL)
  const stage = await open(server)
  onTestFinished(stage.close)
  const scenario = await stage.begin()
  onTestFinished(scenario.stop)
  const directory = directoryFor(scenario)
  onTestFinished(directory.remove)
  const markers = () => server.query('select from pg_db_role_setting where setrole > 0')
  const locks = () => server.query(`select from pg_locks where locktype = 'advisory'`)
  // It is over before it gives back what it held.
  const isFree = () =>
    until(async () => (await markers()).length + (await locks()).length === 0, {
      what: 'a target without a lock and a marker',
    })

  const first = await start(directory.path)
  if (scenario.known === null) await watch(first, scenario.profile)
  await scenario.hold()
  onTestFinished(() => scenario.letGo().catch(() => {}))
  const { id } = await begin(first, scenario.kind, scenario.options)
  await scenario.reached(first.child.pid)
  await until(async () => stepOf((await first.operation(id)).steps, scenario)?.state === 'running')
  const isLocked = (await locks()).length > 0
  const programs = descendantsOf(first.child.pid)
  await first.child.kill()

  if (isLocked) {
    // The lock went with its console; the marker tells of it.
    await until(async () => (await locks()).length === 0, { what: 'a lock that is free' })
    expect(await markers()).toHaveLength(1)
  }
  // One that knows no backup is refused for that.
  if (isLocked && scenario.known === null) {
    const elsewhere = createTemporaryDirectory('crash')
    onTestFinished(elsewhere.remove)
    const other = await start(elsewhere.path)
    await watch(other, scenario.profile)
    const { kind, options } = scenario
    const refused = await until(async () => {
      const answer = await other.ask('POST', '/operations', { kind, deployment: 'shop', options })
      return answer.status === 409 && answer.body
    })
    expect(refused).toMatchObject({
      ...{ code: 'TARGET_LOCKED', data: { holder: { operation: id, isLeft: true } } },
    })
    await other.child.kill()
  }

  await scenario.letGo()
  const next = await start(directory.path)
  await scenario.isRelieved?.()
  if (scenario.isGivenUpAtStart === true) {
    await until(
      async () => !isUnderWay(await next.operation(id)) && (await next.operation(id)).state !== 'interrupted',
    )
    expect(await next.operation(id)).toMatchObject({ state: 'cancelled', target: 'unchanged', error: null })
  } else {
    const found = await next.operation(id)
    expect(found).toMatchObject({ state: 'interrupted' })
    expect(stepOf(found.steps, scenario)?.state).toBe('in_doubt')
    await until(async () => (await next.ask('POST', `/operations/${id}/resume`, {})).status === 202, {
      ...{ what: 'it goes on', timeoutMs: 30_000 },
    })
    const over = await ended(next, id)
    if (scenario.onceOnly === undefined) {
      expect(over).toMatchObject({ state: 'succeeded', error: null })
      await scenario.isWhole()
    } else {
      expect(over).toMatchObject({ state: 'failed', target: 'unchanged', error: { code: scenario.onceOnly } })
    }
  }
  await isFree()
  const { undo } = await next.operation(id)
  if (undo === 'available') {
    expect((await next.ask('POST', `/operations/${id}/undo`, {})).status).toBe(202)
    expect(await ended(next, id)).toMatchObject({ state: 'undone', target: 'unchanged', error: null })
    await isFree()
  }
  if (undo === 'available' || scenario.onceOnly !== undefined) await scenario.isAsBefore?.()
  await next.child.kill()
  await requireNothingLeft({ server, scenario }, directory.path, programs)
})
