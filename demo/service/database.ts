/** The service's bounded pool of PostgreSQL connections. */
import { Pool } from 'pg'
import type { ServiceSettings } from './settings.ts'

/** How long a request waits for a connection before it is answered 503. */
const CONNECTION_WAIT_MS = 1_000
/** A statement of a request is cancelled after this. */
const STATEMENT_TIMEOUT_MS = 10_000

export function createDatabase(settings: ServiceSettings): Pool {
  const pool = new Pool({
    host: '127.0.0.1',
    ...settings.postgres,
    max: settings.poolSize,
    min: 2,
    idleTimeoutMillis: 60_000,
    connectionTimeoutMillis: CONNECTION_WAIT_MS,
    application_name: `${settings.name}-api`,
    statement_timeout: STATEMENT_TIMEOUT_MS,
  })
  // A connection that is lost is told by the next query on it; without a listener it would end the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

/** What went wrong with a query, in a few words and without its values. */
export function databaseTrouble(error: unknown): string {
  if (!(error instanceof Error)) return 'failed'
  if (/timeout exceeded when trying to connect/.test(error.message)) {
    return `no free connection within ${CONNECTION_WAIT_MS} ms`
  }
  return 'code' in error && typeof error.code === 'string'
    ? `${error.message} (${error.code})`
    : error.message
}
