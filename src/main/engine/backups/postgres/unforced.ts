/**
 * Policies that hold for a table's owner, too (`FORCE ROW LEVEL SECURITY`), hide its rows from whoever has no more than the owner's rights. For as long as they
 * are counted that is lifted, in what is rolled back then: nothing of it is ever true for others, and it is gone with a console that is killed.
 */
import type { Client } from 'pg'
import { sqlName } from './quote.ts'
import type { Table } from './snapshot.ts'

/** @param isInTransaction whether one is open, which stays open */
export async function unforced<T>(
  client: Pick<Client, 'query'>,
  { schema, name }: Table,
  isInTransaction: boolean,
  work: () => Promise<T>,
): Promise<T> {
  const [begin, end] = isInTransaction
    ? ['SAVEPOINT unforced', 'ROLLBACK TO unforced; RELEASE unforced']
    : ['BEGIN', 'ROLLBACK']
  await client.query(begin)
  try {
    await client.query(`ALTER TABLE ONLY ${sqlName(schema)}.${sqlName(name)} NO FORCE ROW LEVEL SECURITY`)
    const done = await work()
    await client.query(end)
    return done
  } catch (error) {
    // Where the session broke, the server has rolled it back.
    await client.query(end).catch(() => {})
    throw error
  }
}
