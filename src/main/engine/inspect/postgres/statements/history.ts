/**
 * Looks at the counters of each deployment's statements every five minutes, on the probes' session, so that a window can be
 * told from before anybody asked for it. Only where PostgreSQL answers and counts statements; kept in memory.
 */
import type { Clock } from '../../../clock.ts'
import type { Log } from '../../../log.ts'
import { type PostgresSession, type Reach, ReachError } from '../../../reach/reach.ts'
import { type Asker, askForRow, createAsker } from '../question.ts'
import { type Counters, CountersRow, countersOf, countersSql } from './counters.ts'
import { EXTENSION_SQL, ExtensionRow, extensionOf } from './extension.ts'
import { EMPTY_LEDGER, type Ledger, recorded } from './ledger.ts'
import { createTexts, type Texts } from './texts.ts'

const EVERY_MS = 5 * 60_000
/** Where there is nothing to look at, or it cannot be looked at. */
const AGAIN_MS = 30 * 60_000
/** How often it is seen to who is due. */
const ROUND_MS = 15_000
const AT_ONCE = 4
/** Statements of a look, those that took the most time. */
export const COUNTED = 1_000

/** A deployment with a PostgreSQL, as far as it matters here. */
export interface WatchedDatabase {
  readonly name: string
  /** Another address is another server: what was counted there says nothing of this one. */
  readonly address: string
}

export interface StatementHistory {
  ledger(deployment: string): Ledger
  texts(deployment: string): Texts
  /** Takes in counters that somebody asked for, where there are none yet. */
  begin(deployment: string, counters: Counters): void
  stop(): Promise<void>
}

interface Followed {
  readonly address: string
  readonly texts: Texts
  ledger: Ledger
  /** Monotonic. */
  dueAt: number
}

export interface StatementHistoryOptions {
  readonly databases: () => readonly WatchedDatabase[]
  readonly reachOf: (deployment: string) => Reach | null
  readonly clock: Clock
  readonly log: Log
}

export function createStatementHistory({
  databases,
  reachOf,
  clock,
  log,
}: StatementHistoryOptions): StatementHistory {
  const ending = new AbortController()
  const followed = new Map<string, Followed>()
  const looking = new Set<Promise<void>>()
  let cancelRound = clock.after(ROUND_MS, round)

  function follow({ name, address }: WatchedDatabase): Followed {
    const known = followed.get(name)
    if (known?.address === address) return known
    const fresh = { address, texts: createTexts(), ledger: EMPTY_LEDGER, dueAt: clock.monotonic() }
    followed.set(name, fresh)
    return fresh
  }

  function round(): void {
    cancelRound = clock.after(ROUND_MS, round)
    const watched = databases()
    const names = new Set(watched.map(({ name }) => name))
    for (const name of followed.keys()) if (!names.has(name)) followed.delete(name)
    for (const database of watched) {
      const entry = follow(database)
      const session = reachOf(database.name)?.postgres?.probes
      // Without a version there is no connection: the probes see to that.
      if (session == null || session.version === null || clock.monotonic() < entry.dueAt) continue
      if (looking.size >= AT_ONCE) return
      entry.dueAt = clock.monotonic() + EVERY_MS
      const look = lookAt(database.name, entry, session).finally(() => looking.delete(look))
      looking.add(look)
    }
  }

  async function lookAt(deployment: string, entry: Followed, session: PostgresSession): Promise<void> {
    try {
      const counters = await readCounters(createAsker(session, clock, ending.signal))
      if (counters === null) entry.dueAt = clock.monotonic() + AGAIN_MS
      else entry.ledger = recorded(entry.ledger, counters)
    } catch (error) {
      if (ending.signal.aborted) return
      if (error instanceof ReachError) {
        log.debug({ deployment, failure: error.failure.code }, 'statements were not counted')
      } else log.warn({ deployment, err: error }, 'what PostgreSQL counts of statements could not be read')
    }
  }

  function entryOf(deployment: string): Followed | null {
    const database = databases().find(({ name }) => name === deployment)
    return database === undefined ? null : follow(database)
  }

  return {
    ledger: (deployment) => entryOf(deployment)?.ledger ?? EMPTY_LEDGER,
    texts: (deployment) => entryOf(deployment)?.texts ?? createTexts(),
    begin(deployment, counters) {
      const entry = entryOf(deployment)
      if (entry === null || entry.ledger.newest !== null) return
      entry.ledger = recorded(entry.ledger, counters)
      entry.dueAt = clock.monotonic() + EVERY_MS
    },
    async stop() {
      cancelRound()
      ending.abort(new Error('the console stops'))
      await Promise.all(looking)
    },
  }
}

async function readCounters(asker: Asker): Promise<Counters | null> {
  const found = extensionOf((await askForRow(asker, ExtensionRow, EXTENSION_SQL)).row)
  if (!('extension' in found)) return null
  const sql = countersSql(found.extension, 'total', COUNTED)
  return countersOf((await askForRow(asker, CountersRow, sql)).row, found.extension)
}
