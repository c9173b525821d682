/** Says statements of a dump about a table that was made and has its place: with our rights, or, where reading what is in them may run something, with those of its owner. */
import { DatabaseError } from 'pg'
import { errorWords } from '../../../reach/failed.ts'
import { BackupError } from '../../backup-error.ts'
import { oneStatement } from '../../postgres/one-statement.ts'
import type { Table } from '../../postgres/snapshot.ts'
import type { Querying } from '../databases.ts'
import { asOwner } from './as-owner.ts'
import { type LiveTable, lookAtTables } from './live.ts'
import { inWords } from './names.ts'
import { bystanders } from './still.ts'

const SHOWN_CHARACTERS = 160
/** Locks that were not had end the attempt, and are nothing of what was said. */
const IN_THE_WAY: ReadonlySet<string> = new Set(['55P03', '40P01', '57014'])

/** Whether the server refused what was said. */
export function isRefused(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && !IN_THE_WAY.has(error.code ?? '')
}

/** @throws BackupError `table-not-made` */
export function say(client: Querying, table: Table, statement: string): Promise<unknown> {
  return inWordsOf(table, statement, () => client.query(oneStatement(statement)))
}

/**
 * @param schema one of ours
 * @param way a name that is free there
 * @param others the tables that are said something of afterwards, this one among them
 * @throws BackupError `table-not-made`; OperationFailed `restore-tables-changed` where one of the others is another by then
 */
export async function sayAsOwner(
  client: Querying,
  table: LiveTable,
  statement: string,
  {
    schema,
    way,
    others,
  }: { readonly schema: string; readonly way: string; readonly others: readonly Table[] },
): Promise<void> {
  const still = await bystanders(client, await lookAtTables(client, others), [])
  const said = { schema, reads: null, way, statement }
  await inWordsOf(table, statement, () => asOwner(client, table, said))
  await still(table)
}

async function inWordsOf<T>(table: Table, statement: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isRefused(error)) throw error
    throw new BackupError(
      'table-not-made',
      {
        ...{ table: inWords(table), words: errorWords(error.message) },
        statement: statement.replaceAll(/\s+/g, ' ').slice(0, SHOWN_CHARACTERS),
      },
      error,
    )
  }
}
