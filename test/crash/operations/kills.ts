/** One kill of a real console at an entry of its journal, and what the next one makes of what it left. */
import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { PostgresServer } from '../../../demo/servers/postgres.ts'
import { createTemporaryDirectory } from '../../../demo/servers/temporary-directory.ts'
import { isAlive } from '../../../src/main/engine/backups/is-alive.ts'
import { stagingDirectoryIn } from '../../../src/main/engine/backups/staging/stage.ts'
import { until } from '../../support/until.ts'
import {
  type AskedOperation,
  type ConsoleProcess,
  type Dies,
  leftBy,
  startConsoleProcess,
  temporaryOf,
} from './console.ts'
import { isFree, type Scenario } from './scenario.ts'
import { begin, ended, isUnderWay, PATIENCE, watch } from './scenarios/known.ts'

/** What the next console is asked for: to go on and then, where that can be, to take all of it back; or to give it up. */
export type Wish = 'go-on' | 'give-up'

export interface Outcome {
  /** Whether it was killed: not where there are fewer entries. */
  readonly killed: boolean
  /** The same of the console that took it back. */
  readonly killedOnTheWayBack: boolean | null
  /** The last entry before the kill, in words. */
  readonly entry: string
  readonly what: string
}

export interface Killing {
  readonly server: PostgresServer
  readonly scenario: Scenario
  readonly dies: Dies
  readonly wish: Wish
  /** Where the console that takes it back dies, too. */
  readonly diesOnTheWayBack: Dies | null
}

/** A console's directory for one kill: what the stage knows, or nothing. */
export function directoryFor({ known }: Scenario): { path: string; remove(): Promise<void> } {
  const home = createTemporaryDirectory('crash')
  const path = join(home.path, 'console')
  if (known === null) mkdirSync(path)
  else cpSync(known, path, { recursive: true })
  return { path, remove: home.remove }
}

/** @throws what is not as it has to be */
export async function kill(killing: Killing): Promise<Outcome> {
  const { scenario, server, dies } = killing
  const directory = directoryFor(scenario)
  try {
    const before = operationsIn(directory.path)
    const console = await startConsoleProcess(directory.path, dies)
    const first = await untilItDies(console, run(console, scenario)).finally(() => console.child.kill())
    const [id] = operationsIn(directory.path).filter((one) => !before.includes(one))
    const entry = id === undefined ? 'nothing' : lastEntryIn(directory.path)
    const outcome = { killed: first.killed, killedOnTheWayBack: null, entry }
    if (id === undefined) {
      if (!(dies.at === 1 && dies.when === 'before')) throw new Error('it is not on record')
      await freed(server, true)
      return { ...outcome, what: 'was not on record' }
    }
    const settled = await settle(killing, directory.path, id)
    await requireNothingLeft(killing, directory.path, first.left)
    return { ...outcome, ...settled }
  } finally {
    await scenario.letGo().catch(() => {})
    await directory.remove()
  }
}

/** To its end. */
async function run(console: ConsoleProcess, { known, profile, kind, options }: Scenario): Promise<void> {
  if (known === null) await watch(console, profile)
  const { id } = await begin(console, kind, options)
  await ended(console, id)
}

/** @returns whether the console died, and the processes that it left, which may still be ending */
async function untilItDies(
  console: ConsoleProcess,
  work: Promise<unknown>,
): Promise<{ killed: boolean; left: number[] }> {
  const gone = console.child.ended().then(() => true)
  const over = work.then(
    () => false,
    // What is asked of a console that dies has no answer.
    async (error: unknown) => {
      const isGone = await Promise.race([
        gone,
        new Promise<false>((resolve) => setTimeout(resolve, 2_000, false)),
      ])
      if (isGone) return true
      throw error
    },
  )
  const killed = await Promise.race([gone, over])
  return { killed, left: killed ? leftBy(console) : [] }
}

async function settle(
  { scenario, server, wish, diesOnTheWayBack }: Killing,
  directory: string,
  id: string,
): Promise<Pick<Outcome, 'what' | 'killedOnTheWayBack'>> {
  const dies = diesOnTheWayBack === null ? null : { ...diesOnTheWayBack, from: 'back' as const }
  const console = await startConsoleProcess(directory, dies)
  try {
    await scenario.isRelieved?.()
    const found = (await console.operation(id)).state
    const act = wish === 'go-on' ? 'resume' : 'cancel'
    const over = await drive(console, id, act)
    // It is over before it gives back what it held; one that was over may have left a marker.
    await freed(server, found === 'succeeded')
    const how = found === 'succeeded' ? 'was over' : act === 'resume' ? 'went on' : 'was given up'
    switch (over.state) {
      case 'succeeded':
        await scenario.isWhole()
        if (over.undo !== 'available' || scenario.isAsBefore === undefined)
          return { what: how, killedOnTheWayBack: null }
        break
      case 'cancelled':
        if (act === 'resume' && scenario.isGivenUpAtStart !== true) throw new Error('it was given up')
        await (scenario.isAsBefore ?? scenario.isTidy)?.()
        return { what: 'was given up', killedOnTheWayBack: null }
      case 'failed':
        if (over.error === null || over.error.code !== scenario.onceOnly || over.target !== 'unchanged')
          throw new Error(`it ended failed: ${over.error?.text}`)
        await scenario.isAsBefore?.()
        return { what: 'was refused a second time', killedOnTheWayBack: null }
      default:
        throw new Error(`it ended ${over.state}: ${over.error?.text}`)
    }
    const { killed } = await untilItDies(console, takeBack(console, id))
    if (killed)
      await onNext(directory, async (next) => {
        // Killed after it was over, its console may have left a marker.
        const wasOver = (await next.operation(id)).state === 'undone'
        await takeBack(next, id)
        await freed(server, wasOver)
      })
    else await freed(server, false)
    await scenario.isAsBefore()
    const at = killed && dies !== null ? `, though killed ${dies.when} ${dies.at}` : ''
    return { what: `${how}, and back${at}`, killedOnTheWayBack: dies === null ? null : killed }
  } finally {
    await console.child.kill()
  }
}

async function onNext(directory: string, work: (console: ConsoleProcess) => Promise<unknown>): Promise<void> {
  const console = await startConsoleProcess(directory)
  try {
    await work(console)
  } finally {
    await console.child.kill()
  }
}

/** Acts on it until it is over, also where the console does so by itself. */
async function drive(console: ConsoleProcess, id: string, act: 'resume' | 'cancel'): Promise<AskedOperation> {
  let asked: string = act
  const shown = createShown(console, id)
  const over = await until(
    async () => {
      const one = await console.operation(id)
      if (['succeeded', 'failed', 'cancelled', 'undone'].includes(one.state)) return one
      if (one.state !== 'interrupted') return false
      const { status, body } = await shown.ask(asked)
      const { data } = body as { data?: { reason?: string } }
      // What cannot be given up any more is gone on with.
      if (status === 409 && data?.reason === 'past-return') asked = 'resume'
      if (status >= 400) throw new Error(`${status}: ${JSON.stringify(body)}`)
      return false
    },
    { ...PATIENCE, what: 'the end of an operation' },
  )
  shown.requireNothingBarred()
  return over
}

/** Shows before what each act would do: that must refuse nothing which can be done. */
function createShown(console: ConsoleProcess, id: string) {
  const barred: string[] = []
  return {
    async ask(act: string) {
      const { status, body } = await console.ask('POST', `/operations/${id}/preview`, { act })
      const answer = await console.ask('POST', `/operations/${id}/${act}`, {})
      const { preview } = body as { preview?: { refusals: object[] } }
      // On its way to a target that is only just being reached, both may come too early.
      const isBarred = status < 400 ? preview?.refusals.length !== 0 : status === 500
      if (answer.status < 400 && isBarred) barred.push(`${act} is shown as ${JSON.stringify(body)}`)
      return answer
    },
    requireNothingBarred(): void {
      if (barred.length > 0) throw new Error(barred.join('; '))
    },
  }
}

async function takeBack(console: ConsoleProcess, id: string): Promise<void> {
  const shown = createShown(console, id)
  await until(
    async () => {
      const { state } = await console.operation(id)
      if (state === 'undone') return true
      if (isUnderWay({ state })) return false
      const act = state === 'interrupted' ? 'resume' : 'undo'
      const { status, body } = await shown.ask(act)
      if (status >= 400) throw new Error(`${status}: ${JSON.stringify(body)}`)
      return false
    },
    { ...PATIENCE, what: 'the end of the way back' },
  )
  shown.requireNothingBarred()
}

const freed = (server: PostgresServer, mayBeMarked: boolean) =>
  until(() => isFree(server, mayBeMarked).then(() => true), { ...PATIENCE, what: 'a target that is free' })

/** No process, no session, no file that lies about in clear. */
export async function requireNothingLeft(
  { scenario, server }: Pick<Killing, 'scenario' | 'server'>,
  directory: string,
  left: readonly number[],
): Promise<void> {
  const alive = () => left.filter((pid) => isAlive(pid) && scenario.goesOn?.(pid) !== true)
  await until(() => alive().length === 0, { what: 'the end of its programs', timeoutMs: 30_000 })
  await until(
    async () => {
      const ours = `select from pg_stat_activity where application_name like 'vakhta %' or usename like 'vakhta%'`
      return (await server.query(ours)).length === 0
    },
    { what: 'the end of its sessions', timeoutMs: 40_000, everyMs: 100 },
  )
  const staging = stagingDirectoryIn(join(directory, 'data'))
  const files = [temporaryOf(directory), staging].flatMap((path) =>
    existsSync(path) ? readdirSync(path) : [],
  )
  if (files.length > 0) throw new Error(`temporary files are left: ${files.join(', ')}`)
}

/** Ids of operations on record. */
function operationsIn(directory: string): string[] {
  return inState(directory, 'SELECT id FROM operations', []).map(({ id }) => String(id))
}

function lastEntryIn(directory: string): string {
  const [row] = inState(directory, 'SELECT entry FROM operation_journal ORDER BY seq DESC LIMIT 1', [])
  if (row === undefined) return 'nothing'
  const { type, step = '', work = '', outcome = '', found = '', state = '' } = JSON.parse(String(row.entry))
  return [type, step, work === 'undo' ? work : '', outcome, found, state].filter(Boolean).join(' ')
}

function inState(directory: string, sql: string, none: Record<string, unknown>[]) {
  const path = join(directory, 'data', 'state.db')
  if (!existsSync(path)) return none
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    return database.prepare(sql).all()
  } finally {
    database.close()
  }
}
