/**
 * `npm run crash [-- [--every N | --at N] SCENARIO…]`: kills a real console before and after every entry of an operation's journal, for every scenario. After a kill before an entry
 * the next console goes on, and takes all of it back, on the way of which it is killed, too; after one that follows an entry it gives the operation up. Each time
 * the target has to be whole or as it was, and no process, session, file, lock or pool may be left. Prints a line for each kill, and ends with 1 where one was not whole.
 * With `--every N` it is killed at each Nth entry alone, for a look in between: the whole takes hours. With `--at N` at that one, to see once more what was not whole.
 */
import { parseArgs } from 'node:util'
import { startPostgres } from '../../../demo/servers/postgres.ts'
import { OPERATING_ROLES_SQL } from '../../support/application-sessions.ts'
import type { Dies } from './console.ts'
import { kill, type Outcome } from './kills.ts'
import type { OpenStage } from './scenario.ts'
import { SCENARIOS } from './scenarios.ts'

/** No operation here has as many. */
const MOST_ENTRIES = 80
const SECOND = 1_000

interface Swept {
  readonly kills: number
  readonly faults: readonly string[]
}

/** At which entries of the journal. */
interface Entries {
  readonly every: number
  readonly only: number | null
}

/** A server of its own, with the stage on it. */
async function set(open: OpenStage) {
  const server = await startPostgres()
  await server.query(OPERATING_ROLES_SQL)
  const stage = await open(server)
  return {
    ...{ server, stage },
    async strike() {
      await stage.close()
      await server.stop()
    },
  }
}

async function sweep(name: string, open: OpenStage, { every, only }: Entries): Promise<Swept> {
  const faults: string[] = []
  let kills = 0
  let here = await set(open)
  /** Once each entry of the way back had its kills there are none. */
  let back: Dies | null = { at: 1, when: 'before' }
  try {
    for (const when of ['before', 'after'] as const) {
      // Not at the same entries after as before.
      const first = only ?? (when === 'before' ? 1 : Math.ceil(every / 2))
      for (let at = first; at <= (only ?? MOST_ENTRIES); at += every) {
        const scenario = await here.stage.begin()
        const canGoBack = scenario.isAsBefore ?? scenario.isTidy
        const wish = when === 'after' && canGoBack !== undefined ? 'give-up' : 'go-on'
        const beganAt = performance.now()
        const tell = (entry: string, what: string) => {
          const seconds = ((performance.now() - beganAt) / SECOND).toFixed(1)
          console.log(`  ${name}  ${when} ${at}  [${entry}]  ${what}  ${seconds} s`)
        }
        let outcome: Outcome | null = null
        try {
          const { server } = here
          const diesOnTheWayBack = wish === 'go-on' ? back : null
          outcome = await kill({ ...{ server, scenario, wish, diesOnTheWayBack }, dies: { at, when } })
          tell(outcome.entry, outcome.killed ? outcome.what : `was not killed, ${outcome.what}`)
          kills += Number(outcome.killed) + Number(outcome.killedOnTheWayBack === true)
          if (back !== null && outcome.killedOnTheWayBack !== null)
            back = nextOf(back, outcome.killedOnTheWayBack)
          await scenario.stop()
        } catch (error) {
          const why = error instanceof Error ? error.message : String(error)
          tell('?', `NOT WHOLE: ${why}`)
          faults.push(`${when} entry ${at}: ${why}`)
          // What it left would be in the way of the next.
          await scenario.stop().catch(() => {})
          await here.strike()
          here = await set(open)
        }
        if (outcome?.killed === false) break
      }
    }
  } finally {
    await here.strike()
  }
  return { kills, faults }
}

/** Before each entry of the way back, and then after each. */
function nextOf({ at, when }: Dies, wasKilled: boolean): Dies | null {
  if (wasKilled) return { at: at + 1, when }
  return when === 'before' ? { at: 1, when: 'after' } : null
}

const { values, positionals: names } = parseArgs({
  ...{ options: { every: { type: 'string', default: '1' }, at: { type: 'string' } }, allowPositionals: true },
})
const every = Number(values.every)
if (!Number.isInteger(every) || every < 1) throw new TypeError('--every takes a number of entries')
const only = values.at === undefined ? null : Number(values.at)
if (only !== null && (!Number.isInteger(only) || only < 1))
  throw new TypeError('--at takes the number of an entry')
const unknown = names.filter((name) => SCENARIOS[name] === undefined)
if (unknown.length > 0) {
  console.error(`there is no scenario ${unknown.join(', ')} here: ${Object.keys(SCENARIOS).join(', ')}`)
  process.exit(2)
}
const told: string[] = []
for (const [name, open] of Object.entries(SCENARIOS)) {
  if (names.length > 0 && !names.includes(name)) continue
  const beganAt = performance.now()
  const { kills, faults } = await sweep(name, open, { every, only })
  const minutes = ((performance.now() - beganAt) / (60 * SECOND)).toFixed(1)
  told.push(`${name}: killed ${kills} times in ${minutes} min, ${faults.length} not whole`)
  told.push(...faults.map((fault) => `  ${fault}`))
  if (faults.length > 0 || kills === 0) process.exitCode = 1
}
for (const line of told) console.log(line)
