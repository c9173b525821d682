/** What the steps of a restore work with: who operates the deployment's PostgreSQL, and what its databases are called. */
import type { OperationText } from '#shared/model/operation.ts'
import type { Reason } from '#shared/model/reason.ts'
import { OperationFailed, type StepContext, type Subject } from '../../operations/kind.ts'
import { maintenanceLack } from '../../operations/maintenance.ts'
import type { PostgresConnection } from '../../reach/postgres/connection.ts'
import type { PostgresOperating } from '../../reach/postgres/operating.ts'
import type { Querying } from './databases.ts'
import { type Names, namesOf } from './names.ts'

export function operatingOf({
  reach,
  profile,
}: Pick<Subject<unknown>, 'reach' | 'profile'>): PostgresOperating {
  const { name } = profile
  const { postgres } = reach()
  if (postgres === null) throw new OperationFailed('no-postgres', { name })
  if (postgres.operating === null) throw new OperationFailed('restore-no-operate', { name })
  return postgres.operating
}

/** Works where databases are made, renamed and dropped from: in one that is nobody's own. */
export async function inMaintenance<T>(
  context: Pick<StepContext<unknown>, 'reach' | 'profile' | 'signal'>,
  work: (client: Querying, version: number, connection: PostgresConnection) => Promise<T>,
): Promise<T> {
  const operating = operatingOf(context)
  try {
    return await operating.apart(context.signal, operating.maintenance, (connection) =>
      work(connection.client, connection.version, connection),
    )
  } catch (error) {
    throw maintenanceLack(error, operating, context.profile.name) ?? error
  }
}

/** From the options alone: the way back must not need the backup. */
export function namesIn({
  options: { database = '', as = database },
  id,
}: Pick<
  StepContext<{ readonly database?: string | undefined; readonly as?: string | undefined }>,
  'options' | 'id'
>): Names {
  return namesOf(as, id)
}

/** A refusal of a preview, met when it was begun all the same. */
export function refusedFor({ code, params }: Reason): OperationFailed {
  return new OperationFailed(code as OperationText, params)
}
