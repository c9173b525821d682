/** Faults of the service itself: what a careless change to its code would do to its pool and to its requests. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
import { createRequestFaults, type RequestFaults } from './request-faults.ts'
import type { PoolFault, ReadyFault, RequestFault, ServiceFault } from './settings.ts'

/** Long enough for a look every 5 s to see one, short enough to end soon after the fault does. */
const SLOW_STATEMENT_SECONDS = 6
const SLOW_STATEMENTS_AT_ONCE = 2

export interface Faults {
  /** Resolves once the fault has begun or ended. */
  set(fault: ServiceFault, on: boolean): Promise<void>
  readonly requests: Pick<RequestFaults, 'beforeAnswer' | 'isLimited' | 'missesAreCostly'>
  /** What its readiness check does wrong. */
  has(fault: ReadyFault): boolean
  endAll(): Promise<void>
}

interface Hold {
  readonly client: PoolClient
  readonly database: Pool
  readonly signal: AbortSignal
  /** Called once the connection does what the fault is. */
  readonly begun: () => void
}

export function createFaults({
  database,
  poolSize,
  version,
}: {
  database: Pool
  poolSize: number
  version: string
}): Faults {
  const under = new Map<PoolFault, { stop: AbortController; done: Promise<unknown> }>()
  const ready = new Set<ReadyFault>()
  const requests = createRequestFaults({ database, version })
  const work = {
    'pool-exhausted': holdIdleInTransaction,
    'idle-in-transaction': forgetTransaction,
    'slow-query': runSlowStatement,
    'pool-slow': runSlowStatement,
  } as const

  const connections = (fault: PoolFault): number => {
    if (fault === 'slow-query') return SLOW_STATEMENTS_AT_ONCE
    if (fault === 'idle-in-transaction') return 1
    // What another fault has forgotten is held already.
    return poolSize - (under.has('idle-in-transaction') ? 1 : 0)
  }

  const begin = async (fault: PoolFault) => {
    const stop = new AbortController()
    const { promise: taken, resolve } = Promise.withResolvers<void>()
    const count = connections(fault)
    let begun = 0
    const workers = Array.from({ length: count }, () =>
      repeat(database, stop.signal, (client) =>
        work[fault]({
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
  const end = async (fault: PoolFault) => {
    const running = under.get(fault)
    under.delete(fault)
    running?.stop.abort()
    await running?.done
  }
  return {
    async set(fault, on) {
      if (isOfReady(fault)) {
        if (on) ready.add(fault)
        else ready.delete(fault)
        return
      }
      if (isOfRequests(fault)) return requests.set(fault, on)
      if (on && !under.has(fault)) await begin(fault)
      if (!on) await end(fault)
    },
    requests,
    has: (fault) => ready.has(fault),
    async endAll() {
      await Promise.all([...[...under.keys()].map(end), requests.endAll()])
    },
  }
}

function isOfReady(fault: ServiceFault): fault is ReadyFault {
  return fault === 'ready-lies' || fault === 'ready-blocks'
}

function isOfRequests(fault: ServiceFault): fault is RequestFault {
  return ['errors', 'slow-http', 'limited', 'costly-misses'].includes(fault)
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
function holdIdleInTransaction(hold: Hold) {
  return leaveOpen(hold, 'SELECT id, total FROM orders ORDER BY id DESC LIMIT 1')
}

/** Begins a transaction, changes an order, and forgets to end it: the row stays locked, and nothing newer is vacuumed. */
function forgetTransaction(hold: Hold) {
  return leaveOpen(hold, `UPDATE orders SET status = 'sent' WHERE id = (SELECT min(id) FROM orders)`)
}

async function leaveOpen({ client, signal, begun }: Hold, statement: string) {
  const lost = new Promise<void>((resolve) => client.once('end', resolve))
  await client.query('BEGIN')
  await client.query(statement)
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
