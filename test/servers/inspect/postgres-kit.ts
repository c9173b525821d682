/** What the tests of the database's questions share: an inspection on a real server, over a real reach. */
import { Client } from 'pg'
import { onTestFinished } from 'vitest'
import type { PostgresServer } from '../../../demo/servers/postgres.ts'
import { type Clock, systemClock } from '../../../src/main/engine/clock.ts'
import {
  createDatabaseInspection,
  type DatabaseInspection,
} from '../../../src/main/engine/inspect/postgres/create-inspection.ts'
import { silentLog } from '../../../src/main/engine/log.ts'
import type { Reach } from '../../../src/main/engine/reach/reach.ts'
import { createKit, soon } from '../reach/reach-kit.ts'

export const WATCHER = 'watcher'
export const APPLICATION = 'shop'
export const PASSWORD = 'a-password'

/** The roles of a deployment: one that watches, one that sees little, and the application's own. */
export async function createRoles(server: PostgresServer): Promise<void> {
  await server.query(`
    create role ${WATCHER} login password '${PASSWORD}' in role pg_monitor;
    create role blind login password '${PASSWORD}';
    create role ${APPLICATION} login password '${PASSWORD}';
    grant all on schema public to ${APPLICATION}`)
}

export interface Inspected {
  readonly inspection: DatabaseInspection
  readonly reach: Reach
}

export async function inspect(
  server: PostgresServer,
  {
    user = WATCHER,
    clock = systemClock,
    port = server.port,
  }: { user?: string; clock?: Clock; port?: number } = {},
): Promise<Inspected> {
  const kit = await createKit()
  kit.secrets.set('watch', PASSWORD)
  const url = `postgresql://${user}@127.0.0.1:${port}/postgres`
  const application = { role: APPLICATION }
  const reach = kit.reach({ postgres: { url, password: 'secret:watch', application } })
  const inspection = createDatabaseInspection({
    databases: () => [{ name: 'shop', address: url, application }],
    reachOf: (name) => (name === 'shop' ? reach : null),
    applicationPoolOf: () => null,
    clock,
    log: silentLog,
  })
  onTestFinished(() => inspection.stop())
  await reach.postgres?.probes.query('select 1', [], soon())
  return { inspection, reach }
}

/** Answers are good for a millisecond in place of a second: a test that waits for something looks anew each time. */
export const forgetful: Clock = {
  ...systemClock,
  after: (ms, task) => systemClock.after(ms === 1_000 ? 1 : ms, task),
}

/** An inspection that asks the server anew each time. */
export async function freshInspection(server: PostgresServer, user = WATCHER) {
  const { inspection, reach } = await inspect(server, { user, clock: forgetful })
  return { inspection, reach, activity: () => inspection.activity('shop', NEVER) }
}

export const NEVER = new AbortController().signal

/** A session of the application; it ends with the test. */
export async function session(server: { readonly port: number }, name = 'orders'): Promise<Client> {
  const client = new Client({
    host: '127.0.0.1',
    port: server.port,
    user: APPLICATION,
    password: PASSWORD,
    database: 'postgres',
    application_name: name,
  })
  client.on('error', () => {})
  await client.connect()
  onTestFinished(() => client.end())
  return client
}

export async function pidOf(client: Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  return rows[0]?.pid ?? 0
}
