/**
 * The faults, caused for real and looked at before they are said to be in effect. Each is a way to begin it and a way
 * to end it; both may be asked for twice.
 */
import { Client } from 'pg'
import { type DemoDeployment, POOL_SIZE } from './deployment.ts'
import { type FaultName, FaultRefused } from './fault-names.ts'
import { SCHEMA_REVISION } from './service/settings.ts'
import { waitUntil } from './wait-until.ts'

interface Fault {
  begin(deployment: DemoDeployment): Promise<void>
  end(deployment: DemoDeployment): Promise<void>
}

export interface Faults {
  /** Resolves once the fault is in effect, or over. Throws `FaultRefused`. */
  set(name: FaultName, on: boolean, deployment: DemoDeployment): Promise<void>
  /** Those in effect now. */
  inEffect(): { fault: FaultName; deployment: string }[]
  /** Ends what this process holds, for a stop. */
  release(): Promise<void>
}

export function createFaults(): Faults {
  const active = new Map<string, { fault: FaultName; deployment: string }>()
  const lockers = new Map<string, Client>()

  const faults: Record<FaultName, Fault> = {
    'pool-exhausted': {
      async begin(deployment) {
        const told = deployment.tellService('pool-exhausted', true)
        await waitUntil(
          'all connections idle in transaction',
          async () => (await backends(deployment, "state = 'idle in transaction'")) === POOL_SIZE,
        )
        await told
      },
      async end(deployment) {
        await deployment.tellService('pool-exhausted', false)
        await waitUntil(
          'no connection idle in transaction',
          async () => (await backends(deployment, "state = 'idle in transaction'")) === 0,
        )
      },
    },
    lock: {
      async begin(deployment) {
        if (!lockers.has(deployment.name)) lockers.set(deployment.name, await takeLock(deployment))
        await waitUntil(
          "the service's queries waiting for the lock",
          async () => (await backends(deployment, "wait_event_type = 'Lock'")) > 0,
          // Traffic brings the first query; at night it may take a moment.
          30_000,
        )
      },
      async end(deployment) {
        await lockers.get(deployment.name)?.end()
        lockers.delete(deployment.name)
        await waitUntil(
          'nothing waiting for the lock',
          async () => (await backends(deployment, "wait_event_type = 'Lock'")) === 0,
        )
      },
    },
    'slow-query': {
      async begin(deployment) {
        await deployment.tellService('slow-query', true)
        await waitUntil('a statement over 1 s', async () => (await backends(deployment, SLOW)) > 0)
      },
      async end(deployment) {
        await deployment.tellService('slow-query', false)
        await waitUntil('no statement over 1 s', async () => (await backends(deployment, SLOW)) === 0)
      },
    },
    'redis-down': {
      async begin(deployment) {
        await deployment.redis.halt()
        await waitUntil(
          'the service without Redis',
          async () => (await dependency(deployment, 'redis')) !== 'ok',
        )
      },
      async end(deployment) {
        if (!deployment.redis.running()) await deployment.redis.restart()
        await waitUntil(
          'the service with Redis again',
          async () => (await dependency(deployment, 'redis')) === 'ok',
        )
      },
    },
    'not-ready': {
      async begin(deployment) {
        await setRevision(deployment, SCHEMA_REVISION - 1)
        await waitUntil('ready answering 503', async () => {
          const [live, ready] = await Promise.all([get(deployment, '/health'), get(deployment, '/ready')])
          return live.status === 200 && ready.status === 503
        })
      },
      async end(deployment) {
        await setRevision(deployment, SCHEMA_REVISION)
        await waitUntil(
          'the schema known to be right',
          async () => !(await dependency(deployment, 'schema')).startsWith('at revision'),
        )
      },
    },
    'tunnel-cut': {
      async begin(deployment) {
        const last = lastHop(deployment)
        await last.halt()
        await waitUntil('the hop closed', () => !last.running() && last.sessions() === 0)
      },
      async end(deployment) {
        const last = lastHop(deployment)
        if (!last.running()) await last.restart()
      },
    },
  }

  // One after the other: a fault that ends while it begins would be neither.
  let last: Promise<unknown> = Promise.resolve()
  const set: Faults['set'] = async (name, on, deployment) => {
    const key = `${name} ${deployment.name}`
    if (!on) {
      await faults[name].end(deployment)
      active.delete(key)
      return
    }
    try {
      await faults[name].begin(deployment)
      active.set(key, { fault: name, deployment: deployment.name })
    } catch (error) {
      // Half a fault is none: what was begun is taken back before the failure is told.
      if (!(error instanceof FaultRefused)) await faults[name].end(deployment).catch(() => {})
      throw error
    }
  }

  return {
    set(name, on, deployment) {
      const done = last.then(() => set(name, on, deployment))
      last = done.catch(() => {})
      return done
    },
    inEffect: () => [...active.values()],
    async release() {
      await Promise.all([...lockers.values()].map((locker) => locker.end().catch(() => {})))
    },
  }
}

const SLOW = "state = 'active' AND now() - query_start > interval '1 second'"

/** How many of the application's backends are as `condition` says. */
async function backends({ postgres, roles }: DemoDeployment, condition: string): Promise<number> {
  const [row] = await postgres.query(
    `SELECT count(*)::int AS count FROM pg_stat_activity WHERE usename = $1 AND ${condition}`,
    { values: [roles.application.user] },
  )
  return Number(row?.count)
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
      `orders of ${name} could not be locked within 5 s, because other sessions hold it (pool-exhausted does): end that fault first`,
      { cause: error },
    )
  }
}

async function setRevision({ name, postgres }: DemoDeployment, revision: number): Promise<void> {
  await postgres.query('UPDATE schema_revision SET revision = $1', { database: name, values: [revision] })
}

function lastHop({ name, chain }: DemoDeployment) {
  const last = chain.at(-1)
  if (last === undefined) {
    throw new FaultRefused(
      `${name} is reached directly: it has no tunnel to cut; billing and ledger have one`,
    )
  }
  return last
}

async function get({ serviceUrl }: DemoDeployment, path: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(new URL(path, serviceUrl), { signal: AbortSignal.timeout(5_000) })
  return { status: response.status, body: await response.json() }
}

/** What the service's ready endpoint says of one of its dependencies. */
async function dependency(deployment: DemoDeployment, name: string): Promise<string> {
  const { body } = await get(deployment, '/ready')
  return (body as { dependencies: Record<string, string> }).dependencies[name] ?? 'not named'
}
