/** Whether the service can do its work: its dependencies by name, each `ok` or what is the matter. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Pool } from 'pg'
import type { Cache } from './cache.ts'
import { databaseTrouble } from './database.ts'
import { type ReadyFault, SCHEMA_REVISION } from './settings.ts'

export interface Readiness {
  readonly status: 'ready' | 'not ready'
  readonly dependencies: Readonly<Record<'database' | 'redis' | 'schema', string>>
}

const ALL_OK = { database: 'ok', redis: 'ok', schema: 'ok' }

export async function readiness({
  database,
  cache,
  has = () => false,
}: {
  database: Pool
  cache: Cache
  /** What the check does wrong. */
  has?: (fault: ReadyFault) => boolean
}): Promise<Readiness> {
  if (has('ready-lies')) return { status: 'ready', dependencies: ALL_OK }
  // Like a pool without a time limit: whoever asks waits until there is a connection.
  while (
    has('ready-blocks') &&
    database.idleCount === 0 &&
    database.totalCount >= (database.options.max ?? 0)
  ) {
    await delay(100)
  }
  const [fromDatabase, redis] = await Promise.all([askDatabase(database), askRedis(cache)])
  const dependencies = { ...fromDatabase, redis }
  const ready = Object.values(dependencies).every((word) => word === 'ok')
  return { status: ready ? 'ready' : 'not ready', dependencies }
}

async function askDatabase(database: Pool): Promise<{ database: string; schema: string }> {
  try {
    const { rows } = await database.query<{ revision: number }>('SELECT revision FROM schema_revision')
    const revision = rows[0]?.revision ?? 0
    const schema =
      revision === SCHEMA_REVISION ? 'ok' : `at revision ${revision}, ${SCHEMA_REVISION} is needed`
    return { database: 'ok', schema }
  } catch (error) {
    return { database: databaseTrouble(error), schema: 'not known while the database does not answer' }
  }
}

async function askRedis({ redis }: Cache): Promise<string> {
  try {
    await redis.ping()
    return 'ok'
  } catch (error) {
    return redis.status === 'ready' && error instanceof Error ? error.message : 'not connected'
  }
}
