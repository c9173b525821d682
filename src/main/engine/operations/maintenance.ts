/** What is wrong where nobody of ours comes into the database that operations lock in, told with what to write where. */
import type { PostgresOperating } from '../reach/postgres/operating.ts'
import { ReachError } from '../reach/reach.ts'
import { OperationFailed } from './kind.ts'

/** @returns `null`: it is something else */
export function maintenanceLack(
  error: unknown,
  { maintenance: database, user }: Pick<PostgresOperating, 'maintenance' | 'user'>,
  name: string,
): OperationFailed | null {
  if (!(error instanceof ReachError)) return null
  const { code } = error.failure
  const isLack = code === 'postgres-database-missing' || code === 'postgres-connect-denied'
  return isLack ? new OperationFailed('maintenance-closed', { database, user, name }) : null
}
