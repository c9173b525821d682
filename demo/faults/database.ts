/** Faults of the database, and of the service's pool of connections to it. */
import { Client } from 'pg'
import { type DemoDeployment, POOL_SIZE } from '../deployment.ts'
import { FaultRefused } from '../fault-names.ts'
import { waitUntil } from '../wait-until.ts'
import { backends, type Fault } from './fault.ts'

const IDLE = "state = 'idle in transaction'"
/** A transaction that changed something has an id. */
const FORGOTTEN = `${IDLE} AND backend_xid IS NOT NULL`
const HELD = `${IDLE} AND backend_xid IS NULL`
const SLOW = "state = 'active' AND now() - query_start > interval '1 second'"
const WAITING = "wait_event_type = 'Lock'"

export const poolExhausted: Fault = {
  async begin(deployment) {
    const told = deployment.tellService('pool-exhausted', true)
    await waitUntil(
      'all connections idle in transaction',
      async () => (await backends(deployment, IDLE)) === POOL_SIZE,
    )
    await told
  },
  async end(deployment) {
    await deployment.tellService('pool-exhausted', false)
    await waitUntil('no connection idle in transaction', async () => (await backends(deployment, HELD)) === 0)
  },
}

export const idleInTransaction: Fault = {
  async begin(deployment, others) {
    if (others.has('pool-exhausted')) {
      throw new FaultRefused(
        `${deployment.name} has no connection left to forget a transaction on, because of pool-exhausted: end that fault first`,
      )
    }
    await deployment.tellService('idle-in-transaction', true)
    await waitUntil(
      'a transaction that changed something, idle',
      async () => (await backends(deployment, FORGOTTEN)) > 0,
    )
  },
  async end(deployment) {
    await deployment.tellService('idle-in-transaction', false)
    await waitUntil('no such transaction', async () => (await backends(deployment, FORGOTTEN)) === 0)
  },
}

export const slowQuery: Fault = {
  async begin(deployment) {
    await deployment.tellService('slow-query', true)
    await waitUntil('a statement over 1 s', async () => (await backends(deployment, SLOW)) > 0)
  },
  async end(deployment) {
    await deployment.tellService('slow-query', false)
    await waitUntil('no statement over 1 s', async () => (await backends(deployment, SLOW)) === 0)
  },
}

export const poolSlow: Fault = {
  async begin(deployment) {
    const told = deployment.tellService('pool-slow', true)
    await waitUntil(
      'a statement over 1 s on every connection',
      async () => (await backends(deployment, SLOW)) >= POOL_SIZE,
      30_000,
    )
    await told
  },
  async end(deployment) {
    await deployment.tellService('pool-slow', false)
    await waitUntil('no statement over 1 s', async () => (await backends(deployment, SLOW)) === 0)
  },
}

/** @param lockers the sessions that hold the lock, by deployment */
export function createLock(lockers: Map<string, Client>): Fault {
  return {
    async begin(deployment) {
      if (!lockers.has(deployment.name)) lockers.set(deployment.name, await takeLock(deployment))
      await waitUntil(
        "the service's queries waiting for the lock",
        async () => (await backends(deployment, WAITING)) > 0,
        // Traffic brings the first query; at night it may take a moment.
        30_000,
      )
    },
    async end(deployment) {
      await lockers.get(deployment.name)?.end()
      lockers.delete(deployment.name)
      await waitUntil('nothing waiting for the lock', async () => (await backends(deployment, WAITING)) === 0)
    },
  }
}

async function takeLock({ name, postgres, roles }: DemoDeployment): Promise<Client> {
  const client = new Client({
    host: '127.0.0.1',
    port: postgres.port,
    database: name,
    ...roles.owner,
    application_name: 'nightly-migration',
  })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query("SET lock_timeout = '5s'")
    await client.query('BEGIN')
    await client.query('LOCK TABLE orders IN ACCESS EXCLUSIVE MODE')
    return client
  } catch (error) {
    await client.end()
    throw new FaultRefused(
      `orders of ${name} could not be locked within 5 s, because other sessions hold it (pool-exhausted and idle-in-transaction do): end that fault first`,
      { cause: error },
    )
  }
}
