/** What is done with a dump that others made, in a session that has no rights: run, analysed, and compared with the rows that it brought. */
import { type Client, escapeLiteral } from 'pg'
import type { Manifest, Part } from '../manifest.ts'
import { compareCounts } from '../postgres/compare.ts'
import type { Table } from '../postgres/snapshot.ts'
import { runScript } from './run-script.ts'
import { type SqlDependencies, sqlOf } from './sql-of.ts'

/** As `psql` has them when it is given a dump; and nothing here has to outlive a crash of the server one by one. */
const SETTINGS = [
  // What our sessions set for themselves, and what the dump did.
  'RESET ALL',
  'SET default_transaction_read_only = off',
  // As it is taken apart here, until it says otherwise itself.
  'SET standard_conforming_strings = on',
  'SET statement_timeout = 0',
  'SET lock_timeout = 0',
  'SET idle_in_transaction_session_timeout = 0',
  'SET synchronous_commit = off',
  `SET client_min_messages = 'warning'`,
]

/**
 * All of it runs as the role of the session, the analysis and the counting, too: what the dump made (policies, functions of indexes) runs as whoever they are made by.
 * @param name what its session is called
 * @returns `refused`: how many grants and settings could not be had
 */
export async function restoreInto(
  client: Client,
  dependencies: SqlDependencies,
  foreign: NonNullable<Manifest['foreign']>,
  part: Part,
  plain: AsyncIterable<Buffer>,
  name: string,
): Promise<{ readonly refused: number }> {
  const { signal } = dependencies
  let refused = 0
  const set = async () => {
    for (const statement of SETTINGS) await client.query(statement)
    await client.query(`SET application_name = ${escapeLiteral(name.slice(0, 63))}`)
  }
  await set()
  const source = sqlOf(dependencies, foreign, plain, part.file)
  await runScript(client, source, { file: part.file, signal, onRefused: () => void refused++ })
  // What it left open would go with the session anyway.
  await client.query('ROLLBACK')
  await set()
  await client.query('ANALYZE')
  const { rows: whole } = await client.query<Table>(
    `SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'p'`,
  )
  // Rows that went in through a partitioned table are in its partitions.
  const tables = part.tables.filter(
    ({ schema, name }) => !whole.some((one) => one.schema === schema && one.name === name),
  )
  await compareCounts(client, { ...part, tables }, { signal })
  return { refused }
}
