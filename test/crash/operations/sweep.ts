/**
 * `npm run crash [KIND…]`: kills a real console before and after every entry of an operation's journal, for every kind; the next console has to find out what was
 * done, go on, and leave the target as if nothing had happened. Prints a line for each kind, and ends with 1 where one was not whole.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { createTemporaryDirectory } from '../../../demo/servers/temporary-directory.ts'
import { OPERATING_ROLES_SQL } from '../../support/application-sessions.ts'
import { until } from '../../support/until.ts'
import { type ConsoleProcess, startConsoleProcess } from './console.ts'
import { SCENARIOS, type Scenario } from './scenarios.ts'

/** No operation here has as many. */
const MOST_ENTRIES = 40
const PATIENCE = { timeoutMs: 60_000 }

async function begun(console: ConsoleProcess, { profile, kind, options }: Scenario): Promise<void> {
  await console.ask('PUT', '/deployments', { profile })
  await until(async () => {
    const { status, body } = await console.ask('POST', '/operations', { kind, deployment: 'shop', options })
    if (status < 400) return true
    // Its connections are just being opened.
    if (status === 409 || status === 502) return false
    throw new Error(`${status}: ${JSON.stringify(body)}`)
  }, PATIENCE)
}

const isUnderWay = ({ state }: { state: string }) => state === 'queued' || state === 'running'

/** @returns whether the console died: not where the operation has fewer entries */
async function died(directory: string, scenario: Scenario, at: number, when: 'before' | 'after') {
  const console = await startConsoleProcess(directory, { at, when })
  const gone = console.child.ended().then(() => true)
  const over = (async () => {
    // What is asked of a console that dies has no answer.
    const answer = begun(console, scenario).then(async () => {
      await until(async () => (await console.operations()).every((one) => !isUnderWay(one)), PATIENCE)
      return false
    })
    return answer.catch(async (error: unknown) => {
      const isGone = await Promise.race([
        gone,
        new Promise<false>((resolve) => setTimeout(resolve, 2_000, false)),
      ])
      if (isGone) return true
      throw error
    })
  })()
  const hasDied = await Promise.race([gone, over])
  if (!hasDied) await console.child.kill()
  return hasDied
}

/** Goes on with what the last console left. @throws where the operation does not succeed then */
async function goesOn(directory: string, server: PostgresServer): Promise<'nothing' | 'over' | 'resumed'> {
  const console = await startConsoleProcess(directory)
  try {
    const [operation] = await console.operations()
    if (operation === undefined) return 'nothing'
    if (operation.state === 'succeeded') return 'over'
    if (operation.state !== 'interrupted') throw new Error(`it is ${operation.state} after a start`)
    const { id } = operation
    await until(
      async () => (await console.ask('POST', `/operations/${id}/resume`, {})).status === 202,
      PATIENCE,
    )
    await until(async () => !isUnderWay(await console.operation(id)), PATIENCE)
    const { state, error } = await console.operation(id)
    if (state !== 'succeeded') throw new Error(`it ended ${state}: ${error?.text}`)
    // It is over before it gives back what it held.
    await until(() => isFree(server, false).then(() => true), { what: 'a target that is free' })
    return 'resumed'
  } finally {
    await console.child.kill()
  }
}

async function isFree(server: PostgresServer, mayBeMarked: boolean): Promise<void> {
  const [left] = await server.query(`
    select (select count(*) from pg_db_role_setting where setrole > 0)::int as markers,
      (select count(*) from pg_locks where locktype = 'advisory')::int as locks`)
  if (left?.locks !== 0) throw new Error('a lock is left')
  // Killed before it was on record, or after it was over: the marker stays until this console works there again.
  if (left.markers !== 0 && !mayBeMarked) throw new Error('a marker is left')
}

async function sweep(server: PostgresServer, kind: string): Promise<{ kills: number; faults: string[] }> {
  const faults: string[] = []
  let kills = 0
  for (const when of ['before', 'after'] as const) {
    for (let at = 1; at <= MOST_ENTRIES; at += 1) {
      const scenario = await SCENARIOS[kind]?.(server)
      if (scenario === undefined)
        throw new Error(`there is no kind "${kind}" here: ${Object.keys(SCENARIOS).join(', ')}`)
      const home = createTemporaryDirectory('crash')
      const directory = join(home.path, 'console')
      mkdirSync(directory)
      try {
        if (!(await died(directory, scenario, at, when))) break
        kills += 1
        const how = await goesOn(directory, server)
        if (how === 'nothing' && !(at === 1 && when === 'before')) throw new Error('it is not on record')
        if (how !== 'nothing') await scenario.isWhole()
        await until(() => isFree(server, how !== 'resumed').then(() => true), {
          what: 'a target that is free',
        })
      } catch (error) {
        faults.push(`${when} entry ${at}: ${error instanceof Error ? error.message : String(error)}`)
      } finally {
        await scenario.stop()
        await home.remove()
        await server.query('alter role operator in database postgres reset all')
      }
    }
  }
  return { kills, faults }
}

const kinds = process.argv.slice(2)
const server = await startPostgres()
try {
  await server.query(OPERATING_ROLES_SQL)
  for (const kind of kinds.length > 0 ? kinds : Object.keys(SCENARIOS)) {
    const { kills, faults } = await sweep(server, kind)
    console.log(`${kind}: killed ${kills} times, ${faults.length} not whole`)
    for (const fault of faults) console.log(`  ${fault}`)
    if (faults.length > 0 || kills === 0) process.exitCode = 1
  }
} finally {
  await server.stop()
}
