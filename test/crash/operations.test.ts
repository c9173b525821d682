/** SIGKILL to a real console in the middle of an operation, one of each kind: the next console looks, goes on, and nothing is left or done twice. */
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { type PostgresServer, startPostgres } from '../../demo/servers/postgres.ts'
import { createTemporaryDirectory } from '../../demo/servers/temporary-directory.ts'
import { OPERATING_ROLES_SQL } from '../support/application-sessions.ts'
import { until } from '../support/until.ts'
import { AskedOperation, type ConsoleProcess, startConsoleProcess } from './operations/console.ts'
import { SCENARIOS, type Scenario } from './operations/scenarios.ts'

// Each starts several processes, one after the other.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

let server: PostgresServer
const closing: (() => unknown)[] = []

beforeAll(async () => {
  server = await startPostgres()
  await server.query(OPERATING_ROLES_SQL)
})
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})
afterAll(() => server?.stop())

function newDirectory(): string {
  const { path, remove } = createTemporaryDirectory('crash')
  closing.push(remove)
  return path
}

async function start(directory: string): Promise<ConsoleProcess> {
  const console = await startConsoleProcess(directory)
  closing.push(() => console.child.kill())
  return console
}

async function watches(console: ConsoleProcess, { profile }: Scenario): Promise<void> {
  const { status } = await console.ask('PUT', '/deployments', { profile })
  expect(status).toBe(200)
}

const requestOf = ({ kind, options }: Scenario) => ({ kind, deployment: 'shop', options })

/** Begins it as soon as what is needed for it is connected. */
async function begin(console: ConsoleProcess, scenario: Scenario): Promise<AskedOperation> {
  return until(
    async () => {
      const { status, body } = await console.ask('POST', '/operations', requestOf(scenario))
      return status === 202 && AskedOperation.parse(body)
    },
    { what: 'an operation that begins', timeoutMs: 30_000 },
  )
}

const settled = (console: ConsoleProcess, id: string) =>
  until(
    async () => {
      const one = await console.operation(id)
      return !['queued', 'running'].includes(one.state) && one
    },
    { what: 'its end', timeoutMs: 60_000 },
  )

const markers = () => server.query('select from pg_db_role_setting where setrole > 0')
const locks = () => server.query(`select from pg_locks where locktype = 'advisory'`)

test.each(Object.keys(SCENARIOS))('%s', async (kind) => {
  const scenario = await SCENARIOS[kind]?.(server)
  if (scenario === undefined) throw new Error(`no scenario ${kind}`)
  closing.push(scenario.stop)
  const directory = newDirectory()
  const first = await start(directory)
  await watches(first, scenario)
  await scenario.hold()
  const { id } = await begin(first, scenario)
  await scenario.reached()
  await until(async () => (await first.operation(id)).steps[0]?.state === 'running')
  const isLocked = (await locks()).length > 0
  await first.child.kill()

  if (isLocked) {
    // The lock went with its console; the marker tells of it.
    await until(async () => (await locks()).length === 0, { what: 'a lock that is free' })
    expect(await markers()).toHaveLength(1)
    const other = await start(newDirectory())
    await watches(other, scenario)
    const refused = await until(async () => {
      const answer = await other.ask('POST', '/operations', requestOf(scenario))
      return answer.status === 409 && answer.body
    })
    expect(refused).toMatchObject({
      ...{ code: 'TARGET_LOCKED', data: { holder: { operation: id, isLeft: true } } },
    })
    await other.child.kill()
  }

  await scenario.letGo()
  const next = await start(directory)
  expect(await next.operation(id)).toMatchObject({ state: 'interrupted' })
  expect((await next.operation(id)).steps[0]?.state).toBe('in_doubt')
  await until(async () => (await next.ask('POST', `/operations/${id}/resume`, {})).status === 202, {
    ...{ what: 'it goes on', timeoutMs: 30_000 },
  })
  expect(await settled(next, id)).toMatchObject({ state: 'succeeded', error: null })
  await scenario.isWhole()
  // It is over before it gives back what it held.
  await until(async () => (await markers()).length + (await locks()).length === 0, {
    what: 'a target without a lock and a marker',
  })
  await next.child.kill()
})
