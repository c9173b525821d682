/** What became of a transaction whose end nobody may have heard: the server tells by its number. */
import { z } from 'zod'
import type { Inspection } from '#shared/model/operation.ts'
import { OperationFailed } from '../../../operations/kind.ts'
import { endSessions } from '../../postgres/snapshot.ts'
import type { Querying } from '../databases.ts'
import { PausedPool } from '../pooler/pausing.ts'
import { Written } from '../written.ts'

const ENDS_WITHIN_MS = 30_000
const LOOK_EVERY_MS = 100

/** Kept before anything is done in either. */
export const Transactions = z.object({
  /** That which replaced what was there. */
  there: z.string(),
  /** That of the way back. */
  back: z.string().nullable(),
  at: z.number(),
  /** When people were let in to what was restored; `null`: it was cut off before that was kept. */
  since: z.number().nullable().default(null),
  /** The oids of the database, and of the `public` that was made in it: whoever replaces either since made what is there. */
  database: z.number().nullable().default(null),
  schema: z.number().nullable().default(null),
  /** The services that were ready before. */
  ready: z.array(z.string()),
  /** Pools that wait until what was there is locked, or waited when the console was killed. */
  paused: z.array(PausedPool).default([]),
  /** To what was restored, until others came. */
  written: Written.nullable().default(null),
})
export type Transactions = z.infer<typeof Transactions>

/** Whether what is in the database is what the transaction made of it, or what became of that. */
export async function isStillIts(
  client: Querying,
  { database, schema }: Pick<Transactions, 'database' | 'schema'>,
): Promise<boolean> {
  const { rows } = await client.query<{ database: number; schema: number | null }>(
    `SELECT d.oid AS database, n.oid AS schema FROM pg_database d LEFT JOIN pg_namespace n ON n.nspname = 'public'
      WHERE d.datname = current_database()`,
  )
  const [there] = rows
  return database !== null && schema !== null && there?.database === database && there.schema === schema
}

type Outcome = 'committed' | 'aborted' | 'unknown'

/** What the server says of it; `unknown`: it is too long ago. */
async function statusOf(client: Querying, transaction: string): Promise<Outcome | 'in progress'> {
  const { rows } = await client.query<{ status: string | null }>('SELECT txid_status($1::bigint) AS status', [
    transaction,
  ])
  const status = rows[0]?.status
  return status === 'committed' || status === 'aborted' || status === 'in progress' ? status : 'unknown'
}

/** Whether the database is what was restored; nothing is ended, and it may be under way still. */
export async function lookWhetherReplaced(
  client: Querying,
  { there, back }: Pick<Transactions, 'there' | 'back'>,
): Promise<Inspection | 'under-way'> {
  const forth = await statusOf(client, there)
  if (forth === 'in progress') return 'under-way'
  const returned = back === null ? 'aborted' : await statusOf(client, back)
  if (forth === 'unknown' || returned === 'unknown') return 'foreign'
  // A way back that did not get to its end begins anew.
  return forth === 'committed' && returned !== 'committed' ? 'done' : 'not-done'
}

/** Ends what is left of it, if it is under way still. @param session what it is called in `pg_stat_activity` */
async function outcomeOf(client: Querying, transaction: string, session: string): Promise<Outcome> {
  for (let waited = 0; ; waited += LOOK_EVERY_MS) {
    const status = await statusOf(client, transaction)
    if (status !== 'in progress') return status
    if (waited >= ENDS_WITHIN_MS) throw new OperationFailed('restore-in-place-runs', { session })
    await endSessions({ client: client as never }, session)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}

/** Whether the database is what was restored, as far as these two say. */
export async function whetherReplaced(
  client: Querying,
  { there, back }: Pick<Transactions, 'there' | 'back'>,
  session: string,
): Promise<Inspection> {
  const forth = await outcomeOf(client, there, session)
  const returned = back === null ? 'aborted' : await outcomeOf(client, back, session)
  if (forth === 'unknown' || returned === 'unknown') return 'foreign'
  return forth === 'committed' && returned === 'aborted' ? 'done' : 'not-done'
}
