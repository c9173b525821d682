/**
 * Gives a database what a backup has of it in the place of all that is in it, in one transaction: it is emptied, what `pg_restore` writes is said to it over our own
 * session, what it has is compared, and only then it is true for others. `pg_restore` itself, in one transaction, could neither drop what the backup does not know, nor
 * compare before the end, nor say afterwards whether its last word was heard.
 */
import { DatabaseError } from 'pg'
import type { PostgresConnection } from '../../reach/postgres/connection.ts'
import { BackupError } from '../backup-error.ts'
import type { Part } from '../manifest.ts'
import { isSaidOfSubscription } from '../postgres/archive.ts'
import { compareData } from '../postgres/compare.ts'
import { emptyingStatements } from '../postgres/emptying.ts'
import type { Tool } from '../postgres/tools.ts'
import { type Given, withRows } from '../staging/given.ts'
import { oneAtATime } from '../staging/stage.ts'
import { withListWithout } from './list-without.ts'
import type { Replaced, ReplaceJob } from './messages.ts'
import { partOf, restorerOf } from './part-of.ts'
import type { RestoreDependencies } from './restore.ts'
import { sayWritten } from './say-written.ts'
import { inSession } from './session.ts'

type Client = PostgresConnection['client']

const TRIES = 3
/** Lock not available, and a deadlock that was found. */
const IN_THE_WAY: ReadonlySet<string | undefined> = new Set(['55P03', '40P01'])

export async function replace(dependencies: RestoreDependencies, job: ReplaceJob): Promise<Replaced> {
  const { tools } = dependencies
  const { manifest, database } = job
  const part = partOf(manifest, database.from)
  const tool = await restorerOf(tools, manifest, part, 0)
  // What has to be staged is staged before anybody is held up.
  return withListWithout(dependencies, job, { tool, isLeft: isSaidOfSubscription }, (list) =>
    withRows(dependencies, manifest, part, oneAtATime(job), (given) =>
      inSession(dependencies, job, ({ client, version }) =>
        replaceIn(
          dependencies,
          { part, tool, given, args: ['--no-subscriptions', ...list] },
          { client, version },
        ),
      ),
    ),
  )
}

async function replaceIn(
  { ask, signal }: Pick<RestoreDependencies, 'ask' | 'signal'>,
  {
    part,
    given,
    ...how
  }: { readonly part: Part; readonly given: Given; readonly tool: Tool; readonly args: readonly string[] },
  { client, version }: Pick<PostgresConnection, 'client' | 'version'>,
): Promise<Replaced> {
  const transaction = await empty(client, (begun) => ask('reached', { what: 'begun', transaction: begun }))
  const { rows: made } = await client.query<{ oid: number }>(
    "SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = 'public'",
  )
  await ask('reached', { what: 'emptied', transaction, schema: Number(made[0]?.oid) })
  await sayWritten({ signal }, given, { ...how, isInTransaction: true }, { client, version })
  const { compared: _, ...besides } = await compareData(client, part, { signal, isInTransaction: true })
  const { rows } = await client.query<{ transaction: string }>('SELECT txid_current() AS transaction')
  // A dump that ended the transaction did so on purpose.
  if (rows[0]?.transaction !== transaction)
    throw new BackupError('restore-failed', { file: part.file, program: 'PostgreSQL', words: 'COMMIT' })
  signal.throwIfAborted()
  await client.query('COMMIT')
  return besides
}

/** @returns the number of the transaction, which is open then and has nothing in it but an empty database */
async function empty(client: Client, begun: (transaction: string) => Promise<unknown>): Promise<string> {
  for (let tries = 1; ; tries += 1) {
    await client.query('BEGIN')
    const { rows } = await client.query<{ transaction: string }>('SELECT txid_current() AS transaction')
    const transaction = rows[0]?.transaction ?? ''
    await begun(transaction)
    try {
      for (const statement of await emptyingStatements(client)) await client.query(statement)
      return transaction
    } catch (error) {
      if (tries >= TRIES || !(error instanceof DatabaseError) || !IN_THE_WAY.has(error.code)) throw error
      await client.query('ROLLBACK')
    }
  }
}
