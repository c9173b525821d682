import type { StepContext } from '../../../operations/kind.ts'
import type { PostgresConnection } from '../../../reach/postgres/connection.ts'
import { operatingOf } from '../operating.ts'
import { SEARCH_NOTHING } from './live.ts'

/** Works in the database that tables are restored into, as who operates, where names stand for what PostgreSQL itself calls so. */
export function inDatabase<T>(
  context: Pick<StepContext<unknown>, 'reach' | 'profile' | 'signal'>,
  database: string,
  work: (client: PostgresConnection['client'], connection: PostgresConnection) => Promise<T>,
): Promise<T> {
  return operatingOf(context).apart(context.signal, database, async (connection) => {
    await connection.client.query(SEARCH_NOTHING)
    return work(connection.client, connection)
  })
}
