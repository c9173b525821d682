/** Whether a database that was restored has the rows that were counted when it was dumped. */
import type { Client } from 'pg'
import { BackupError } from '../backup-error.ts'
import type { Part } from '../manifest.ts'
import { countRows, type Table } from './snapshot.ts'

/** @throws BackupError `counts-differ` */
export async function compareCounts(
  client: Pick<Client, 'query'>,
  { tables, database }: Pick<Part, 'tables' | 'database'>,
  signal: AbortSignal,
): Promise<void> {
  const { rows: there } = await client.query<Table>(
    `SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r'`,
  )
  const isThere = ({ schema, name }: Table) => there.some((one) => one.schema === schema && one.name === name)
  const found = await countRows({ client }, tables.filter(isThere), { lockWaitMs: 0, signal })
  const differing = tables.filter(({ schema, name, rows }) => {
    const counted = found.find((one) => one.schema === schema && one.name === name)
    return counted?.rows !== rows
  })
  const [first] = differing
  if (first === undefined) return
  const counted = found.find(({ schema, name }) => schema === first.schema && name === first.name)
  throw new BackupError('counts-differ', {
    table: `${database ?? ''}: ${first.schema}.${first.name}`,
    expected: first.rows,
    found: counted?.rows ?? 0,
    more: differing.length - 1,
  })
}
