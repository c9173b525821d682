/** Statements that belong into one transaction, each of which may be refused without the others. */
import { DatabaseError } from 'pg'
import type { Querying } from './databases.ts'

const VALUE = /( SET \S+ TO ).*$/s

/** @returns those that the server refused, without what would have been set: that may be a secret */
export async function eachOnItsOwn(client: Querying, statements: readonly string[]): Promise<string[]> {
  const refused: string[] = []
  for (const statement of statements) {
    await client.query('SAVEPOINT each')
    try {
      await client.query(statement)
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error
      await client.query('ROLLBACK TO each')
      refused.push(statement.replace(VALUE, '$1…'))
    }
  }
  return refused
}
