/** Whether a database that was restored has the rows that were counted when it was dumped. */
import type { Client } from 'pg'
import { BackupError } from '../backup-error.ts'
import type { Part } from '../manifest.ts'
import { type Counted, countRows, type Table } from './snapshot.ts'
import { unforced } from './unforced.ts'

const THERE = `
  SELECT n.nspname AS schema, c.relname AS name, row_security_active(c.oid) AS hidden
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r'`

/**
 * Counts as whoever owns the tables, or has the rights of who does: policies leave nothing out.
 * @param terms whether a transaction is open, which stays open
 * @throws BackupError `counts-differ`
 */
export async function compareCounts(
  client: Pick<Client, 'query'>,
  { tables, database }: Pick<Part, 'tables' | 'database'>,
  { signal, isInTransaction = false }: { readonly signal: AbortSignal; readonly isInTransaction?: boolean },
): Promise<void> {
  const { rows: there } = await client.query<Table & { readonly hidden: boolean }>(THERE)
  const isOf =
    ({ schema, name }: Table) =>
    (one: Table) =>
      one.schema === schema && one.name === name
  const terms = { lockWaitMs: 0, signal }
  const hidden = new Set(there.filter((one) => one.hidden && tables.some(isOf(one))))
  const open = there.filter((one) => !hidden.has(one))
  const found: Counted[] = await countRows(
    { client },
    tables.filter((table) => open.some(isOf(table))),
    terms,
  )
  // One at a time: each is locked for as long as it is counted.
  for (const table of hidden)
    found.push(
      ...(await unforced(client, table, isInTransaction, () => countRows({ client }, [table], terms))),
    )
  const differing = tables.filter((table) => found.find(isOf(table))?.rows !== table.rows)
  const [first] = differing
  if (first === undefined) return
  throw new BackupError('counts-differ', {
    table: `${database ?? ''}: ${first.schema}.${first.name}`,
    expected: first.rows,
    found: found.find(isOf(first))?.rows ?? 0,
    more: differing.length - 1,
  })
}
