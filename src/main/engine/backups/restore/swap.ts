/**
 * Renames databases under each other, all or none: in one transaction, whose first rename holds a lock on the database that whoever connects
 * meanwhile waits for, while the sessions that are in it are ended from beside. So nobody has to be refused for longer than that takes, and
 * whatever is killed in the middle, the names are as they were or as they are to be.
 */
import { DatabaseError } from 'pg'
import { OperationFailed } from '../../operations/kind.ts'
import type { PostgresOperating } from '../../reach/postgres/operating.ts'
import { sqlName } from '../postgres/quote.ts'
import type { Querying } from './databases.ts'

export interface Rename {
  readonly oid: number
  readonly from: string
  readonly to: string
}

/** `object_in_use`: after five seconds somebody is in it still. */
const IN_USE = '55006'
const TRIES = 3
const END_EVERY_MS = 100
const NAMED = 5

/**
 * @param besides statements that belong to it
 * @throws OperationFailed `database-in-use` where sessions do not end
 */
export async function renameDatabases(
  operating: Pick<PostgresOperating, 'apart' | 'maintenance'>,
  signal: AbortSignal,
  renames: readonly Rename[],
  besides: readonly string[],
): Promise<void> {
  const oids = renames.map(({ oid }) => oid)
  const { maintenance } = operating
  await operating.apart(signal, maintenance, ({ client: beside }) =>
    operating.apart(signal, maintenance, async ({ client }) => {
      for (let tries = 1; ; tries += 1) {
        const ending = endSessions(beside, oids)
        try {
          await client.query('BEGIN')
          for (const { from, to } of renames)
            await client.query(`ALTER DATABASE ${sqlName(from)} RENAME TO ${sqlName(to)}`)
          for (const statement of besides) await client.query(statement)
          await client.query('COMMIT')
          return
        } catch (error) {
          await client.query('ROLLBACK').catch(() => {})
          if (!(error instanceof DatabaseError) || error.code !== IN_USE) throw error
          if (tries >= TRIES) throw await stillInUse(beside, oids, renames[0]?.from ?? '')
        } finally {
          await ending.stop()
        }
      }
    }),
  )
}

/**
 * Ends every session in these databases, and again those that come, until it is told to stop.
 * @param ours what sessions are called that stay
 */
export function endSessions(
  client: Querying,
  oids: readonly number[],
  ours: string | null = null,
): { stop(): Promise<void> } {
  let isStopped = false
  const done = (async () => {
    for (;;) {
      const { rows } = await client.query<{ pid: number }>(SESSIONS, [oids, ours])
      for (const { pid } of rows) {
        // One that may not be ended is told of when the rename fails.
        await client.query('SELECT pg_terminate_backend($1)', [pid]).catch(() => {})
      }
      if (isStopped) return
      await new Promise((resolve) => setTimeout(resolve, END_EVERY_MS))
      if (isStopped) return
    }
  })()
  // What breaks here breaks the rename, too, which tells of it.
  done.catch(() => {})
  return {
    async stop() {
      isStopped = true
      await done.catch(() => {})
    },
  }
}

const SESSIONS = `SELECT pid FROM pg_stat_activity WHERE datid = ANY ($1) AND pid <> pg_backend_pid() AND backend_type IS DISTINCT FROM 'autovacuum worker'
  AND application_name IS DISTINCT FROM $2`

async function stillInUse(
  client: Querying,
  oids: readonly number[],
  database: string,
): Promise<OperationFailed> {
  const { rows } = await client.query<{ who: string }>(
    `SELECT format('%s (PID %s, %s)', coalesce(nullif(application_name, ''), backend_type, '—'), pid, coalesce(usename, '—')) AS who
       FROM pg_stat_activity WHERE datid = ANY ($1) ORDER BY backend_start LIMIT ${NAMED}`,
    [oids],
  )
  return new OperationFailed('database-in-use', {
    database,
    sessions: rows.map(({ who }) => who).join(', ') || '—',
  })
}
