/** Faults of the service itself: what a careless change to its code would do to its pool. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
import type { ServiceFault } from './settings.ts'

/** Long enough for a look every 5 s to see one, short enough to end soon after the fault does. */
const SLOW_STATEMENT_SECONDS = 6
const SLOW_STATEMENTS_AT_ONCE = 2

export interface Faults {
  /** Resolves once the fault has begun or ended. */
  set(fault: ServiceFault, on: boolean): Promise<void>
  endAll(): Promise<void>
}

interface Hold {
  readonly client: PoolClient
  readonly database: Pool
  readonly signal: AbortSignal
  /** Called once the connection does what the fault is. */
  readonly begun: () => void
}

export function createFaults({ database, poolSize }: { database: Pool; poolSize: number }): Faults {
  const under = new Map<ServiceFault, { stop: AbortController; done: Promise<unknown> }>()

  const begin = async (fault: ServiceFault) => {
    const stop = new AbortController()
    const { promise: taken, resolve } = Promise.withResolvers<void>()
    const count = fault === 'pool-exhausted' ? poolSize : SLOW_STATEMENTS_AT_ONCE
    const work = fault === 'pool-exhausted' ? holdIdleInTransaction : runSlowStatement
    let begun = 0
    const workers = Array.from({ length: count }, () =>
      repeat(database, stop.signal, (client) =>
        work({
          client,
          database,
          signal: stop.signal,
          begun: () => {
            begun += 1
            if (begun === count) resolve()
          },
        }),
      ),
    )
    under.set(fault, { stop, done: Promise.all(workers) })
    await taken
  }
  const end = async (fault: ServiceFault) => {
    const running = under.get(fault)
    under.delete(fault)
    running?.stop.abort()
    await running?.done
  }
  return {
    async set(fault, on) {
      if (on && !under.has(fault)) await begin(fault)
      if (!on) await end(fault)
    },
    async endAll() {
      await Promise.all([...under.keys()].map(end))
    },
  }
}

/** Does `work` on a connection of the pool, again and again until the fault ends; a lost connection is replaced. */
async function repeat(database: Pool, signal: AbortSignal, work: (client: PoolClient) => Promise<void>) {
  while (!signal.aborted) {
    let client: PoolClient
    try {
      client = await database.connect()
    } catch {
      await delay(50)
      continue
    }
    try {
      await work(client)
      client.release()
    } catch {
      client.release(true)
    }
  }
}

/** Begins a transaction, reads something, and forgets to end it. */
async function holdIdleInTransaction({ client, signal, begun }: Hold) {
  const lost = new Promise<void>((resolve) => client.once('end', resolve))
  await client.query('BEGIN')
  await client.query('SELECT id, total FROM orders ORDER BY id DESC LIMIT 1')
  begun()
  await Promise.race([lost, aborted(signal)])
  await client.query('ROLLBACK')
}

/** A report that nobody gave an index. */
async function runSlowStatement({ client, database, signal, begun }: Hold) {
  const {
    rows: [self],
  } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  const statement = client.query(
    'SELECT customer_id, sum(total), pg_sleep($1) FROM (SELECT customer_id, total FROM orders LIMIT 1) AS unindexed GROUP BY customer_id',
    [SLOW_STATEMENT_SECONDS],
  )
  begun()
  statement.catch(() => {})
  await Promise.race([statement, aborted(signal)])
  if (signal.aborted) await database.query('SELECT pg_cancel_backend($1)', [self?.pid])
  await statement
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
