/** Whether the service can do its work: its dependencies by name, each `ok` or what is the matter. */
import type { Pool } from 'pg'
import type { Cache } from './cache.ts'
import { databaseTrouble } from './database.ts'
import { SCHEMA_REVISION } from './settings.ts'

export interface Readiness {
  readonly status: 'ready' | 'not ready'
  readonly dependencies: Readonly<Record<'database' | 'redis' | 'schema', string>>
}

export async function readiness({ database, cache }: { database: Pool; cache: Cache }): Promise<Readiness> {
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
